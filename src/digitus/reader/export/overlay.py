"""The page with what was read drawn over it, legible at a glance.

A sure number has a thin closed frame and its text on white beside it. A doubtful one is told by
more than its colour: a thick dashed frame, its text in white on dark with a question mark after it,
and a bar under the digits that make it doubtful. A text never lies on a number or on another text:
where there is no room beside a box it is written smaller, a doubtful one farther off with a line
that leads to it, and a sure one is left out. A strip below the page explains the frames.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageDraw

from digitus.files import replacing
from digitus.imaging.arrays import Grey
from digitus.reader.export.overlay_drawing import ON_DARK, ON_LIGHT, Pen, text_size
from digitus.reader.export.overlay_labels import Label, labels_of
from digitus.reader.export.overlay_legend import with_legend
from digitus.reader.export.text_placement import Room, Size, around, beside, within
from digitus.reader.results.reading import Box, PageReading

SMALL_PX = 480  # a page whose long side is shorter is drawn twice as large, or more
LARGE_PX = 4000  # a page whose long side is longer is drawn smaller

_DARK = 0.4  # a page whose median is below has light ink on dark paper
_FADE = 0.35  # towards the paper: the frames stand out
_TEXT_OF_NUMBER = 0.45  # height of the text by the height of a number
_LEAST_TEXT, _LARGEST_TEXT = 1 / 80, 1 / 34  # of the long side
_LEAST_TEXT_PX = 9
_SMALLER = (1.0, 0.8, 0.65)  # sizes tried
_SMALLER_COST, _IN_CELL = 3.2, 1.0  # of a size smaller; a side less good costs 1
_OUT_OF_CELL = 15.0  # of a text outside of its cell
_MOST_INNER = 6.0  # of a text in its own box: hardly any ink lies there
_QUICK = 3  # compression of PNG: three times as quick as the usual, hardly larger


@dataclass
class _Drawing:
    """The image under way.

    Attributes:
        pen: draws on it.
        room: what is left for texts.
        gap_px: how far the frame of a number reaches beyond its box.
        sides: of boxes, the one with most room first.
    """

    pen: Pen
    room: Room
    gap_px: int
    sides: Sequence[str] = ()


def write_overlay(target: str | Path, page: Grey, reading: PageReading) -> None:
    """Draw a page with its reading and save it, as the kind that the target's name tells.

    Raises:
        WriteError: if it cannot be written.
    """
    image = draw_overlay(page, reading)
    with replacing(target) as draft:
        image.save(draft, compress_level=_QUICK)


def draw_overlay(page: Grey, reading: PageReading) -> Image.Image:
    """Draw what was read over its page.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white, upright; it may be smaller than the reading's.
        reading: what was read on it.

    Returns:
        RGB, as wide as the reading's page, so its boxes fit; below the page there is a strip that
        explains the frames. A small page (long side below 480 px) is drawn larger by a whole
        factor, a large one (above 4000 px) smaller.
    """
    factor = _factor(reading)
    size = (round(reading.width * factor), round(reading.height * factor))
    is_dark = bool(np.median(page) < _DARK)
    image = _faded(page, size, is_dark=is_dark)
    labels = [label.scaled(factor) for label in labels_of(reading)]
    pen = Pen(ImageDraw.Draw(image), _text_px(labels, size), ON_DARK if is_dark else ON_LIGHT)
    drawing = _drawing(pen, page, size, labels)
    for label in sorted(labels, key=lambda one: one.kind != "cell"):  # cells lie below the others
        _frame(drawing, label)
    told = sorted((one for one in labels if one.text), key=lambda one: not one.is_doubtful)
    left_out = sum(not _tell(drawing, label) for label in told)
    return with_legend(image, {one.kind for one in labels}, left_out=left_out, ways=pen.ways)


def _factor(reading: PageReading) -> float:
    side = max(reading.width, reading.height)
    return LARGE_PX / side if side > LARGE_PX else max(1, -(-SMALL_PX // side))


def _faded(page: Grey, size: Size, *, is_dark: bool) -> Image.Image:
    whitened = (0.0 if is_dark else _FADE) + (1 - _FADE) * page
    image = Image.fromarray(np.rint(255 * whitened).astype(np.uint8))
    if image.size != size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    return image.convert("RGB")


def _drawing(pen: Pen, page: Grey, size: Size, labels: Sequence[Label]) -> _Drawing:
    gap_px = 2 * pen.line_px + 1
    room = Room(page, size, [_reach(label, gap_px) for label in labels if label.text])
    numbers = [label.box for label in labels if not label.is_cell]
    sides = room.order_of_sides(numbers, text_size("00", pen.text_px), gap_px)
    return _Drawing(pen, room, gap_px, sides)


def _text_px(labels: Iterable[Label], size: Size) -> int:
    """Choose one size for most texts: by the numbers, within what can be read on the page."""
    heights = [label.box[3] for label in labels if not label.is_cell] or [0]
    wanted, side = _TEXT_OF_NUMBER * median(heights), max(size)
    within_page = min(max(wanted, _LEAST_TEXT * side), _LARGEST_TEXT * side)
    return max(_LEAST_TEXT_PX, round(within_page))


def _frame(drawing: _Drawing, label: Label) -> None:
    pen, gap_px = drawing.pen, drawing.gap_px
    thick = 2 * pen.line_px
    grow = 0 if label.kind == "cell" else -thick if label.is_cell else gap_px
    pen.frame(_grown(label.box, grow), label.kind)
    for left, top, width, height in label.bars:
        pen.bar((left, top + height + gap_px - thick, width, thick), label.kind)


def _reach(label: Label, gap_px: int) -> Box:
    """Return the box of a label with its frame; the frame of a cell lies within it."""
    return label.box if label.is_cell else _grown(label.box, gap_px)


def _grown(box: Box, by_px: int) -> Box:
    left, top, width, height = box
    return left - by_px, top - by_px, max(1, width + 2 * by_px), max(1, height + 2 * by_px)


def _tell(drawing: _Drawing, label: Label) -> bool:
    """Write the text of a label where it hides nothing; tell whether there was such a place."""
    place, text_px = _best_place(drawing, label)
    if place is None and label.is_doubtful:
        text_px = drawing.pen.text_px
        place = _far_place(drawing, label) or _inner_place(drawing, label)
    if place is None:
        return False
    drawing.pen.write(place, label, text_px)
    drawing.room.take(place)
    return True


def _best_place(drawing: _Drawing, label: Label) -> tuple[Box | None, int]:
    """Choose place and size of a text at its box, or in its cell."""
    own = _reach(label, drawing.gap_px)
    best: tuple[float, Box | None, int] = (np.inf, None, drawing.pen.text_px)
    a_step = _IN_CELL if label.is_cell else _SMALLER_COST
    for step, share in enumerate(_SMALLER):
        if best[0] <= step * a_step:
            break  # a smaller text cannot be better
        text_px = max(_LEAST_TEXT_PX, round(share * drawing.pen.text_px))
        size = text_size(label.text, text_px)
        inside = within(label.box, size, drawing.gap_px) if label.is_cell else []
        places = inside or beside(label.box, size, drawing.sides, drawing.gap_px)
        place, cost = drawing.room.best(places, own)
        cost += step * a_step
        cost += _OUT_OF_CELL if label.is_cell and not inside else 0.0
        if cost < best[0]:
            best = (cost, place, text_px)
    return best[1:]


def _far_place(drawing: _Drawing, label: Label) -> Box | None:
    """Choose a place away from its box, and draw a line that leads there."""
    own = _reach(label, drawing.gap_px)
    places = around(label.box, text_size(label.text, drawing.pen.text_px))
    place, _ = drawing.room.best(drawing.room.reachable(places, own), own)
    if place is not None:
        drawing.pen.lead(own, place, label.kind)
    return place


def _inner_place(drawing: _Drawing, label: Label) -> Box | None:
    """Choose a place in a box so large that there is none beside it, off its own ink."""
    places = within(label.box, text_size(label.text, drawing.pen.text_px), drawing.gap_px)
    place, cost = drawing.room.best(places, _reach(label, drawing.gap_px))
    return place if cost < _MOST_INNER else None
