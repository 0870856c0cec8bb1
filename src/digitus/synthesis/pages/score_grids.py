"""Grids such as score sheets: their lines, their cells and what is written in them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.strokes import render_strokes
from digitus.synthesis.lines.digit_strings import Box
from digitus.synthesis.pages.page_truth import TrueCell, TrueGrid, TrueNumber
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter
from digitus.synthesis.pen.smooth_curves import Points


@dataclass(frozen=True)
class GridParameters:
    """Parameters of grids. Set by hand. "SD" is a standard deviation.

    Attributes:
        blank_share: share of the cells that are blank.
        word_share: share of the cells that hold a word.
        struck_share: share of the cells of which the number is struck out.
        wobble: SD of a hand-drawn line's deviation, in heights of a digit.
        overshoot: SD of the length by which it is too long or too short, in heights of a digit.
        inset: distance between a cell's border and the writing, as a share of the cell's height.
        inset_factor: range of the factor on the inset of numbers.
        word_size: height of the letters' digits, as a share of the usual height.
    """

    blank_share: float = 0.15
    word_share: float = 0.05
    struck_share: float = 0.06
    wobble: float = 0.06
    overshoot: float = 0.15
    inset: float = 0.18
    inset_factor: tuple[float, float] = (0.6, 1.4)
    word_size: float = 0.8


PARAMETERS = GridParameters()


@dataclass(frozen=True)
class GridLines:
    """The lines of a grid.

    Attributes:
        xs: columns of the vertical lines, from left to right.
        ys: rows of the horizontal lines, from top to bottom.
        line_px: width of the lines.
        darkness: of their ink, 0.0 to 1.0.
        is_drawn: whether they are drawn by hand, with the pen that fills the grid.
    """

    xs: tuple[int, ...]
    ys: tuple[int, ...]
    line_px: float
    darkness: float = 0.8
    is_drawn: bool = False

    def cell(self, row: int, col: int) -> Box:
        """Return the box of a cell, from line to line."""
        left, top = self.xs[col], self.ys[row]
        return left, top, self.xs[col + 1] - left, self.ys[row + 1] - top


def random_grid(
    sheet: Sheet, height_px: float, rng: np.random.Generator, *, is_drawn: bool
) -> GridLines:
    """Return a random grid within a sheet's margins, with cells for digits of a height."""
    (rows, cols), (free_rows, free_cols) = sheet.ink.shape, sheet.margin_px
    pitch = round(height_px * rng.uniform(1.7, 2.3))
    widths = np.rint(height_px * rng.uniform(2.2, 3.6, 12)).astype(int)
    top, left = (free + round(height_px * rng.uniform(0.3, 1)) for free in (free_rows, free_cols))
    xs = left + np.append(0, widths.cumsum())
    xs = xs[xs < cols - free_cols - 0.2 * height_px][: int(rng.integers(4, 10))]
    ys = np.arange(top, rows - free_rows - 0.2 * height_px, pitch, dtype=int)
    ys = ys[: int(rng.integers(4, 15))]
    return GridLines(
        tuple(xs.tolist()),
        tuple(ys.tolist()),
        line_px=rng.uniform(0.035, 0.08) * height_px,
        darkness=rng.uniform(0.45, 1.0),
        is_drawn=is_drawn,
    )


def draw_grid_lines(
    sheet: Sheet, grid: GridLines, height_px: float, rng: np.random.Generator
) -> None:
    """Draw the lines of a grid on a sheet: printed, or by hand.

    Args:
        sheet: changed.
        grid: the lines.
        height_px: of a digit; hand-drawn lines deviate in proportion to it.
        rng: chooses the deviation of hand-drawn lines.
    """
    lines = [np.array([[x, grid.ys[0]], [x, grid.ys[-1]]], float) for x in grid.xs]
    lines += [np.array([[grid.xs[0], y], [grid.xs[-1], y]], float) for y in grid.ys]
    if grid.is_drawn:
        lines = [_by_hand(line, height_px, rng) for line in lines]
    strokes = [[(x + 0.5, y + 0.5) for x, y in line.tolist()] for line in lines]
    rows, cols = sheet.ink.shape
    ink = render_strokes(strokes, width=cols, height=rows, pen_px=max(1.0, grid.line_px))
    target = sheet.ink if grid.is_drawn else sheet.printed
    np.maximum(target, grid.darkness * ink, out=target)


def fill_grid(writer: SheetWriter, grid: GridLines) -> None:
    """Write into all cells of a grid; add the grid and its lines of numbers to the sheet."""
    rows = list[tuple[TrueCell, ...]]()
    for row in range(len(grid.ys) - 1):
        found = [fill_cell(writer, grid.cell(row, col)) for col in range(len(grid.xs) - 1)]
        rows.append(tuple(cell for cell, _ in found))
        writer.sheet.add_line(number for _, number in found if number is not None)
    writer.sheet.grids.append(TrueGrid(tuple(rows)))


def fill_cell(writer: SheetWriter, box: Box) -> tuple[TrueCell, TrueNumber | None]:
    """Write a number, a word, a number that is struck out, or nothing into a cell."""
    choice = writer.rng.random()
    if choice < PARAMETERS.blank_share:
        return TrueCell("", "blank", box), None
    if choice < PARAMETERS.blank_share + PARAMETERS.word_share:
        return _word_cell(writer, box), None
    text = str(writer.rng.integers(0, 10 ** writer.rng.integers(1, 4)))
    return number_cell(writer, box, text, is_struck=choice > 1 - PARAMETERS.struck_share)


def number_cell(
    writer: SheetWriter, box: Box, text: str, *, is_struck: bool = False
) -> tuple[TrueCell, TrueNumber | None]:
    """Write a number into a cell, at a random place of the free room.

    Args:
        writer: writes on the sheet.
        box: of the cell.
        text: the number.
        is_struck: whether to strike it out.

    Returns:
        The cell, and the number or None. The cell stays blank if there is no room for the number.
    """
    left, top, width, height = box
    inner = Sheet.blank(height, width)
    inset = round(PARAMETERS.inset * height * writer.rng.uniform(*PARAMETERS.inset_factor))
    within = SheetWriter(inner, writer.digit_writer, writer.style, writer.rng)
    number = within.number(text, inset, height - inset)
    if number is None:
        return TrueCell("", "blank", box), None
    shift = _shift(number, width, inset, writer.rng)
    if is_struck:
        _strike(inner, number, writer)
    writer.sheet.lay(np.asarray(np.roll(inner.ink, shift, axis=1)), left, top)
    if is_struck:
        return TrueCell("", "struck_out", box), None
    placed = number.moved(lambda b: (b[0] + left + shift, b[1] + top, b[2], b[3]))
    return TrueCell(number.text, "digit", box), placed


def _word_cell(writer: SheetWriter, box: Box) -> TrueCell:
    """Write a word into a cell; the cell stays blank if there is no room for it."""
    left, top, width, height = box
    inner = Sheet.blank(height, width)
    inset = round(PARAMETERS.inset * height)
    small = writer.digit_writer.resized(PARAMETERS.word_size * writer.digit_writer.height_px)
    within = SheetWriter(inner, small, writer.style, writer.rng)
    word = within.word(int(writer.rng.integers(2, 5)), inset, height - inset)
    if word is None:
        return TrueCell("", "blank", box)
    writer.sheet.lay(inner.ink, left, top)
    writer.sheet.words.append((word[0] + left, word[1] + top, word[2], word[3]))
    return TrueCell("", "word", box)


def _shift(number: TrueNumber, width: int, inset: int, rng: np.random.Generator) -> int:
    """Return by how many columns a number is moved within the free room of its cell."""
    room = width - inset - number.end
    return int(rng.integers(0, room, endpoint=True)) if room > 0 else 0


def _strike(sheet: Sheet, number: TrueNumber, writer: SheetWriter) -> None:
    """Strike out a number with one or two oblique lines or a zigzag."""
    left, top, width, height = number.box
    rng, zigzag = writer.rng, writer.rng.random() < 0.4
    turns = int(rng.integers(4, 8)) if zigzag else 2
    ends = np.linspace(-0.08, 1.08, turns) * width + left
    middle, reach = top + height / 2, height * rng.uniform(0.12, 0.4)
    rows = middle + reach * (-1) ** np.arange(turns) * rng.choice([-1, 1])
    strokes = [list(zip(ends.tolist(), rows.tolist(), strict=True))]
    if not zigzag and rng.random() < 0.6:
        strokes.append([(x, 2 * middle - y) for x, y in strokes[0]])
    rows_px, cols_px = sheet.ink.shape
    pen_px = writer.digit_writer.pen_px
    ink = render_strokes(strokes, width=cols_px, height=rows_px, pen_px=pen_px)
    np.maximum(sheet.ink, ink, out=sheet.ink)


def _by_hand(line: Points, height_px: float, rng: np.random.Generator) -> Points:
    """Return a line as drawn by hand: it wobbles, and is too long or too short."""
    along = line[1] - line[0]
    length = float(np.hypot(*along))
    count = max(3, round(length / (4 * height_px)))
    before, after = rng.normal(scale=PARAMETERS.overshoot * height_px, size=2) / length
    position = np.linspace(-before, 1 + after, count)[:, None]
    deviation = _smooth_steps(
        rng.normal(scale=PARAMETERS.wobble * height_px, size=count), 8 * count
    )
    fine = np.linspace(position[0, 0], position[-1, 0], 8 * count)[:, None]
    across = np.array([-along[1], along[0]]) / length
    bent: Points = line[0] + fine * along + deviation[:, None] * across
    return bent


def _smooth_steps(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    stretched = cv2.resize(values[None], (count, 1), interpolation=cv2.INTER_CUBIC)
    return np.asarray(stretched[0], np.float64)
