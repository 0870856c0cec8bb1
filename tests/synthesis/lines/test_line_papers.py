"""What papers and cameras leave on a line image."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitus.models.sequence.line_image_format import ROWS
from digitus.synthesis.lines import line_papers
from digitus.synthesis.lines.line_papers import PARAMETERS

COLS = 256
ADDITIONS = [
    line_papers.add_squares,
    line_papers.add_dots,
    line_papers.add_hatching,
    line_papers.add_border,
    line_papers.add_neighbors,
    line_papers.cross_strokes,
]
CHANGES = [
    *ADDITIONS,
    line_papers.cut_strokes,
    line_papers.fade,
    line_papers.blur,
    line_papers.copy_through_carbon,
    line_papers.compress,
]


def bars():
    """Upright strokes, as of 1s, in the middle of the line."""
    image = np.zeros((ROWS, COLS), np.float32)
    for col in range(60, 200, 20):
        image[5:27, col : col + 3] = 1
    return image


def changed(change, seed, image=None):
    image = bars() if image is None else image.copy()
    change(image, np.random.default_rng(seed))
    return image


def pitches(profile):
    """Return the distances of the peaks of a profile."""
    peaks = np.flatnonzero(
        (profile[1:-1] > profile[:-2]) & (profile[1:-1] >= profile[2:]) & (profile[1:-1] > 0.05)
    )
    return np.diff(peaks)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_stays_between_paper_and_full_ink(change):
    for seed in range(20):
        image = changed(change, seed)
        assert image.dtype == np.float32
        assert image.min() >= 0
        assert image.max() <= 1


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_seed_changes_alike_and_another_does_not(change):
    assert np.array_equal(changed(change, 1), changed(change, 1))
    assert any(not np.array_equal(changed(change, 1), changed(change, seed)) for seed in (2, 3))


@pytest.mark.parametrize("change", CHANGES)
def test_most_of_each_stroke_is_left(change):
    strokes = bars() == 1
    for seed in range(20):
        for col in range(60, 200, 20):
            stroke = changed(change, seed)[:, col : col + 3][strokes[:, col : col + 3]]
            assert (stroke > 0.1).mean() > 0.5


@pytest.mark.parametrize("change", ADDITIONS)
def test_an_addition_only_darkens(change):
    darker = 0
    for seed in range(10):
        image = changed(change, seed)
        assert (image >= bars()).all()
        darker += (image > bars()).any()
    assert darker >= 7


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_without_ink_is_no_error(change):
    changed(change, 0, np.zeros((ROWS, COLS), np.float32))


@pytest.mark.parametrize("change", [line_papers.add_squares, line_papers.add_dots])
def test_squares_and_dots_have_a_regular_pitch(change, monkeypatch):
    monkeypatch.setattr(
        line_papers,
        "PARAMETERS",
        replace(PARAMETERS, tilt_deg=0.0, broken_from=(9.0, 9.0), upright_share=1.0),
    )
    for seed in range(10):
        found = pitches(changed(change, seed, np.zeros((ROWS, 400), np.float32)).max(axis=0))
        assert len(found) >= 10
        assert np.ptp(found) <= 1
        low, high = PARAMETERS.square_px
        assert low - 1 <= np.mean(found) <= high + 1


def test_hatching_is_oblique(monkeypatch):
    monkeypatch.setattr(line_papers, "PARAMETERS", replace(PARAMETERS, broken_from=(9.0, 9.0)))
    for seed in range(10):
        image = changed(line_papers.add_hatching, seed, np.zeros((ROWS, COLS), np.float32))
        inked = image > 0
        assert inked.any(axis=0).mean() > 0.8
        assert inked.any(axis=1).all()
        assert not inked.all(axis=0).any()


def test_a_security_pattern_breaks_strokes(monkeypatch):
    monkeypatch.setattr(line_papers, "PARAMETERS", replace(PARAMETERS, cut_depth=(0.95, 0.95)))
    broken = 0
    for seed in range(20):
        cut = (changed(line_papers.cut_strokes, seed) > 0.4).astype(np.uint8)
        broken += cv2.connectedComponents(cut)[0] > 1 + 7
    assert broken >= 10


def test_a_border_spans_the_height_beside_the_ink():
    ends = set()
    for seed in range(30):
        added = changed(line_papers.add_border, seed) > bars()
        if not added.any():
            continue
        cols = np.flatnonzero(added.any(axis=0))
        assert added.any(axis=1).all()
        assert cols[-1] < 60 or cols[0] > 182
        ends.add(bool(cols[0] > 182))
    assert ends == {True, False}


def test_neighbors_reach_in_from_one_side_only():
    sides = set()
    for seed in range(30):
        rows = np.flatnonzero((changed(line_papers.add_neighbors, seed) > bars()).any(axis=1))
        if len(rows):
            assert rows[-1] < PARAMETERS.reach_rows[1] or rows[0] > ROWS - PARAMETERS.reach_rows[1]
            sides.add(bool(rows[0] > ROWS / 2))
    assert sides == {True, False}


def test_a_crossing_line_runs_from_end_to_end():
    for seed in range(10):
        crossed = changed(line_papers.cross_strokes, seed)
        assert (crossed > 0.05).any(axis=0).all()


def test_a_fading_pen_leaves_every_stroke():
    for seed in range(10):
        image = changed(line_papers.fade, seed)
        assert image[bars() == 1].min() >= PARAMETERS.fading[0] - 1e-6
        assert image[bars() == 1].min() < 0.95


def test_a_carbon_copy_has_wider_and_paler_strokes():
    wider = 0
    for seed in range(10):
        image = changed(line_papers.copy_through_carbon, seed)
        assert image.max() <= PARAMETERS.copy_contrast[1]
        wider += (image > 0.15).sum() > 1.3 * (bars() > 0).sum()
    assert wider >= 8


def test_a_file_of_low_quality_shows_blocks_around_strokes():
    image = changed(line_papers.compress, 0)
    paper = cv2.dilate(bars(), np.ones((3, 3))) == 0
    far = cv2.dilate(bars(), np.ones((35, 35))) == 0
    assert np.abs(image[paper]).max() > 0.01
    assert np.abs(image[far]).max() < 0.01
