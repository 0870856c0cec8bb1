"""The page with what was read drawn over it, legible at a glance.

A sure number has a thin closed frame and its text on white above it. A doubtful one is told by more
than its colour: a thick dashed frame, its text in white on dark with a question mark after it, and
a bar under the digits that make it doubtful.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from digitus.files import replacing
from digitus.imaging.arrays import Page
from digitus.reader.assemble import scaled
from digitus.reader.reading import Box, Cell, Number, PageReading
from digitus.reader.thresholds import WORTH_A_LOOK

Colour: TypeAlias = tuple[int, int, int]

# From blue over violet to vermilion; told apart by those who confuse red and green, too.
_SURE: Colour = (0, 94, 162)
_FAIR: Colour = (122, 60, 160)
_DOUBTFUL: Colour = (200, 60, 0)
_FAIR_BELOW = 0.97
_BLANK: Colour = (130, 130, 130)
_WHITE: Colour = (255, 255, 255)

_SMALL_PX = 480  # a page whose long side is shorter is drawn twice as large, or more
_FADE = 0.35  # towards white: the frames stand out
_TEXT_OF_NUMBER = 0.55  # height of the text by the height of a number
_LEAST_TEXT, _LARGEST_TEXT = 1 / 70, 1 / 28  # of the long side
_LEAST_TEXT_PX = 9


@dataclass(frozen=True)
class _Label:
    """What is drawn at a box."""

    box: Box
    text: str
    colour: Colour
    is_doubtful: bool
    bars: tuple[Box, ...] = ()


@dataclass
class _Drawing:
    """The picture under way.

    Attributes:
        draw: draws on it.
        size: width and height, in pixels.
        text_px: size of all texts.
        taken: (n, 4) boxes that texts should not cover: the numbers, and texts already there.
        n_taken: so many of these boxes are filled.
    """

    draw: ImageDraw.ImageDraw
    size: tuple[int, int]
    text_px: int
    taken: NDArray[np.int64]
    n_taken: int

    @property
    def line_px(self) -> int:
        return max(1, round(self.text_px / 9))


def write_overlay(target: str | Path, page: Page, reading: PageReading) -> None:
    """Draw a page with its reading and save it, as the kind that the target's name tells.

    Raises:
        WriteError: if it cannot be written.
    """
    picture = draw_overlay(page, reading)
    with replacing(target) as draft:
        picture.save(draft)


def draw_overlay(page: Page, reading: PageReading) -> Image.Image:
    """Draw what was read over its page.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white, upright: the page that the boxes belong to.
        reading: what was read on it.

    Returns:
        RGB, as large as the page; a small page (long side below 480 px) is drawn larger by a
        whole factor.
    """
    factor = max(1, -(-_SMALL_PX // max(page.shape)))
    picture = _faded(page, factor)
    labels = [_scaled(label, factor) for label in _labels(reading)]
    drawing = _drawing(picture, labels)
    for grid in reading.grids:
        for cell in (cell for row in grid.rows for cell in row):
            _frame(drawing, _scaled(_Label(cell.box, "", _BLANK, False), factor))
    for label in labels:
        _frame(drawing, label)
    for label in labels:
        _write(drawing, label)
    return picture


def _drawing(picture: Image.Image, labels: Sequence[_Label]) -> _Drawing:
    taken = np.zeros((2 * len(labels), 4), np.int64)
    for i, label in enumerate(labels):
        taken[i] = label.box
    text_px = _text_px(labels, picture.size)
    return _Drawing(ImageDraw.Draw(picture), picture.size, text_px, taken, len(labels))


def _faded(page: Page, factor: int) -> Image.Image:
    levels = np.rint(255 * (_FADE + (1 - _FADE) * page)).astype(np.uint8)
    picture = Image.fromarray(levels).convert("RGB")
    size = (picture.width * factor, picture.height * factor)
    return picture if factor == 1 else picture.resize(size, Image.Resampling.LANCZOS)


def _labels(reading: PageReading) -> Iterator[_Label]:
    for number in reading.numbers:
        colour = _colour(number.confidence, number.to_check)
        bars = _doubtful_digits(number) if number.to_check else ()
        yield _Label(number.box, number.text, colour, number.to_check, bars)
    for grid in reading.grids:
        yield from (_of_cell(cell) for row in grid.rows for cell in row if _is_odd(cell))


def _doubtful_digits(number: Number) -> tuple[Box, ...]:
    """Give the boxes of the digits that make a number doubtful: the least sure one at least."""
    lowest = min(digit.confidence for digit in number.digits)
    least = max(lowest, WORTH_A_LOOK)
    doubtful = (one for one in number.digits if one.digit is None or one.confidence <= least)
    return tuple(one.box for one in doubtful)


def _is_odd(cell: Cell) -> bool:
    """Tell whether a cell says something that no number says."""
    return cell.verdict in ("not_a_digit", "struck_out")


def _of_cell(cell: Cell) -> _Label:
    text = cell.verdict.replace("_", " ")
    return _Label(cell.box, text, _DOUBTFUL if cell.to_check else _BLANK, cell.to_check)


def _colour(confidence: float, to_check: bool) -> Colour:
    if to_check:
        return _DOUBTFUL
    return _FAIR if confidence < _FAIR_BELOW else _SURE


def _scaled(label: _Label, factor: int) -> _Label:
    bars = tuple(scaled(box, factor) for box in label.bars)
    return replace(label, box=scaled(label.box, factor), bars=bars)


def _text_px(labels: Iterable[_Label], size: tuple[int, int]) -> int:
    """Choose one size for all texts: by the numbers, within what can be read on the page."""
    heights = [label.box[3] for label in labels] or [0]
    wanted, side = _TEXT_OF_NUMBER * median(heights), max(size)
    within = min(max(wanted, _LEAST_TEXT * side), _LARGEST_TEXT * side)
    return max(_LEAST_TEXT_PX, round(within))


def _frame(drawing: _Drawing, label: _Label) -> None:
    left, top, width, height = label.box
    gap, thick = drawing.line_px, drawing.line_px * (2 if label.is_doubtful else 1)
    corners = (left - gap, top - gap, left + width + gap, top + height + gap)
    if label.is_doubtful:
        _dashed(drawing, corners, label.colour, thick)
        for box in label.bars:
            row = box[1] + box[3] + gap - thick
            drawing.draw.rectangle((box[0], row, box[0] + box[2], row + thick), fill=label.colour)
    else:
        drawing.draw.rectangle(corners, outline=label.colour, width=thick)


def _dashed(drawing: _Drawing, corners: Box, colour: Colour, thick: int) -> None:
    """Draw a frame of dashes twice as long as the gaps between them."""
    left, top, right, bottom = corners
    dash = max(3, drawing.text_px // 2)
    for start in range(left, right, dash + dash // 2):
        for row in (top, bottom):
            drawing.draw.line((start, row, min(start + dash, right), row), colour, thick)
    for start in range(top, bottom, dash + dash // 2):
        for col in (left, right):
            drawing.draw.line((col, start, col, min(start + dash, bottom)), colour, thick)


def _write(drawing: _Drawing, label: _Label) -> None:
    """Write the text of a label where it hides least; a doubtful one white on dark."""
    if not label.text:
        return
    text = f"{label.text} ?" if label.is_doubtful else label.text
    font = ImageFont.load_default(drawing.text_px)
    left, top, right, bottom = drawing.draw.textbbox((0, 0), text, font=font)
    pad = max(1, drawing.text_px // 6)
    size = (round(right - left) + 2 * pad, round(bottom - top) + 2 * pad)
    place = _best_place(drawing, label.box, size)
    drawing.taken[drawing.n_taken] = place
    drawing.n_taken += 1
    back, front = (label.colour, _WHITE) if label.is_doubtful else (_WHITE, label.colour)
    x, y = place[:2]
    drawing.draw.rectangle((x, y, x + size[0] - 1, y + size[1] - 1), fill=back)
    drawing.draw.text((x + pad - left, y + pad - top), text, fill=front, font=font)


def _best_place(drawing: _Drawing, box: Box, size: tuple[int, int]) -> Box:
    """Choose above, below, right or left of a box: the first that covers least, on the page."""
    places = [_on_page(drawing.size, corner, size) for corner in _beside(box, size, drawing)]
    taken = drawing.taken[: drawing.n_taken]
    return min(places, key=lambda place: _covered(place, taken))


def _beside(box: Box, size: tuple[int, int], drawing: _Drawing) -> list[tuple[int, int]]:
    left, top, width, height = box
    gap = 2 * drawing.line_px + 1
    above, below = top - size[1] - gap, top + height + gap
    middle = top + (height - size[1]) // 2
    return [
        (left, above),
        (left + width - size[0], above),
        (left, below),
        (left + width - size[0], below),
        (left + width + gap, middle),
        (left - size[0] - gap, middle),
    ]


def _on_page(page: tuple[int, int], corner: tuple[int, int], size: tuple[int, int]) -> Box:
    x, y = (max(0, min(at, side - long)) for at, side, long in zip(corner, page, size, strict=True))
    return x, y, *size


def _covered(box: Box, others: NDArray[np.int64]) -> int:
    """Give the area in pixels that a box shares with others (n, 4)."""
    near = np.maximum(others[:, :2], box[:2])
    far = np.minimum(others[:, :2] + others[:, 2:], np.add(box[:2], box[2:]))
    return int(np.maximum(0, far - near).prod(axis=1).sum())
