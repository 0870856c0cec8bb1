"""Pages of each kind of paper, pen, size, position, table and light, with whole numbers on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.synthesis.lines.digit_strings import Box
from digitus.synthesis.lines.printed_words import random_word
from digitus.synthesis.negatives.textures import texture
from digitus.synthesis.pages.page_truth import PageTruth, TrueCell, TrueGrid, TrueNumber
from digitus.synthesis.pages.score_grids import GridLines, draw_grid_lines, number_cell
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, random_style
from digitus.synthesis.papers.camera import Camera, photograph, random_camera
from digitus.synthesis.papers.handling import copy_through_carbon, draw_folds
from digitus.synthesis.papers.papers import (
    PENS,
    PRINT,
    InkColor,
    RgbImage,
    cover,
    draw_guilloche,
    draw_ruled_lines,
    plain_paper,
)
from digitus.synthesis.papers.patterns import draw_dots, draw_graph, draw_security
from drawn.script import FONTS, Script, printed

Rng: TypeAlias = np.random.Generator
Image: TypeAlias = NDArray[np.uint8]

SHAPE = (720, 960)
HEIGHT_PX = (32.0, 42.0)  # of a digit
LINES, PER_LINE = (4, 6), (2, 4)  # inclusive
BALLPOINT, FELT_PEN = 0.055, 0.17  # width of the pen, in heights of a digit
CHALK = InkColor((0.93, 0.93, 0.9), 0.9, 0.5)
BOARDS = ((0.12, 0.2, 0.16), (0.13, 0.13, 0.14))
GRID = (5, 5)  # rows and columns of a table


@dataclass(frozen=True, eq=False)
class KindPage:
    """An image (rows, cols, 3) uint8 and what is written on it.

    Attributes:
        image: of the page.
        texts: the numbers in reading order.
        truth: with grids, if the cells of a table are to be compared; else None.
    """

    image: Image
    texts: tuple[str, ...] = ()
    truth: PageTruth | None = None


@dataclass(frozen=True)
class Kind:
    """What is special about a page; the defaults are a scan of lines on white paper.

    Attributes:
        content: writes on the sheet.
        paper: "plain", or a pattern of ``_patterned``.
        pen: a name in ``PENS``; None chooses black or blue.
        pen_width: in heights of a digit; a page with one has the synthetic pen's digits.
        height_px: range of the height of a digit.
        camera: fields that replace those of a phone's camera; None is a scanner.
        skew_deg: rotation of the writing on a page whose edges are not visible, to either side.
        turn: quarter turns, counterclockwise.
        is_copy: whether it is a carbon copy.
        n_folds: how often the sheet was folded.
        seen: changes the image.
    """

    content: Callable[[SheetWriter], None]
    paper: str = "plain"
    pen: str | None = None
    pen_width: float | None = None
    height_px: tuple[float, float] = HEIGHT_PX
    camera: dict[str, Any] | None = None
    skew_deg: float = 0.0
    turn: int = 0
    is_copy: bool = False
    n_folds: int = 0
    seen: Callable[[Image, Rng], Image] | None = None


def page_of(name: str, rng: Rng, number: int) -> KindPage:
    """Draw a page of a kind; its digits are MNIST's on odd pages, if they can be."""
    kind = KINDS[name]
    return _drawn(kind, rng, number) if isinstance(kind, Kind) else KindPage(kind(rng))


def _drawn(kind: Kind, rng: Rng, number: int) -> KindPage:
    height = rng.uniform(*kind.height_px)
    mnist = bool(number % 2) and kind.pen_width is None
    script = Script(rng, height, mnist=mnist, pen=kind.pen_width)
    camera = (
        Camera(table=0.0) if kind.camera is None else replace(random_camera(rng), **kind.camera)
    )
    sheet, pitch = Sheet.blank(*SHAPE, margin=camera.margin), _pitch(kind.paper, height, rng)
    is_lined = kind.paper in ("ruled", "squared", "dotted", "graph")
    style = replace(random_style(rng), has_touching=False)
    if is_lined:
        style = replace(style, climb=0.0, climb_spread=0.002)
    kind.content(SheetWriter(sheet, script.writer, style, rng))
    if kind.skew_deg:
        sheet.ink = _rotated(sheet.ink, kind.skew_deg * rng.choice([-1, 1]))
        sheet.printed = np.zeros_like(sheet.ink)
    paper = _patterned(kind.paper, sheet, pitch, rng)
    if kind.is_copy:
        sheet.ink = copy_through_carbon(paper, sheet.ink, script.writer.pen_px, rng)
    cover(paper, sheet.printed, PRINT)
    pen = (
        CHALK
        if kind.paper == "blackboard"
        else PENS[kind.pen or str(rng.choice(["black", "blue"]))]
    )
    cover(paper, sheet.ink, pen, rng)
    draw_folds(paper, kind.n_folds, rng)
    image, _ = photograph(paper, replace(camera, turn=kind.turn), rng)
    if kind.seen is not None:
        image = kind.seen(image, rng)
    texts = tuple(number.text for line in sheet.lines for number in line.numbers)
    return KindPage(image, texts, sheet.truth if sheet.grids else None)


def _pitch(paper: str, height_px: float, rng: Rng) -> float:
    """Return the pitch of the lines of a paper."""
    ranges = {
        "ruled": (1.6, 1.9),
        "squared": (0.85, 1.1),
        "dotted": (0.85, 1.1),
        "graph": (0.25, 0.45),
        "guilloche": (0.15, 0.4),
        "security": (0.15, 0.4),
    }
    return height_px * rng.uniform(*ranges.get(paper, (1.0, 1.0)))


def _patterned(paper: str, sheet: Sheet, pitch_px: float, rng: Rng) -> RgbImage:
    """Return the paper (rows, cols, 3); ink on security paper may be broken."""
    rows, cols = sheet.ink.shape
    image = plain_paper(rows, cols, rng)
    if paper in ("ruled", "squared"):
        first = rng.uniform(0, pitch_px)
        draw_ruled_lines(image, pitch_px, rng, first_px=first, squared=paper == "squared")
    elif paper == "graph":
        draw_graph(image, pitch_px, rng)
    elif paper == "dotted":
        draw_dots(image, pitch_px, rng, first_px=rng.uniform(0, pitch_px))
    elif paper == "guilloche":
        draw_guilloche(image, pitch_px, rng)
    elif paper == "security":
        draw_security(image, sheet.ink, pitch_px, rng)
    elif paper == "blackboard":
        dust = image - image.mean(axis=(0, 1))
        image = np.asarray(BOARDS[int(rng.integers(2))] + 2.5 * dust, np.float32)
    return image


def _rotated(ink: NDArray[np.float32], deg: float) -> NDArray[np.float32]:
    """Rotate ink by an angle, on a sheet so large that nothing is cut off."""
    rows, cols = ink.shape
    matrix = cv2.getRotationMatrix2D((cols / 2, rows / 2), deg, 1.0)
    cos, sin = np.abs(matrix[0, :2])
    wide, high = int(cols * cos + rows * sin), int(cols * sin + rows * cos)
    matrix[:, 2] += [(wide - cols) / 2, (high - rows) / 2]
    return np.asarray(cv2.warpAffine(ink, matrix, (wide, high)), np.float32)


def _whole(rng: Rng, most: int = 4) -> str:
    return str(rng.integers(0, 10 ** int(rng.integers(1, most, endpoint=True))))


def _lines(writer: SheetWriter, *, columns: Sequence[float] = (0.0,), spread: float = 0.3) -> None:
    """Write lines of numbers, in one column or several.

    Args:
        writer: writes on the sheet.
        columns: starts of the columns, as shares of the free width.
        spread: standard deviation of a line's start, in heights of a digit.
    """
    rng, height, sheet = writer.rng, writer.digit_writer.height_px, writer.sheet
    free_rows, free_cols = (max(one, round(height)) for one in sheet.margin_px)
    width = (sheet.ink.shape[1] - 2 * free_cols) / len(columns)
    pitch = height * rng.uniform(1.8, 2.5)
    for line in range(int(rng.integers(*LINES, endpoint=True))):
        baseline = round(free_rows + height * 1.5 + line * pitch)
        if baseline > sheet.ink.shape[0] - free_rows - 0.3 * height:
            break
        start = round(abs(rng.normal(scale=spread)) * height)
        count = len(sheet.lines)
        for share in columns:
            texts = [_whole(rng) for _ in range(int(rng.integers(*PER_LINE, endpoint=True)))]
            if len(columns) > 1:
                texts = texts[: max(1, int(width / (5 * height)))]
            left = free_cols + start + round(share * len(columns) * width)
            writer.line(texts, left, baseline)
        joined = [one for part in sheet.lines[count:] for one in part.numbers]
        del sheet.lines[count:]
        sheet.add_line(joined)


@dataclass(frozen=True)
class Table:
    """Writes numbers into the cells of a table.

    Attributes:
        has_lines: whether its lines are drawn.
        is_drawn: whether they are drawn by hand.
        has_merged: whether two cells of each second row are one.
        has_diagonals: whether the first cell of each row has a diagonal line and no number.
        struck_share: share of the numbers that are struck out.
        blank_share: share of the cells that are blank.
    """

    has_lines: bool = True
    is_drawn: bool = False
    has_merged: bool = False
    has_diagonals: bool = False
    struck_share: float = 0.0
    blank_share: float = 0.15

    def __call__(self, writer: SheetWriter) -> None:
        """Draw the lines and fill the cells."""
        sheet, grid = writer.sheet, _grid(writer, is_drawn=self.is_drawn)
        if self.has_lines:
            draw_grid_lines(sheet, grid, writer.digit_writer.height_px, writer.rng)
        rows = []
        for row in range(GRID[0]):
            filled = [self._fill(writer, box) for box in self._boxes(writer, grid, row)]
            rows.append(tuple(cell for cell, _ in filled))
            sheet.add_line(number for _, number in filled if number is not None)
        if self.has_lines and not self.has_merged and not self.has_diagonals:
            sheet.grids.append(TrueGrid(tuple(rows)))

    def _boxes(self, writer: SheetWriter, grid: GridLines, row: int) -> list[Box]:
        """Return the boxes of a row that take numbers; merge two, or draw a diagonal line."""
        boxes = [grid.cell(row, col) for col in range(GRID[1])]
        if self.has_diagonals:
            _diagonal(writer.sheet, boxes.pop(0), grid)
        elif self.has_merged and row % 2:
            col = int(writer.rng.integers(GRID[1] - 1))
            (left, top, width, height), other = boxes[col : col + 2]
            boxes[col : col + 2] = [(left, top, width + other[2], height)]
            reach = round(0.15 * writer.digit_writer.height_px)
            writer.sheet.printed[
                top + reach : top + height - reach, other[0] - reach : other[0] + reach
            ] = 0
        return boxes

    def _fill(self, writer: SheetWriter, box: Box) -> tuple[TrueCell, TrueNumber | None]:
        """Write a number into a cell, or leave it blank."""
        if writer.rng.random() < self.blank_share:
            return TrueCell("", "blank", box), None
        is_struck = bool(writer.rng.random() < self.struck_share)
        return number_cell(writer, box, _whole(writer.rng, 3), is_struck=is_struck)


def _grid(writer: SheetWriter, *, is_drawn: bool) -> GridLines:
    """Return the lines of a table that fits the sheet."""
    rng, height, sheet = writer.rng, writer.digit_writer.height_px, writer.sheet
    rows, cols = GRID
    top, left = (max(one, round(0.8 * height)) for one in sheet.margin_px)
    width = min(round(4.0 * height), (sheet.ink.shape[1] - 2 * left) // cols)
    pitch = round(height * rng.uniform(1.8, 2.2))
    return GridLines(
        tuple(left + i * width for i in range(cols + 1)),
        tuple(top + i * pitch for i in range(rows + 1)),
        line_px=rng.uniform(0.04, 0.07) * height,
        is_drawn=is_drawn,
    )


def _diagonal(sheet: Sheet, box: Box, grid: GridLines) -> None:
    """Draw a line from a cell's top left to its bottom right corner."""
    left, top, width, height = box
    mask = np.zeros(sheet.ink.shape, np.uint8)
    cv2.line(
        mask,
        (left, top),
        (left + width, top + height),
        255,
        max(1, round(grid.line_px)),
        cv2.LINE_AA,
    )
    np.maximum(sheet.printed, np.float32(1 / 255) * mask, out=sheet.printed)


def _print_only(writer: SheetWriter) -> None:
    """Print lines of words."""
    rng, sheet = writer.rng, writer.sheet
    height = writer.digit_writer.height_px * rng.uniform(0.5, 0.8)
    font, baseline = str(rng.choice(list(FONTS))), round(2 * height)
    while baseline < sheet.ink.shape[0] - 2 * height:
        left = round(height)
        while True:
            glyph = printed(random_word(rng), font, height)
            rows, cols = glyph.ink.shape
            if left + cols > sheet.ink.shape[1] - height:
                break
            top = baseline + glyph.bottom_px - rows
            sheet.printed[top : top + rows, left : left + cols] = glyph.ink
            left += cols + round(0.5 * height)
        baseline += round(1.8 * height)


def _nothing(writer: SheetWriter) -> None:
    """Write nothing."""


def _curved(image: Image, rng: Rng) -> Image:
    """Bend a sheet as the page of an open book: lines rise and fall, and are squeezed."""
    rows, cols = image.shape[:2]
    y, x = np.mgrid[:rows, :cols].astype(np.float32)
    along = x / cols
    bend = rng.uniform(0.03, 0.07) * cols * np.sin(np.pi * (along + rng.uniform(-0.2, 0.2)))
    squeeze = rng.uniform(0.02, 0.05) * cols * np.sin(2 * np.pi * along)
    how = {"interpolation": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_REPLICATE}
    return np.asarray(
        cv2.remap(image, x + squeeze.astype(np.float32), y + bend.astype(np.float32), **how),
        np.uint8,
    )


def _flashed(image: Image, rng: Rng) -> Image:
    """Add the reflection of a flash, in which the ink is pale or gone."""
    rows, cols = image.shape[:2]
    y, x = np.ogrid[:rows, :cols]
    row, col = rng.uniform(0.25, 0.75, 2) * (rows, cols)
    radius = rng.uniform(0.1, 0.2) * cols
    spot = np.exp(-((y - row) ** 2 + (x - col) ** 2) / (2 * radius**2))
    light = 255 * rng.uniform(0.3, 0.7) * spot[:, :, None]
    return np.rint((image + light).clip(0, 255)).astype(np.uint8)


def _photo(rng: Rng) -> Image:
    """Return a photo of shapes and textures without any writing."""
    layers = [
        cv2.resize(texture(rng), SHAPE[::-1], interpolation=cv2.INTER_CUBIC) for _ in range(2)
    ]
    colors = rng.uniform(0.1, 0.9, (3, 3))
    seen = colors[0] + layers[0][:, :, None] * (colors[1] - colors[0])
    seen = seen + 0.5 * layers[1][:, :, None] * (colors[2] - seen)
    seen = seen + rng.normal(scale=0.02, size=seen.shape)
    return np.rint(255 * seen.clip(0, 1)).astype(np.uint8)


def _noise(rng: Rng) -> Image:
    """Return noise of a random strength around a random grey."""
    noise = rng.normal(rng.uniform(80, 200), rng.uniform(10, 80), (*SHAPE, 1))
    return np.repeat(np.rint(noise.clip(0, 255)).astype(np.uint8), 3, axis=2)


LINED = Kind(_lines)
FAR = {"table": 0.1, "tilt": 0.12, "skew_deg": 3.0}
KINDS: dict[str, Kind | Callable[[Rng], Image]] = {
    "white paper, scanned": LINED,
    "white paper, photographed": replace(LINED, camera={}),
    "ruled paper": replace(LINED, paper="ruled"),
    "squared paper": replace(LINED, paper="squared"),
    "graph paper": replace(LINED, paper="graph"),
    "dotted paper": replace(LINED, paper="dotted"),
    "hatched paper": replace(LINED, paper="security"),
    "pattern of a cheque": replace(LINED, paper="guilloche"),
    "carbon copy": replace(LINED, pen="carbon", is_copy=True),
    "blackboard": replace(LINED, paper="blackboard"),
    "ballpoint": replace(LINED, pen_width=BALLPOINT),
    "felt pen": replace(LINED, pen_width=FELT_PEN),
    "red pen": replace(LINED, pen="red"),
    "pencil": replace(LINED, pen="pencil"),
    "pale pencil": replace(LINED, pen="faint pencil"),
    **{
        f"digits of {px} px": replace(LINED, height_px=(px - 0.5, px + 0.5))
        for px in (8, 10, 12, 16, 24)
    },
    "sheet on a table, in perspective": replace(LINED, camera=FAR),
    **{f"skewed by {deg} degrees": replace(LINED, skew_deg=deg) for deg in (5, 10, 15, 20, 30)},
    **{
        f"sheet on a table, skewed by {deg} degrees": replace(
            LINED, camera={"table": 0.28, "tilt": 0.03, "skew_deg": float(deg)}
        )
        for deg in (10, 20, 30)
    },
    **{f"turned by {90 * turn} degrees": replace(LINED, turn=turn) for turn in (1, 2, 3)},
    "two columns": replace(LINED, content=partial(_lines, columns=(0.0, 0.5))),
    "table with printed lines": Kind(Table()),
    "table with hand-drawn lines": Kind(Table(is_drawn=True)),
    "table without lines": Kind(Table(has_lines=False)),
    "table with merged cells": Kind(Table(has_merged=True)),
    "table with diagonal lines in cells": Kind(Table(has_diagonals=True)),
    "table with struck-out numbers": Kind(Table(struck_share=0.5)),
    "folded paper": replace(LINED, n_folds=2),
    "curved paper": replace(LINED, seen=_curved),
    "shadow": replace(LINED, camera={"shadow": 0.55}),
    "flash": replace(LINED, seen=_flashed),
    "JPEG of low quality": replace(LINED, camera={"jpeg_quality": 20}),
    "printed text alone": Kind(_print_only),
    "blank paper": replace(LINED, content=_nothing, camera={}),
    "photo without writing": _photo,
    "noise": _noise,
}
"""Kinds of pages by the name of the row in limits.md."""
