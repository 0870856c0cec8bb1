"""MNIST's layout: cropped, centered by mass, recognized where it is already there."""

import numpy as np
import pytest

from digitus.imaging.patch.centering import center_of_mass, cropped, is_laid_out


def bar(row, col, *, rows=20, cols=4):
    ink = np.zeros((28, 28), np.float32)
    ink[row : row + rows, col : col + cols] = 1
    return ink


def test_the_center_of_mass_is_counted_from_the_first_pixels_middle():
    assert center_of_mass(bar(4, 12)) == (13.5, 13.5)


def test_fainter_ink_weighs_less():
    ink = bar(0, 0, rows=1, cols=2)
    ink[0, 1] = 0.25
    assert center_of_mass(ink) == (0, pytest.approx(0.2))


@pytest.mark.parametrize(
    ("row", "col", "laid_out"), [(4, 12, True), (4, 15, False), (7, 12, False)]
)
def test_only_a_centered_digit_is_laid_out(row, col, laid_out):
    assert is_laid_out(bar(row, col)) == laid_out


def test_digits_of_another_size_are_not_laid_out():
    assert not is_laid_out(bar(6, 12, rows=16))
    assert not is_laid_out(np.pad(bar(4, 12), 2))


def test_margins_are_cropped_up_to_the_least_ink():
    ink = bar(4, 12)
    ink[2, 2] = 0.2
    assert cropped(ink).shape == (22, 14)
    assert cropped(ink, least=0.3).shape == (20, 4)


@pytest.mark.parametrize("function", [center_of_mass, cropped])
def test_blank_ink_is_refused(function):
    with pytest.raises(ValueError, match="is_blank"):
        function(np.zeros((28, 28), np.float32))
