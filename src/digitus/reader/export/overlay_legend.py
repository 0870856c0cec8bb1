"""The strip below an overlay that tells what its colours and frames mean."""

from collections.abc import Collection

from PIL import Image, ImageDraw

from digitus.reader.export.overlay_drawing import Pen, Ways, font
from digitus.reader.export.overlay_labels import FAIR_BELOW, Kind

_MEANINGS: dict[Kind, str] = {
    "sure": f"at least {100 * FAIR_BELOW:.0f} % sure",
    "fair": f"less than {100 * FAIR_BELOW:.0f} % sure",
    "doubtful": "to check; a bar marks the doubtful digit",
    "none": "cell without a number",
    "cell": "cell of a grid",
}
_OF_SIDE = 1 / 75  # size of the text by the long side
_TEXT_PX = (11, 48)  # at least, at most


def with_legend(
    image: Image.Image, kinds: Collection[Kind], *, left_out: int, ways: Ways
) -> Image.Image:
    """Put a strip below an image that explains its frames; boxes of the page stay where they are.

    Args:
        image: RGB.
        kinds: what occurs in it; nothing is added where nothing does.
        left_out: number of texts for which there was no room.
        ways: the colours.
    """
    if not kinds:
        return image
    strip = _Strip(image.size, ways)
    for kind, text in _MEANINGS.items():
        if kind in kinds:
            strip.add(text, kind)
    if left_out:
        strip.add(f"texts left out for want of room: {left_out}")
    return _below(image, strip.draw())


class _Strip:
    """Items laid out in rows as wide as an image."""

    def __init__(self, page: tuple[int, int], ways: Ways) -> None:
        wanted = round(max(page) * _OF_SIDE)
        self._width, self._text_px = page[0], min(max(wanted, _TEXT_PX[0]), _TEXT_PX[1])
        self._ways = ways
        self._items: list[tuple[int, int, str, Kind | None]] = []
        self._x, self._row = self._text_px, 0

    def add(self, text: str, kind: Kind | None = None) -> None:
        """Add an item: a small frame where it has a kind, and a text."""
        wide = round(font(self._text_px).getlength(text)) + (3 * self._text_px if kind else 0)
        if self._x + wide > self._width and self._x > self._text_px:
            self._x, self._row = self._text_px, self._row + 1
        self._items.append((self._x, self._row, text, kind))
        self._x += wide + 2 * self._text_px

    def draw(self) -> Image.Image:
        """Return the strip."""
        row_px = 2 * self._text_px
        size = (self._width, row_px * (self._row + 1) + self._text_px // 2)
        strip = Image.new("RGB", size, self._ways.back)
        pen = Pen(ImageDraw.Draw(strip), self._text_px, self._ways)
        pen.bar((0, 0, self._width, pen.line_px), "cell")
        for x, row, text, kind in self._items:
            self._item(pen, (x, row * row_px + self._text_px // 2), text, kind)
        return strip

    def _item(self, pen: Pen, corner: tuple[int, int], text: str, kind: Kind | None) -> None:
        x, y = corner
        if kind is not None:
            pen.frame((x, y + self._text_px // 8, 2 * self._text_px, self._text_px), kind)
            x += 3 * self._text_px
        pen.draw.text((x, y), text, fill=self._ways.words, font=font(self._text_px))


def _below(image: Image.Image, strip: Image.Image) -> Image.Image:
    together = Image.new("RGB", (image.width, image.height + strip.height))
    together.paste(image, (0, 0))
    together.paste(strip, (0, image.height))
    return together
