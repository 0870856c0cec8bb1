"""Images that several tests look at."""

import numpy as np
import pytest

from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place


@pytest.fixture
def write():
    """Write a digit as ink (side, side): ``write(digit, seed, size, left, top)``."""

    def write_digit(digit, seed=0, *, size=100, left=40, top=40, side=260):
        strokes = draw_digit(digit, np.random.default_rng(seed))
        strokes = place(strokes, size=size, left=left, top=top)
        return render_strokes(strokes, width=side, height=side, pen_px=size / 9)

    return write_digit
