"""Draw the elements of an overlay: labels of numbers and cells, their frames, texts and legend."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from digitus.palette import OverlayColors
from digitus.reader.export.text_placement import Size, nearest_point
from digitus.reader.pipeline.assembly import scale_box
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.reading import Box, Cell, Number, PageReading

Kind: TypeAlias = Literal["sure", "fair", "doubtful", "none", "cell"]

FAIR_BELOW = 0.97
"""Confidence below which a number that is not flagged is drawn as ``fair``; set by hand."""

_MEANINGS: dict[Kind, str] = {
    "sure": f"confidence at least {100 * FAIR_BELOW:.0f} %",
    "fair": f"confidence below {100 * FAIR_BELOW:.0f} %",
    "doubtful": "to check; a bar marks what is doubtful",
    "none": "cell without a number",
    "cell": "cell of a grid",
}


@dataclass(frozen=True)
class LegendParameters:
    """Size of the legend's text, found by looking at overlays of small and large pages.

    Attributes:
        text_of_side: height over the long side of the page.
        min_text_px: least height in pixels.
        max_text_px: greatest height in pixels.
    """

    text_of_side: float = 1 / 75
    min_text_px: int = 11
    max_text_px: int = 48


LEGEND = LegendParameters()


@dataclass(frozen=True)
class Label:
    """What is drawn for a number or a cell.

    Attributes:
        box: box of the number or cell.
        text: what was read; empty for a cell that needs no text.
        kind: how certain that is; determines color and shape.
        is_cell: whether the text stands within the box, as in a cell, not beside it.
        bars: boxes of the doubtful digits and marks.
    """

    box: Box
    text: str
    kind: Kind
    is_cell: bool = False
    bars: tuple[Box, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether it is to be checked."""
        return self.kind == "doubtful"

    def scaled(self, factor: float) -> "Label":
        """Return the label on an image that is larger by a factor."""
        bars = tuple(scale_box(box, factor) for box in self.bars)
        return replace(self, box=scale_box(self.box, factor), bars=bars)


def labels_of(reading: PageReading) -> Iterator[Label]:
    """Return a label for each number, then one for each cell of the grids."""
    for number in reading.numbers:
        bars = _doubtful_places(number) if number.to_check else ()
        text = f"{number.text} ?" if number.to_check else number.text
        yield Label(number.box, text, _kind(number), bars=bars)
    for grid in reading.grids:
        yield from (_label_of_cell(cell) for row in grid.rows for cell in row)


def _kind(number: Number) -> Kind:
    if number.to_check:
        return "doubtful"
    return "fair" if number.confidence < FAIR_BELOW else "sure"


def _doubtful_places(number: Number) -> tuple[Box, ...]:
    """Return the boxes of what makes a number doubtful: at least of what is the least certain.

    These are digits, marks in its text, and marks that the text leaves out.
    """
    digits = [(one.box, 0.0 if one.digit is None else one.confidence) for one in number.digits]
    certainties = digits + [(one.box, one.certainty) for one in number.marks]
    lowest = min(certainty for _, certainty in certainties)
    return tuple(box for box, certainty in certainties if certainty <= max(lowest, CHECK_BELOW))


def _label_of_cell(cell: Cell) -> Label:
    """Return the label of a cell; its text is the verdict unless it is blank or has a number."""
    if cell.verdict in ("digit", "blank"):
        return Label(cell.box, "", "cell", is_cell=True)
    text = cell.verdict.replace("_", " ")
    if cell.to_check:
        return Label(cell.box, f"{text} ?", "doubtful", is_cell=True)
    return Label(cell.box, text, "none", is_cell=True)


@dataclass(frozen=True)
class Pen:
    """Draws on an image.

    Attributes:
        draw: drawing interface of the image.
        text_px: size of most texts, which the width of lines follows.
        colors: for the paper of the page.
    """

    draw: ImageDraw.ImageDraw
    text_px: int
    colors: OverlayColors

    @property
    def line_px(self) -> int:
        """Width of thin lines."""
        return line_width_px(self.text_px)

    def frame(self, box: Box, kind: Kind) -> None:
        """Draw a frame along the inner edge of a box: thick and dashed if it is to be checked."""
        left, top, width, height = box
        corners, thin = (left, top, left + width - 1, top + height - 1), self.line_px
        color = getattr(self.colors, kind)
        if kind == "doubtful":
            self.draw.rectangle(corners, outline=self.colors.background, width=2 * thin)
            self._dashed(corners, color, 2 * thin)
        else:
            self.draw.rectangle(corners, outline=color, width=1 if kind == "cell" else thin)

    def bar(self, box: Box, kind: Kind) -> None:
        """Fill a box."""
        left, top, width, height = box
        corners = (left, top, left + width, top + height - 1)
        self.draw.rectangle(corners, fill=getattr(self.colors, kind))

    def write(self, place: Box, label: Label, text_px: int) -> None:
        """Write a label's text into a box; texts to check are inverted."""
        x, y, width, height = place
        color, background = getattr(self.colors, label.kind), self.colors.background
        fill, front = (color, background) if label.is_doubtful else (background, color)
        corners = (x, y, x + width - 1, y + height - 1)
        edge_px = max(1, line_width_px(text_px) // 2)
        self.draw.rectangle(corners, fill=fill, outline=color, width=edge_px)
        middle = (x + width / 2, y + height / 2)
        self.draw.text(middle, label.text, fill=front, font=font(text_px), anchor="mm")

    def leader(self, box: Box, place: Box, kind: Kind) -> None:
        """Draw a line from a box to its text."""
        start, end = nearest_point(box, place), nearest_point(place, box)
        self.draw.line([*start, *end], fill=getattr(self.colors, kind), width=self.line_px)

    def _dashed(self, corners: Box, color: str, thick_px: int) -> None:
        """Draw dashes twice as long as the gaps between them, along the inner edge."""
        left, top, right, bottom = corners
        dash = max(3, self.text_px // 2)
        for start in range(left, right, dash + dash // 2):
            end = min(start + dash, right)
            self.draw.rectangle((start, top, end, top + thick_px - 1), fill=color)
            self.draw.rectangle((start, bottom - thick_px + 1, end, bottom), fill=color)
        for start in range(top, bottom, dash + dash // 2):
            end = min(start + dash, bottom)
            self.draw.rectangle((left, start, left + thick_px - 1, end), fill=color)
            self.draw.rectangle((right - thick_px + 1, start, right, end), fill=color)


def line_width_px(text_px: int) -> int:
    """Return the width of thin lines beside texts of this size."""
    return max(1, round(text_px / 9))


def text_size(text: str, text_px: int) -> Size:
    """Return width and height of a text with its box, in pixels."""
    pad = max(2, text_px // 4)
    return round(font(text_px).getlength(text)) + 2 * pad, text_px + pad


@cache
def font(text_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font of all texts."""
    return ImageFont.load_default(text_px)


def add_legend(
    image: Image.Image, kinds: Collection[Kind], *, n_omitted: int, colors: OverlayColors
) -> Image.Image:
    """Add a strip below an image that explains its frames.

    Args:
        image: RGB.
        kinds: kinds of labels that occur in it; without any, nothing is added.
        n_omitted: number of texts for which there was no room.
        colors: colors of the frames.
    """
    if not kinds:
        return image
    legend = _Legend(image.size, colors)
    for kind, text in _MEANINGS.items():
        if kind in kinds:
            legend.add(text, kind)
    if n_omitted:
        legend.add(f"texts omitted for lack of room: {n_omitted}")
    strip = legend.draw()
    extended = Image.new("RGB", (image.width, image.height + strip.height))
    extended.paste(image, (0, 0))
    extended.paste(strip, (0, image.height))
    return extended


@dataclass(frozen=True)
class _LegendItem:
    x: int
    row: int
    text: str
    kind: Kind | None


class _Legend:
    """Items laid out in rows as wide as an image of size (width, height)."""

    def __init__(self, size: Size, colors: OverlayColors) -> None:
        text_px = round(max(size) * LEGEND.text_of_side)
        self._text_px = min(max(text_px, LEGEND.min_text_px), LEGEND.max_text_px)
        self._width, self._colors = size[0], colors
        self._items: list[_LegendItem] = []
        self._x, self._row = self._text_px, 0

    def add(self, text: str, kind: Kind | None = None) -> None:
        """Add a text, with a small frame before it if it has a kind."""
        width = round(font(self._text_px).getlength(text)) + (3 * self._text_px if kind else 0)
        if self._x + width > self._width and self._x > self._text_px:
            self._x, self._row = self._text_px, self._row + 1
        self._items.append(_LegendItem(self._x, self._row, text, kind))
        self._x += width + 2 * self._text_px

    def draw(self) -> Image.Image:
        """Draw the rows."""
        row_px = 2 * self._text_px
        size = (self._width, row_px * (self._row + 1) + self._text_px // 2)
        strip = Image.new("RGB", size, self._colors.background)
        pen = Pen(ImageDraw.Draw(strip), self._text_px, self._colors)
        pen.bar((0, 0, self._width, pen.line_px), "cell")
        for item in self._items:
            self._draw_item(pen, item, item.row * row_px + self._text_px // 2)
        return strip

    def _draw_item(self, pen: Pen, item: _LegendItem, y: int) -> None:
        x = item.x
        if item.kind is not None:
            frame = (x, y + self._text_px // 8, 2 * self._text_px, self._text_px)
            pen.frame(frame, item.kind)
            x += 3 * self._text_px
        pen.draw.text((x, y), item.text, fill=self._colors.text, font=font(self._text_px))
