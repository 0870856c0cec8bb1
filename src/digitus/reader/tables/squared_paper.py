"""Squared paper told from grids: many small equal squares that nobody filled one by one."""

import numpy as np

from digitus.imaging import Ink
from digitus.imaging.components import digit_height_px, find_components
from digitus.reader.layout.boxes import Floats
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.line_removal import cut_out

FEWEST = 40  # squares
MANY = 150
OFF_MULTIPLE = 0.17  # of a square: lines that were not found leave gaps of several squares
OBLONG = 1.25
SMALL_SIDE = 1.6  # digit heights
OFTEN_CROSSED = 0.3  # of the digits
SELDOM_FILLED = 0.25  # of the squares
LEAST_HEIGHT = 0.5  # of the typical digit's, to count
OVERHANG = 0.15  # of a digit: one that leaves its square by more crosses the line


def is_squared_paper(ink: Ink, frame: GridFrame) -> bool:
    """Tell squared paper by its squares against the digits that are written on it.

    Args:
        ink: (rows, cols) of the page.
        frame: of lines that were found on it.
    """
    widths, heights = frame.steps_px
    side = side_of_squares_px(np.median(widths, axis=0), np.median(heights, axis=1))
    count = frame.box[2] * frame.box[3] / side**2 if side else 0
    if count < FEWEST:
        return False
    rest, moved, _ = cut_out(ink, frame)
    components = find_components(rest)
    digit = digit_height_px(components)
    if not digit:
        return count >= MANY
    boxes = components.boxes[components.heights_px >= LEAST_HEIGHT * digit]
    crossed, filled = _use_of_squares(boxes.astype(float), moved, side)
    unused = filled < SELDOM_FILLED * count
    small = side < SMALL_SIDE * digit
    return bool((small and (crossed > OFTEN_CROSSED or unused)) or (count >= MANY and unused))


def side_of_squares_px(widths: Floats, heights: Floats) -> float:
    """Find the square of which columns and rows are multiples; 0.0 if there is none.

    >>> side_of_squares_px(np.array([20.0, 61.0, 19.5]), np.array([20.0, 40.0]))
    20.0
    >>> side_of_squares_px(np.array([20.0, 33.0]), np.array([20.0, 40.0]))
    0.0
    """
    # The page's edge may cut the outermost squares.
    steps = np.concatenate([one[1:-1] if len(one) > 3 else one for one in (widths, heights)])
    side = float(np.median(steps[steps <= OBLONG * steps.min()]))
    multiples = steps / side
    square = (np.abs(multiples - np.rint(multiples)) <= OFF_MULTIPLE).all()
    return side if square else 0.0


def _use_of_squares(boxes: Floats, frame: GridFrame, side_px: float) -> tuple[float, int]:
    """Share of the boxes (n, 4) that lie in several squares, and the number of squares used."""
    if not len(boxes):
        return 0.0, 0
    left, top, right, bottom = boxes.T
    aside, below = OVERHANG * (right - left), OVERHANG * (bottom - top)
    first = _squares_at(left + aside, top + below, frame, side_px)
    last = _squares_at(right - aside, bottom - below, frame, side_px)
    middle = _squares_at((left + right) / 2, (top + bottom) / 2, frame, side_px)
    return float((first != last).any(axis=0).mean()), len(np.unique(middle, axis=1).T)


def _squares_at(cols: Floats, rows: Floats, frame: GridFrame, side_px: float) -> Floats:
    """Row and column of the squares around points (n,), counted from the first lines, (2, n)."""
    below = rows - frame.across.at(cols[None].repeat(len(frame.across), axis=0))[0]
    aside = cols - frame.down.at(rows[None].repeat(len(frame.down), axis=0))[0]
    return np.asarray(np.floor(np.stack([below, aside]) / side_px))
