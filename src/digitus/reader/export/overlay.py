"""Draw what was read over its page.

A number that is not flagged has a thin closed frame and its text on a light ground beside it. A
flagged number differs in more than color: it has a thick dashed frame, an inverted text that ends
with a question mark, and a bar below each doubtful digit or mark. A text never covers a number or
another text: without room beside its box it is made smaller; then the text of a flagged number is
moved away and joined to its box by a line, and the text of any other number is omitted. A legend
below the page explains the frames.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageDraw

from digitus.files import replacing
from digitus.imaging.arrays import Grey
from digitus.palette import OVERLAY_ON_DARK_PAPER, OVERLAY_ON_LIGHT_PAPER
from digitus.reader.export.overlay_drawing import (
    Label,
    Pen,
    add_legend,
    labels_of,
    text_size,
)
from digitus.reader.export.text_placement import (
    FreeSpace,
    Size,
    places_around,
    places_beside,
    places_within,
)
from digitus.reader.results.reading import Box, PageReading


@dataclass(frozen=True)
class OverlayParameters:
    """Sizes and costs, found by looking at overlays of scanned pages.

    Attributes:
        min_side_px: a page whose long side is shorter is enlarged by a whole factor.
        max_side_px: a page whose long side is longer is reduced.
        max_median_dark: median grey, 0 black to 1 white, below which the paper is dark.
        fade: share of white that is mixed into light paper, so that frames stand out.
        text_of_number: height of texts over the median height of numbers.
        min_text_of_side: least height of texts over the long side of the page.
        max_text_of_side: greatest height of texts over the long side of the page.
        min_text_px: least height of texts in pixels.
        text_scales: sizes of a text that are tried, from large to small.
        smaller_cost: cost of a text one step smaller, in the units of ``FreeSpace.best``.
        smaller_cost_in_cell: the same for the text of a cell.
        outside_cell_cost: cost of a cell's text beside its cell.
        max_inner_cost: greatest cost of a text within the box of its own number.
        png_compression: zlib level; 3 takes a third of the default's time, for files hardly larger.
    """

    min_side_px: int = 480
    max_side_px: int = 4000
    max_median_dark: float = 0.4
    fade: float = 0.35
    text_of_number: float = 0.45
    min_text_of_side: float = 1 / 80
    max_text_of_side: float = 1 / 34
    min_text_px: int = 9
    text_scales: tuple[float, ...] = (1.0, 0.8, 0.65)
    smaller_cost: float = 3.2
    smaller_cost_in_cell: float = 1.0
    outside_cell_cost: float = 15.0
    max_inner_cost: float = 6.0
    png_compression: int = 3


OVERLAY = OverlayParameters()


@dataclass(frozen=True)
class _Drawing:
    """An overlay in progress.

    Attributes:
        pen: draws on the image.
        space: space that is left for texts.
        gap_px: distance of the frame of a number from its box.
        sides: sides of boxes, in order of preference for texts.
    """

    pen: Pen
    space: FreeSpace
    gap_px: int
    sides: Sequence[str]


def write_overlay(target: str | Path, grey: Grey, reading: PageReading) -> None:
    """Draw a page with its reading and save it, in the format that the file name's suffix says.

    Raises:
        WriteError: if it cannot be written.
    """
    image = draw_overlay(grey, reading)
    with replacing(target) as draft:
        image.save(draft, compress_level=OVERLAY.png_compression)


def draw_overlay(grey: Grey, reading: PageReading) -> Image.Image:
    """Draw what was read over its page.

    Args:
        grey: (rows, cols) of the upright page, 0.0 black to 1.0 white; it may be smaller than the
            page of the reading.
        reading: reading of this page.

    Returns:
        RGB, as wide as the reading's page, so that its boxes fit; with a legend below the page. A
        page whose long side is below 480 px is enlarged by a whole factor, one above 4000 px is
        reduced.
    """
    factor = _factor(reading)
    size = (round(reading.width * factor), round(reading.height * factor))
    is_dark = bool(np.median(grey) < OVERLAY.max_median_dark)
    image = _faded(grey, size, is_dark=is_dark)
    labels = [label.scaled(factor) for label in labels_of(reading)]
    colors = OVERLAY_ON_DARK_PAPER if is_dark else OVERLAY_ON_LIGHT_PAPER
    pen = Pen(ImageDraw.Draw(image), _text_px(labels, size), colors)
    drawing = _make_drawing(pen, grey, size, labels)
    for label in sorted(labels, key=lambda one: one.kind != "cell"):  # cells below the others
        _draw_frame(drawing, label)
    with_text = sorted((one for one in labels if one.text), key=lambda one: not one.is_doubtful)
    n_omitted = sum(not _write_text(drawing, label) for label in with_text)
    return add_legend(image, {one.kind for one in labels}, n_omitted=n_omitted, colors=colors)


def _factor(reading: PageReading) -> float:
    side_px = max(reading.width, reading.height)
    if side_px > OVERLAY.max_side_px:
        return OVERLAY.max_side_px / side_px
    return max(1, -(-OVERLAY.min_side_px // side_px))


def _faded(grey: Grey, size: Size, *, is_dark: bool) -> Image.Image:
    whitened = (0.0 if is_dark else OVERLAY.fade) + (1 - OVERLAY.fade) * grey
    image = Image.fromarray(np.rint(255 * whitened).astype(np.uint8))
    if image.size != size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    return image.convert("RGB")


def _make_drawing(pen: Pen, grey: Grey, size: Size, labels: Sequence[Label]) -> _Drawing:
    gap_px = 2 * pen.line_px + 1
    space = FreeSpace(grey, size, [_framed(label, gap_px) for label in labels if label.text])
    numbers = [label.box for label in labels if not label.is_cell]
    sides = space.order_of_sides(numbers, text_size("00", pen.text_px), gap_px)
    return _Drawing(pen, space, gap_px, sides)


def _text_px(labels: Iterable[Label], size: Size) -> int:
    """Return one size for most texts: by the height of the numbers, legible on the page."""
    heights = [label.box[3] for label in labels if not label.is_cell] or [0]
    wanted, side = OVERLAY.text_of_number * median(heights), max(size)
    limited = min(max(wanted, OVERLAY.min_text_of_side * side), OVERLAY.max_text_of_side * side)
    return max(OVERLAY.min_text_px, round(limited))


def _draw_frame(drawing: _Drawing, label: Label) -> None:
    pen, gap_px = drawing.pen, drawing.gap_px
    thick = 2 * pen.line_px
    grow = 0 if label.kind == "cell" else -thick if label.is_cell else gap_px
    pen.frame(_grown(label.box, grow), label.kind)
    for left, top, width, height in label.bars:
        pen.bar((left, top + height + gap_px - thick, width, thick), label.kind)


def _framed(label: Label, gap_px: int) -> Box:
    """Return the box of a label with its frame; the frame of a cell lies within it."""
    return label.box if label.is_cell else _grown(label.box, gap_px)


def _grown(box: Box, by_px: int) -> Box:
    left, top, width, height = box
    return left - by_px, top - by_px, max(1, width + 2 * by_px), max(1, height + 2 * by_px)


def _write_text(drawing: _Drawing, label: Label) -> bool:
    """Write the text of a label where it covers nothing; return whether there was room."""
    place, text_px = _best_place(drawing, label)
    if place is None and label.is_doubtful:
        text_px = drawing.pen.text_px
        place = _far_place(drawing, label) or _inner_place(drawing, label)
    if place is None:
        return False
    drawing.pen.write(place, label, text_px)
    drawing.space.occupy(place)
    return True


def _best_place(drawing: _Drawing, label: Label) -> tuple[Box | None, int]:
    """Return the cheapest place and size of a text beside its box or in its cell."""
    own = _framed(label, drawing.gap_px)
    best_cost, best_place, best_px = np.inf, None, drawing.pen.text_px
    step_cost = OVERLAY.smaller_cost_in_cell if label.is_cell else OVERLAY.smaller_cost
    for step, scale in enumerate(OVERLAY.text_scales):
        if best_cost <= step * step_cost:
            break  # a smaller text cannot be better
        text_px = max(OVERLAY.min_text_px, round(scale * drawing.pen.text_px))
        size = text_size(label.text, text_px)
        inside = places_within(label.box, size, drawing.gap_px) if label.is_cell else []
        places = inside or places_beside(label.box, size, drawing.sides, drawing.gap_px)
        place, cost = drawing.space.best(places, own)
        cost += step * step_cost
        cost += OVERLAY.outside_cell_cost if label.is_cell and not inside else 0.0
        if cost < best_cost:
            best_cost, best_place, best_px = cost, place, text_px
    return best_place, best_px


def _far_place(drawing: _Drawing, label: Label) -> Box | None:
    """Return a place away from a box, and draw the line that leads there."""
    own = _framed(label, drawing.gap_px)
    places = places_around(label.box, text_size(label.text, drawing.pen.text_px))
    place, _ = drawing.space.best(drawing.space.reachable(places, own), own)
    if place is not None:
        drawing.pen.leader(own, place, label.kind)
    return place


def _inner_place(drawing: _Drawing, label: Label) -> Box | None:
    """Return a place within a box so large that there is none beside it, off its own ink."""
    size = text_size(label.text, drawing.pen.text_px)
    places = places_within(label.box, size, drawing.gap_px)
    place, cost = drawing.space.best(places, _framed(label, drawing.gap_px))
    return place if cost < OVERLAY.max_inner_cost else None
