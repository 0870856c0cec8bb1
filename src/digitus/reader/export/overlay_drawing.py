"""How an overlay draws: frames whose shape tells their kind, and texts in boxes."""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from PIL import ImageDraw, ImageFont

from digitus.reader.export.overlay_labels import Kind, Label
from digitus.reader.export.text_placement import Size, nearest
from digitus.reader.results.reading import Box

Colour: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Ways:
    """Colours for one kind of paper.

    Attributes:
        kinds: of the frames and their texts.
        back: behind a text that is not to be checked, and of a text that is.
        words: of the words in the legend.
    """

    kinds: dict[Kind, Colour]
    back: Colour
    words: Colour


# From blue over violet to vermilion; told apart by those who confuse red and green, too.
ON_LIGHT = Ways(
    {
        "sure": (0, 94, 162),
        "fair": (122, 60, 160),
        "doubtful": (200, 60, 0),
        "none": (70, 70, 70),
        "cell": (150, 150, 150),
    },
    back=(255, 255, 255),
    words=(40, 40, 40),
)
ON_DARK = Ways(
    {
        "sure": (120, 195, 255),
        "fair": (215, 165, 250),
        "doubtful": (255, 140, 70),
        "none": (225, 225, 225),
        "cell": (120, 120, 120),
    },
    back=(20, 20, 20),
    words=(235, 235, 235),
)


@dataclass(frozen=True)
class Pen:
    """Draws on an image.

    Attributes:
        draw: of the image.
        text_px: size of most texts, which the lines follow.
        ways: the colours.
    """

    draw: ImageDraw.ImageDraw
    text_px: int
    ways: Ways

    @property
    def line_px(self) -> int:
        """Width of thin lines."""
        return line_px(self.text_px)

    def frame(self, box: Box, kind: Kind) -> None:
        """Draw a frame along the edge of a box: thick and dashed where it is to be checked."""
        left, top, width, height = box
        corners, thin = (left, top, left + width - 1, top + height - 1), self.line_px
        colour = self.ways.kinds[kind]
        if kind == "doubtful":
            self.draw.rectangle(corners, outline=self.ways.back, width=2 * thin)
            self._dashed(corners, colour, 2 * thin)
        else:
            self.draw.rectangle(corners, outline=colour, width=1 if kind == "cell" else thin)

    def bar(self, box: Box, kind: Kind) -> None:
        """Fill a box."""
        left, top, width, height = box
        corners = (left, top, left + width, top + height - 1)
        self.draw.rectangle(corners, fill=self.ways.kinds[kind])

    def write(self, place: Box, label: Label, text_px: int) -> None:
        """Write a label's text into its box: light on dark where the others are dark on light."""
        x, y, width, height = place
        colour, back = self.ways.kinds[label.kind], self.ways.back
        fill, front = (colour, back) if label.is_doubtful else (back, colour)
        corners, edge = (x, y, x + width - 1, y + height - 1), max(1, line_px(text_px) // 2)
        self.draw.rectangle(corners, fill=fill, outline=colour, width=edge)
        middle = (x + width / 2, y + height / 2)
        self.draw.text(middle, label.text, fill=front, font=font(text_px), anchor="mm")

    def lead(self, box: Box, place: Box, kind: Kind) -> None:
        """Draw a line from a box to its text."""
        start, end = nearest(box, place), nearest(place, box)
        self.draw.line([*start, *end], fill=self.ways.kinds[kind], width=self.line_px)

    def _dashed(self, corners: Box, colour: Colour, thick: int) -> None:
        """Draw dashes twice as long as the gaps between them, along the inner edge."""
        left, top, right, bottom = corners
        dash = max(3, self.text_px // 2)
        for start in range(left, right, dash + dash // 2):
            end = min(start + dash, right)
            self.draw.rectangle((start, top, end, top + thick - 1), fill=colour)
            self.draw.rectangle((start, bottom - thick + 1, end, bottom), fill=colour)
        for start in range(top, bottom, dash + dash // 2):
            end = min(start + dash, bottom)
            self.draw.rectangle((left, start, left + thick - 1, end), fill=colour)
            self.draw.rectangle((right - thick + 1, start, right, end), fill=colour)


def line_px(text_px: int) -> int:
    """Return the width of thin lines, for texts of this size."""
    return max(1, round(text_px / 9))


def text_size(text: str, text_px: int) -> Size:
    """Return width and height of a text with its box."""
    pad = max(2, text_px // 4)
    return round(font(text_px).getlength(text)) + 2 * pad, text_px + pad


@cache
def font(text_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font of all texts."""
    return ImageFont.load_default(text_px)
