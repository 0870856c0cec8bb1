"""Sheets of ink that tests write on with the project's own pen; what stands where is known."""

from functools import cache

import cv2
import numpy as np
import pytest

from digitus.data.strokes import draw_digit, place
from digitus.imaging.strokes import render_strokes

PEN = 0.11  # of a digit's height


@cache
def drawn(digit, seed, height):
    """A digit's ink without margins, height rows high."""
    strokes = draw_digit(digit, np.random.default_rng(seed))
    side = height * 2
    strokes = place(strokes, size=height, left=height / 2, top=height / 2)
    ink = render_strokes(strokes, width=side, height=side, pen_px=PEN * height)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    width = max(3, round(ink.shape[1] * height / len(ink)))
    return cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)


class Sheet:
    """Ink (rows, cols) to write on."""

    def __init__(self, rows=600, cols=900, seed=0):
        self.ink = np.zeros((rows, cols), np.float32)
        self.rng = np.random.default_rng(seed)

    def digit(self, digit, left, top, height=40):
        """Write one digit; gives the column where it ends."""
        ink = drawn(digit, int(self.rng.integers(6)), height)
        top, left = round(top), round(left)
        window = self.ink[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(window, ink, out=window)
        return left + ink.shape[1]

    def line(self, text, left, top, height=40, *, gap=0.25, space=1.2, climb_deg=0.0):
        """Write digits and spaces; gaps and spaces are in heights. Gives the column of the end."""
        start, slope = left, np.tan(np.deg2rad(climb_deg))
        for letter in text:
            if letter == " ":
                left += (space - gap) * height
            else:
                end = self.digit(int(letter), left, top - slope * (left - start), height)
                left = end + gap * height
        return left

    def stroke(self, start, end, pen=3):
        """Draw a straight stroke between two points of column and row."""
        ends = [tuple(round(float(value)) for value in point) for point in (start, end)]
        cv2.line(self.ink, *ends, 1.0, pen)

    def grid(self, left, top, steps, pen=2, *, skew=0.0, borders=True):
        """Draw a grid; steps are the numbers of rows and columns, a cell's width and height."""
        rows, cols, width, height = steps

        def corner(row, col):
            x, y = col * width, row * height
            return left + x - skew * y, top + y + skew * x

        for row in range(rows + 1) if borders else range(1, rows):
            self.stroke(corner(row, 0), corner(row, cols), pen)
        for col in range(cols + 1) if borders else range(1, cols):
            self.stroke(corner(0, col), corner(rows, col), pen)
        return corner


@pytest.fixture(scope="session")
def new_sheet():
    """Makes sheets: ``new_sheet(rows=600, cols=900, seed=0)``."""
    return Sheet


@pytest.fixture
def sheet():
    """An empty sheet of 600 x 900 pixels."""
    return Sheet()
