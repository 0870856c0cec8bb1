"""Grids to be filled in, such as score sheets: lines, cells, and what is written in them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.strokes import render_strokes
from digitus.synthesis.lines.digit_strings import Box
from digitus.synthesis.pages.page_truth import TrueCell, TrueGrid, TrueNumber
from digitus.synthesis.pages.sheet_writer import Scribe, Sheet
from digitus.synthesis.pen.smooth_curves import Points

BLANK_SHARE, STRUCK_SHARE, WORD_SHARE = 0.15, 0.06, 0.05
WOBBLE = 0.06  # how far a hand-drawn line strays, in heights of a digit
OVERSHOOT = 0.15  # how far it starts or ends beyond its place, in heights of a digit
INSET = 0.18  # of the cell's height, between its line and what is written


@dataclass(frozen=True)
class Frame:
    """Where the lines of a grid are.

    Attributes:
        xs: columns of the upright lines, from left to right.
        ys: rows of the level lines, from top to bottom.
        line_px: their width.
        darkness: of their ink, 0.0 to 1.0.
        is_drawn: whether a hand drew them, with the pen that fills the grid.
    """

    xs: tuple[int, ...]
    ys: tuple[int, ...]
    line_px: float
    darkness: float = 0.8
    is_drawn: bool = False

    def cell(self, row: int, col: int) -> Box:
        """The box of a cell, from line to line."""
        left, top = self.xs[col], self.ys[row]
        return left, top, self.xs[col + 1] - left, self.ys[row + 1] - top


def random_frame(
    sheet: Sheet, height_px: float, rng: np.random.Generator, *, is_drawn: bool
) -> Frame:
    """Lay a grid onto a sheet whose cells have room for digits of a height."""
    (rows, cols), (free_rows, free_cols) = sheet.ink.shape, sheet.margin_px
    pitch = round(height_px * rng.uniform(1.7, 2.3))
    widths = np.rint(height_px * rng.uniform(2.2, 3.6, 12)).astype(int)
    top, left = (free + round(height_px * rng.uniform(0.3, 1)) for free in (free_rows, free_cols))
    xs = left + np.append(0, widths.cumsum())
    xs = xs[xs < cols - free_cols - 0.2 * height_px][: int(rng.integers(4, 10))]
    ys = np.arange(top, rows - free_rows - 0.2 * height_px, pitch, dtype=int)
    ys = ys[: int(rng.integers(4, 15))]
    return Frame(
        tuple(xs.tolist()),
        tuple(ys.tolist()),
        line_px=rng.uniform(0.035, 0.08) * height_px,
        darkness=rng.uniform(0.45, 1.0),
        is_drawn=is_drawn,
    )


def draw_frame(sheet: Sheet, frame: Frame, height_px: float, rng: np.random.Generator) -> None:
    """Draw the lines of a grid: as print, or by hand."""
    lines = [np.array([[x, frame.ys[0]], [x, frame.ys[-1]]], float) for x in frame.xs]
    lines += [np.array([[frame.xs[0], y], [frame.xs[-1], y]], float) for y in frame.ys]
    if frame.is_drawn:
        lines = [_by_hand(line, height_px, rng) for line in lines]
    strokes = [[(x + 0.5, y + 0.5) for x, y in line.tolist()] for line in lines]
    rows, cols = sheet.ink.shape
    ink = render_strokes(strokes, width=cols, height=rows, pen_px=max(1.0, frame.line_px))
    target = sheet.ink if frame.is_drawn else sheet.printed
    np.maximum(target, frame.darkness * ink, out=target)


def fill_grid(scribe: Scribe, frame: Frame) -> None:
    """Write into the cells of a grid, and add it and its lines of numbers."""
    rows = list[tuple[TrueCell, ...]]()
    for row in range(len(frame.ys) - 1):
        found = [fill_cell(scribe, frame.cell(row, col)) for col in range(len(frame.xs) - 1)]
        rows.append(tuple(cell for cell, _ in found))
        scribe.sheet.add_line(number for _, number in found if number is not None)
    scribe.sheet.grids.append(TrueGrid(tuple(rows)))


def fill_cell(scribe: Scribe, box: Box) -> tuple[TrueCell, TrueNumber | None]:
    """Write a number into a cell, or nothing, or a word, or a number that is struck out."""
    lot = scribe.rng.random()
    if lot < BLANK_SHARE:
        return TrueCell("", "blank", box), None
    if lot < BLANK_SHARE + WORD_SHARE:
        return _word_cell(scribe, box), None
    text = str(scribe.rng.integers(0, 10 ** scribe.rng.integers(1, 4)))
    return number_cell(scribe, box, text, is_struck=lot > 1 - STRUCK_SHARE)


def number_cell(
    scribe: Scribe, box: Box, text: str, *, is_struck: bool = False
) -> tuple[TrueCell, TrueNumber | None]:
    """Write a number into a cell; the cell stays blank if there is no room for it."""
    left, top, width, height = box
    inner = Sheet.blank(height, width)
    inset = round(INSET * height * scribe.rng.uniform(0.6, 1.4))
    within = Scribe(inner, scribe.writer, scribe.style, scribe.rng)
    number = within.number(text, inset, height - inset)
    if number is None:
        return TrueCell("", "blank", box), None
    shift = _shift(number, width, inset, scribe.rng)
    if is_struck:
        _strike(inner, number, scribe)
    scribe.sheet.lay(np.asarray(np.roll(inner.ink, shift, axis=1)), left, top)
    if is_struck:
        return TrueCell("", "struck_out", box), None
    placed = number.moved(lambda b: (b[0] + left + shift, b[1] + top, b[2], b[3]))
    return TrueCell(number.text, "digit", box), placed


def _word_cell(scribe: Scribe, box: Box) -> TrueCell:
    left, top, width, height = box
    inner = Sheet.blank(height, width)
    inset = round(INSET * height)
    small = scribe.writer.resized(0.8 * scribe.writer.height_px)
    within = Scribe(inner, small, scribe.style, scribe.rng)
    word = within.word(int(scribe.rng.integers(2, 5)), inset, height - inset)
    if word is None:
        return TrueCell("", "blank", box)
    scribe.sheet.lay(inner.ink, left, top)
    scribe.sheet.words.append((word[0] + left, word[1] + top, word[2], word[3]))
    return TrueCell("", "not_a_digit", box)


def _shift(number: TrueNumber, width: int, inset: int, rng: np.random.Generator) -> int:
    """Choose where in the free room of a cell a number stands."""
    room = width - inset - number.end
    return int(rng.integers(0, room, endpoint=True)) if room > 0 else 0


def _strike(sheet: Sheet, number: TrueNumber, scribe: Scribe) -> None:
    """Strike a number out: one or two slanting lines, or a zigzag, through all of it."""
    left, top, width, height = number.box
    rng, zigzag = scribe.rng, scribe.rng.random() < 0.4
    turns = int(rng.integers(4, 8)) if zigzag else 2
    ends = np.linspace(-0.08, 1.08, turns) * width + left
    middle, reach = top + height / 2, height * rng.uniform(0.12, 0.4)
    rows = middle + reach * (-1) ** np.arange(turns) * rng.choice([-1, 1])
    strokes = [list(zip(ends.tolist(), rows.tolist(), strict=True))]
    if not zigzag and rng.random() < 0.6:
        strokes.append([(x, 2 * middle - y) for x, y in strokes[0]])
    rows_px, cols_px = sheet.ink.shape
    pen_px = scribe.writer.pen_px
    ink = render_strokes(strokes, width=cols_px, height=rows_px, pen_px=pen_px)
    np.maximum(sheet.ink, ink, out=sheet.ink)


def _by_hand(line: Points, height_px: float, rng: np.random.Generator) -> Points:
    """Let a hand draw a line: it strays a little, and does not end where it should."""
    along = line[1] - line[0]
    length = float(np.hypot(*along))
    count = max(3, round(length / (4 * height_px)))
    before, after = rng.normal(scale=OVERSHOOT * height_px, size=2) / length
    way = np.linspace(-before, 1 + after, count)[:, None]
    stray = _smooth_steps(rng.normal(scale=WOBBLE * height_px, size=count), 8 * count)
    fine = np.linspace(way[0, 0], way[-1, 0], 8 * count)[:, None]
    across = np.array([-along[1], along[0]]) / length
    bent: Points = line[0] + fine * along + stray[:, None] * across
    return bent


def _smooth_steps(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    stretched = cv2.resize(values[None], (count, 1), interpolation=cv2.INTER_CUBIC)
    return np.asarray(stretched[0], np.float64)
