"""Ruled, squared and form lines of a page, selected among all traced lines."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitus.imaging.components import label_components, weighted_median
from digitus.imaging.levels import Levels
from digitus.imaging.ruled_lines.line_set import Mask, RuledLines, transposed
from digitus.imaging.ruled_lines.tracing import (
    TRACING,
    TracingParameters,
    thin_shares,
    trace_lines,
)

RULED_TRACING = replace(TRACING, thickest_px=16, thickest=0.8, least_drawn=0.8)
"""Thicker segments than those of tables: a ruled line drawn by a marker, its faint fringe and the
dilation of the search copy add up. Bars and rows of digits are excluded by ``least_thin``, and
rows of dashes, which cover 70 % of their length, by ``least_drawn``."""


@dataclass(frozen=True)
class ThinLineParameters:
    """Parameters of ``thin_lines``, set by hand: ruled lines are thinner than bars.

    Attributes:
        tracing: parameters of the tracing of all lines.
        thickest: greatest thickness of a line, as a share of the image's long side; a thicker
            bar is not a ruled line.
        thickest_px: least value of that thickness, in pixels.
        least_thin: least share of a line's length that is no thicker; digits that only stand in
            a row are thicker where they meet it.
    """

    tracing: TracingParameters = RULED_TRACING
    thickest: float = 0.01
    thickest_px: int = 4
    least_thin: float = 0.6

    def most_px(self, shape: tuple[int, ...]) -> int:
        """Return the thickness up to which a bar is a ruled line on an image of a shape."""
        return max(self.thickest_px, round(self.thickest * float(max(shape))))


@dataclass(frozen=True)
class RuledLineParameters:
    """Parameters of ``find_ruled_lines``, set by hand: how much longer lines are than writing.

    Attributes:
        search_px: greatest long side of the copy on which lines are searched; time grows with
            its area.
        edge_to_edge: share of the side from which a line runs from edge to edge.
        of_writing: least length, in heights of the writing, of a line from edge to edge or of a
            family of lines.
        family: number of lines of one direction that are ruled if each has that length.
        of_writing_if_few: least length, in the same unit, of fewer lines that end on the page.
        least_length: least length of every line, as a share of the side.
        certain_length: length, as a share of the long side, from which a line cannot be a
            stroke; such lines do not count when the height of the writing is measured.
        fills_page: length, as a share of the long side, from which a component contains lines.
    """

    search_px: int = 1400
    edge_to_edge: float = 0.9
    of_writing: float = 1.5
    family: int = 4
    of_writing_if_few: float = 3.0
    least_length: float = 0.12
    certain_length: float = 0.3
    fills_page: float = 0.5


PAGE_LINES = ThinLineParameters()
RULED_LINES = RuledLineParameters()


def find_ruled_lines(dark: Mask) -> tuple[RuledLines, RuledLines]:
    """Find the lines of a page that run nearly straight along its rows or its columns.

    Lines are longer than the writing is high; how many times depends on whether they run from
    edge to edge and on how many there are.

    Args:
        dark: (rows, cols), all that is darker than paper, however faint.

    Returns:
        The lines along the rows, and those along the columns, on the transposed page.
    """
    small, step = _search_copy(dark)
    turned = transposed(small)
    across, down = (thin_lines(mask, PAGE_LINES) for mask in (small, turned))
    if len(across) or len(down):
        certain = _certain(across, small) | _certain(down, turned).T
        written_px = _height_of_writing(small, certain)
        across = _long_lines(across, small.shape[1], written_px)
        down = _long_lines(down, small.shape[0], written_px)
    return across.scaled(step), down.scaled(step)


def _search_copy(dark: Mask) -> tuple[Mask, int]:
    """Return the mask, shrunk by a whole factor; a pixel is dark where one of several is."""
    step = -(-max(dark.shape) // RULED_LINES.search_px)
    if step == 1:
        return np.ascontiguousarray(dark), 1
    grown = cv2.dilate(dark.astype(np.uint8), np.ones((step, step), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(np.asarray(grown)[::step, ::step] > 0), step


def thin_lines(mask: Mask, parameters: ThinLineParameters) -> RuledLines:
    """Trace the nearly horizontal lines of a mask that are thin for most of their length.

    Args:
        mask: (rows, cols), where there is ink.
        parameters: ``PAGE_LINES``, or those of another kind of image.
    """
    lines = trace_lines(mask, parameters.tracing)
    thin = thin_shares(lines, mask, parameters.most_px(mask.shape), parameters.tracing)
    return lines.only(thin >= parameters.least_thin)


def _long_lines(lines: RuledLines, side_px: int, written_px: float) -> RuledLines:
    """Keep the lines that are longer than any stroke."""
    lengths = lines.lengths_px
    long = lengths >= max(RULED_LINES.least_length * side_px, RULED_LINES.of_writing * written_px)
    if np.count_nonzero(long) < RULED_LINES.family:
        long &= (lengths >= RULED_LINES.edge_to_edge * side_px) | (
            lengths >= RULED_LINES.of_writing_if_few * written_px
        )
    return lines.only(long)


def _certain(lines: RuledLines, mask: Mask) -> Mask:
    """Mark the lines (rows, cols) that are too long to be strokes."""
    least = RULED_LINES.certain_length * max(mask.shape)
    return lines.only(lines.lengths_px >= least).mask(mask.shape)


def _height_of_writing(mask: Mask, lines: Mask) -> float:
    """Return the height of the components that are not lines; that of the page without any.

    Components that touch a line are measured without it. Components whose thin parts look like
    lines are measured whole. The larger result counts.
    """
    whole = mask.view(np.uint8)
    gap = np.ones((2 * PAGE_LINES.most_px(mask.shape),) * 2, np.uint8)  # left where a line was
    rest = np.where(lines, np.uint8(0), whole)
    rest = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap), np.uint8)
    height = max(_usual_height(whole), _usual_height(rest))
    return height or float(len(mask))


def _usual_height(mask: Levels) -> float:
    """Return the median height of the components, weighted by their areas; 0.0 without any."""
    components = label_components(mask)
    writing = components.only(components.spans_px < RULED_LINES.fills_page * max(mask.shape))
    if not len(writing):
        return 0.0
    return weighted_median(writing.heights_px.astype(float), writing.areas_px.astype(float))
