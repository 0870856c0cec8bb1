"""Whether a grid is squared paper: many small equal squares that digits ignore."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.components import digit_height_px, find_components
from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.reader.layout.boxes import Floats
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.grid_removal import cut_out


@dataclass(frozen=True)
class SquaredPaperParameters:
    """Parameters of ``is_squared_paper``.

    Set by hand: a form has fewer and larger cells than squared paper, and most are used. Of
    millimeter paper only every tenth line may be dark enough, so its squares are few and large; but
    they run off the page on all sides, where a table ends before, and digits cross their lines.

    Attributes:
        fewest: number of squares from which lines may be squared paper.
        many: number of squares from which they are, if hardly any is used.
        off_multiple: greatest deviation of a gap from a multiple of the square's side, in sides;
            lines that were not found leave gaps of several squares.
        oblong: largest step, as a multiple of the smallest, that counts as one square.
        small_side: side of a square, in digit heights, below which digits cross its lines.
        often_crossed: share of the digits that cross a line, from which digits ignore the lines.
        seldom_filled: share of the squares below which they count as unused.
        least_height: height from which a component counts, in typical digit heights.
        overhang: share of a digit's side from which it crosses the line that it reaches over.
        fewest_cut_off: number of squares that run off the page from which lines may be squared
            paper.
        border: distance from the border of the page, in sides of a square, within which a line
            runs off it.
        crossed_cut_off: share of the digits that cross the lines of such squares; in the cells of
            a table few do.
    """

    fewest: int = 40
    many: int = 150
    off_multiple: float = 0.17
    oblong: float = 1.25
    small_side: float = 1.6
    often_crossed: float = 0.3
    seldom_filled: float = 0.25
    least_height: float = 0.5
    overhang: float = 0.15
    fewest_cut_off: int = 4
    border: float = 0.25
    crossed_cut_off: float = 0.12


SQUARED_PAPER = SquaredPaperParameters()


def is_squared_paper(ink: Ink, frame: GridFrame) -> bool:
    """Return whether lines are those of squared paper: by their squares and the digits on them.

    Args:
        ink: (rows, cols) of the page.
        frame: the lines that were found on it.
    """
    widths, heights = frame.steps_px
    side = side_of_squares_px(np.median(widths, axis=0), np.median(heights, axis=1))
    count = frame.box[2] * frame.box[3] / side**2 if side else 0
    is_cut_off = bool(side) and _runs_off(frame, ink.shape, SQUARED_PAPER.border * side)
    if count < (SQUARED_PAPER.fewest_cut_off if is_cut_off else SQUARED_PAPER.fewest):
        return False
    grid = cut_out(ink, frame)
    components = find_components(grid.ink)
    digit = digit_height_px(components)
    if not digit:
        return count >= SQUARED_PAPER.many
    boxes = components.boxes[components.heights_px >= SQUARED_PAPER.least_height * digit]
    crossed, filled = _use_of_squares(boxes.astype(float), grid.frame, side, SQUARED_PAPER.overhang)
    if is_cut_off and crossed > SQUARED_PAPER.crossed_cut_off:
        return True
    if count < SQUARED_PAPER.fewest:
        return False
    unused = filled < SQUARED_PAPER.seldom_filled * count
    small = side < SQUARED_PAPER.small_side * digit
    beside_squares = small and (crossed > SQUARED_PAPER.often_crossed or unused)
    return bool(beside_squares or (count >= SQUARED_PAPER.many and unused))


def _runs_off(frame: GridFrame, shape: tuple[int, ...], border_px: float) -> bool:
    """Return whether most lines of both directions run from border to border of the page."""

    def share(lines: RuledLines, side_px: int) -> float:
        off = (lines.starts <= border_px) & (lines.ends >= side_px - border_px)
        return float(off.mean())

    return share(frame.across, shape[1]) > 0.5 and share(frame.down, shape[0]) > 0.5


def side_of_squares_px(widths: Floats, heights: Floats) -> float:
    """Return the side of the square that columns and rows are multiples of; 0.0 without one.

    >>> side_of_squares_px(np.array([20.0, 61.0, 19.5]), np.array([20.0, 40.0]))
    20.0
    >>> side_of_squares_px(np.array([20.0, 33.0]), np.array([20.0, 40.0]))
    0.0
    """
    # The page's edge may cut the outermost squares.
    steps = np.concatenate([one[1:-1] if len(one) > 3 else one for one in (widths, heights)])
    side = float(np.median(steps[steps <= SQUARED_PAPER.oblong * steps.min()]))
    multiples = steps / side
    square = (np.abs(multiples - np.rint(multiples)) <= SQUARED_PAPER.off_multiple).all()
    return side if square else 0.0


def _use_of_squares(
    boxes: Floats, frame: GridFrame, side_px: float, overhang: float
) -> tuple[float, int]:
    """Return the share of boxes (n, 4) in several squares, and the number of squares used."""
    if not len(boxes):
        return 0.0, 0
    left, top, right, bottom = boxes.T
    aside, below = overhang * (right - left), overhang * (bottom - top)
    first = _squares_at(left + aside, top + below, frame, side_px)
    last = _squares_at(right - aside, bottom - below, frame, side_px)
    middle = _squares_at((left + right) / 2, (top + bottom) / 2, frame, side_px)
    return float((first != last).any(axis=0).mean()), len(np.unique(middle, axis=1).T)


def _squares_at(cols: Floats, rows: Floats, frame: GridFrame, side_px: float) -> Floats:
    """Return row and column of the squares around points (n,), from the first lines, (2, n)."""
    below = rows - frame.across.at(cols[None].repeat(len(frame.across), axis=0))[0]
    aside = cols - frame.down.at(rows[None].repeat(len(frame.down), axis=0))[0]
    return np.asarray(np.floor(np.stack([below, aside]) / side_px))
