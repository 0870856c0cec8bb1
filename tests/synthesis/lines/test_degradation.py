"""Degradation keeps what is written within the image, and adds what it says."""

from dataclasses import fields, replace

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import ROWS
from digitus.synthesis.lines import degradation
from digitus.synthesis.lines.degradation import PARAMETERS, degrade

COLS = 192


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_no_digit_at_either_end_is_cut_off(rng):
    written = np.zeros((30, COLS), np.float32)
    written[4:26, 2:5] = written[4:26, -5:-2] = 1
    for _ in range(60):
        image = degrade(written, rng)
        left, right = image[:, : COLS // 2].sum(), image[:, COLS // 2 :].sum()
        assert min(left, right) > 10


def test_a_line_higher_than_the_image_is_shrunk_into_it(rng):
    written = np.zeros((90, COLS), np.float32)
    written[:3, 80:110] = written[-3:, 80:110] = 1
    images = [degrade(written, rng) for _ in range(20)]
    assert np.mean([image[: ROWS // 2].sum() > 3 for image in images]) >= 0.8
    assert np.mean([image[ROWS // 2 :].sum() > 3 for image in images]) >= 0.8


def test_ink_below_the_faintest_is_removed(rng):
    written = np.full((20, COLS), 0.5, np.float32)
    for _ in range(20):
        image = degrade(written, rng)
        assert not ((image > 0) & (image < PARAMETERS.faintest)).any()


SHARES = [field.name for field in fields(PARAMETERS) if field.name.endswith("_share")]
OF_A_KIND = ("low_share", "broken_share", "broken_pattern_share")  # not of all lines


@pytest.fixture
def degraded(monkeypatch):
    """Degrade a bar with the given shares, all others 0; the same seed bends it the same way."""

    def call(seed, **shares):
        parameters = replace(PARAMETERS, **(dict.fromkeys(SHARES, 0.0) | shares))
        monkeypatch.setattr(degradation, "PARAMETERS", parameters)
        written = np.zeros((ROWS - 2, COLS), np.float32)
        written[:, 20:-20] = 0.5
        return degrade(written, np.random.default_rng(seed))

    return call


@pytest.mark.parametrize("share", [share for share in SHARES if share not in OF_A_KIND])
def test_each_share_changes_lines(share, degraded):
    assert any(
        not np.array_equal(degraded(seed), degraded(seed, **{share: 1.0})) for seed in (1, 2)
    )


def test_most_lines_have_no_remains_of_papers():
    first = SHARES.index("squares_share")
    shares = [getattr(PARAMETERS, share) for share in SHARES[first:] if share not in OF_A_KIND]
    assert len(shares) == 11
    assert np.prod(1 - np.array(shares)) > 0.6


@pytest.mark.parametrize("share", ["ruled_line_share", "table_line_share", "specks_share"])
def test_additions_only_darken(share, degraded):
    darker = 0
    for seed in range(10):
        before, after = degraded(seed), degraded(seed, **{share: 1.0})
        assert (after >= before).all()
        darker += (after > before).any()
    assert darker > 5


def test_faded_rows_span_the_whole_width(degraded):
    faded_rows = 0
    for seed in range(10):
        before, after = degraded(seed), degraded(seed, gap_share=1.0)
        faded = (after < before).any(axis=1)
        assert faded.sum() <= 3
        assert (after[faded] < before[faded])[before[faded] > 0].all()
        faded_rows += faded.sum()
    assert faded_rows >= 10
