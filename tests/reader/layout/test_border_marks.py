"""What the border of a sheet leaves on a page, apart from its writing."""

import numpy as np
import pytest

from digitus.imaging.components import find_components
from digitus.reader.layout.border_marks import are_border_marks

HEIGHT_PX = 40
ROWS, COLS = 1000, 1400
WRITING = [(left, 100, 20, HEIGHT_PX) for left in (120, 150, 180)]


def border_marks(*boxes):
    """Return the border marks among strokes: left, top, width, height of each."""
    ink = np.zeros((ROWS, COLS), np.float32)
    for left, top, width, height in (*WRITING, *boxes):
        ink[top : top + height, left : left + width] = 1
    components = find_components(ink)
    left, top, right, bottom = components.boxes[are_border_marks(components, HEIGHT_PX)].T
    return list(
        zip(
            left.tolist(),
            top.tolist(),
            (right - left).tolist(),
            (bottom - top).tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize(
    "mark",
    [
        (0, 300, 8, 60),
        (12, 104, 9, 34),
        (COLS - 20, 500, 14, 44),
        (700, 3, 50, 10),
        (700, ROWS - 12, 50, 6),
    ],
    ids=["at the border", "beside a line", "right", "top", "bottom"],
)
def test_slender_marks_along_the_border_are_found(mark):
    assert border_marks(mark) == [mark]


@pytest.mark.parametrize(
    "one",
    [(45, 300, 6, 40), (300, 500, 6, 40)],
    ids=["farther from the border", "amid the page"],
)
def test_a_1_farther_inside_is_writing(one):
    assert border_marks(one) == []


def test_a_1_before_other_digits_at_the_border_is_writing():
    assert border_marks((10, 300, 6, 40), (40, 300, 20, 40)) == []


def test_a_digit_at_the_border_is_writing():
    assert border_marks((5, 300, 25, 40)) == []
