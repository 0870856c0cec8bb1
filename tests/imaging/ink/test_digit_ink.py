"""The ink of a digit: the same for every paper, pen and polarity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.imaging.ink.digit_ink import digit_ink, is_blank


def extract_ink(grey):
    return digit_ink(grey).ink


def noise(seed, spread, shape=(120, 160)):
    return spread * np.random.default_rng(seed).standard_normal(shape)


def on_paper(ink, *, paper, pen):
    return (paper + ink * (pen - paper)).astype(np.float32)


@pytest.mark.parametrize(("paper", "pen"), [(1.0, 0.0), (0.0, 1.0), (0.9, 0.3), (0.2, 0.7)])
def test_ink_comes_back_from_any_paper_and_pen(write, paper, pen):
    ink = write(5)
    found = extract_ink(on_paper(ink, paper=paper, pen=pen))
    assert np.abs(found - ink).max() <= 0.11  # the faintest brim is cut


def test_ink_is_float32_between_0_and_1(write):
    ink = extract_ink(on_paper(write(3), paper=0.8, pen=0.3))
    assert ink.dtype == np.float32
    assert (ink.min(), ink.max()) == (0, 1)


def test_grey_edges_are_kept(write):
    ink = extract_ink(on_paper(write(3), paper=1.0, pen=0.0))
    assert ((ink > 0.2) & (ink < 0.8)).sum() > 100


@pytest.mark.parametrize(("paper", "pen"), [(1.0, 0.0), (0.0, 1.0), (0.9, 0.3), (0.2, 0.7)])
def test_dark_paper_is_reported(write, paper, pen):
    assert digit_ink(on_paper(write(5), paper=paper, pen=pen)).dark_paper == (paper < pen)


@pytest.mark.parametrize("digit", range(10))
def test_an_inverted_page_gives_the_same_ink(write, digit):
    page = on_paper(write(digit), paper=0.9, pen=0.2)
    np.testing.assert_allclose(extract_ink(1 - page), extract_ink(page), atol=1e-5)


def test_a_digit_that_fills_its_image_is_still_ink(write):
    ink = write(8, size=60, left=2, top=2, side=64)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tight = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    found = extract_ink(on_paper(tight, paper=1.0, pen=0.0))
    assert np.abs(found - tight).max() <= 0.11


@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
def test_an_even_page_is_blank(level):
    assert is_blank(extract_ink(np.full((40, 30), level, np.float32)))


@given(
    st.integers(0, 10_000), st.sampled_from([0.005, 0.02, 0.05, 0.1]), st.sampled_from([0.4, 0.6])
)
def test_a_page_of_bare_noise_is_blank(seed, spread, paper):
    page = (paper + noise(seed, spread)).clip(0, 1).astype(np.float32)
    assert is_blank(extract_ink(page))


def test_noise_leaves_no_specks_on_the_paper(write):
    ink = write(2)
    page = on_paper(ink, paper=0.8, pen=0.2) + noise(1, 0.05, ink.shape)
    found = extract_ink(page.clip(0, 1).astype(np.float32))
    far = np.ones_like(ink, bool)
    far[30:150, 30:150] = False
    assert is_blank(found[far][None])


def test_a_written_page_is_not_blank(write):
    assert not is_blank(write(1))


def test_the_faint_edges_of_a_thin_stroke_stay_on_clean_paper():
    grey = np.ones((60, 60), np.float32)
    grey[15:45, 30] = 0.5
    grey[15:45, 31] = 0.97
    ink = digit_ink(grey).ink
    assert ink[15:45, 31].min() > 0
