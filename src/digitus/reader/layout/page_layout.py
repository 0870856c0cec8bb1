"""The ink of a page to line images: lines from top to bottom, each in images from left to right."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging import Ink
from digitus.imaging.components import Components, digit_height_px, find_components
from digitus.reader.layout.boxes import Places
from digitus.reader.layout.segments import Segments, find_segments
from digitus.reader.layout.text_lines import order_into_lines
from digitus.reader.results.symbols import LineImage


@dataclass(frozen=True)
class LayoutParameters:
    """Where lines are divided into line images.

    Set by hand: a line image may hold several numbers, but no number may be divided.

    Attributes:
        gap: least gap between two line images, in heights of their segments. Touching digits and
            the components of a broken digit are nearer.
        tall: least height of a segment over the median of its line for its own height to count
            instead of the median, as with handwriting beside print.
    """

    gap: float = 0.8
    tall: float = 1.5


PARAMETERS = LayoutParameters()


def find_lines(ink: Ink) -> list[list[LineImage]]:
    """Find the lines of a page from top to bottom, each as line images from left to right.

    A line is divided where a gap is too wide to lie within a digit. Specks, page borders, frames
    and blobs are left out.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    components = find_components(ink)
    height = digit_height_px(components)
    if not height:
        return []
    segments = find_segments(components, height)
    return [line_images_of(ink, segments, line) for line in order_into_lines(segments.boxes)]


def line_images_of(ink: Ink, segments: Segments, line: Places) -> list[LineImage]:
    """Divide a line at its wide gaps, and crop the line images.

    Args:
        ink: (rows, cols) of the page.
        segments: all segments of the page.
        line: (m,) places of the segments of the line, from left to right.
    """
    heights = (segments.boxes[:, 3] - segments.boxes[:, 1]).astype(np.float64)
    usual = float(np.median(heights[line]))
    heights = np.where(heights > PARAMETERS.tall * usual, heights, usual)
    ends = np.maximum.accumulate(segments.extents[line, 2])
    nearby = np.sqrt(heights[line[1:]] * heights[line[:-1]])
    gaps = segments.extents[line[1:], 0] - ends[:-1]
    cuts = np.flatnonzero(gaps > PARAMETERS.gap * nearby) + 1
    return [
        crop_line_image(
            ink,
            segments.components.only(np.isin(segments.number, places)),
            float(np.median(heights[places])),
        )
        for places in np.split(line, cuts)
    ]


def crop_line_image(ink: Ink, components: Components, height_px: float) -> LineImage:
    """Crop the ink of some components, without that of others.

    Args:
        ink: (rows, cols) of the page.
        components: components of the line image; at least one.
        height_px: typical height of a digit among them.
    """
    left, top = (int(value) for value in components.boxes[:, :2].min(axis=0))
    right, bottom = (int(value) for value in components.boxes[:, 2:].max(axis=0))
    own = np.isin(components.labels[top:bottom, left:right], components.numbers)
    crop = np.where(own, ink[top:bottom, left:right], np.float32(0))
    return LineImage(crop, left, top, height_px)
