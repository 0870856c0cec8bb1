"""The paper: frames around it, its clean tone, its side."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.paper import has_dark_paper, inside_frame, tone_of_clean_paper


def digit_image(paper=0.9, pen=0.2, side=120, width=12):
    grey = np.full((side, side), paper, np.float32)
    cv2.circle(grey, (side // 2, side // 2), side // 4, pen, width)
    return grey


def test_without_a_frame_all_is_inside():
    assert inside_frame(digit_image()) == (slice(0, 120), slice(0, 120))


@pytest.mark.parametrize("width", [1, 5, 12])
def test_a_frame_of_one_tone_is_outside(width):
    framed = np.pad(digit_image(), width, constant_values=0.1)
    rows, cols = inside_frame(framed)
    assert width <= rows.start <= width + 2
    assert 120 + width - 2 <= cols.stop <= 120 + width


def test_two_nested_frames_are_outside():
    framed = np.pad(np.pad(digit_image(), 6, constant_values=0.1), 6, constant_values=0.6)
    assert inside_frame(framed)[0].start >= 12


def test_a_bar_along_one_side_is_not_a_frame():
    grey = digit_image()
    grey[:8] = 0.1
    assert inside_frame(grey)[0] == slice(0, 120)


@pytest.mark.parametrize(("paper", "pen"), [(1.0, 0.0), (0.0, 0.7)])
def test_clean_paper_has_its_tone(paper, pen):
    assert tone_of_clean_paper(digit_image(paper, pen)) == paper


def test_noise_at_the_border_and_ink_on_both_sides_are_not_clean():
    noisy, both = digit_image(), digit_image(0.5, 0.2)
    noisy[0, 0] = 0.89
    both[60, 60] = 0.9
    assert tone_of_clean_paper(noisy) is None
    assert tone_of_clean_paper(both) is None


def test_a_digit_may_touch_the_border_of_an_image_of_28_px():
    grey = np.ones((28, 28), np.float32)
    grey[10:14] = 0
    assert tone_of_clean_paper(grey) == 1


@pytest.mark.parametrize(("paper", "pen"), [(0.9, 0.2), (0.2, 0.9), (0.5, 0.3), (0.3, 0.5)])
@pytest.mark.parametrize("width", [4, 30])
def test_the_side_of_the_paper_is_found_for_thin_and_thick_digits(paper, pen, width):
    assert has_dark_paper(digit_image(paper, pen, width=width)) == (paper < pen)


def test_a_shadow_over_half_the_image_is_not_dark_paper():
    grey = digit_image()
    grey[:, 70:] *= 0.4
    assert not has_dark_paper(grey)
