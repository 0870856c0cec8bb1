"""Ruled, squared and form lines of a page, selected among all traced lines."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class RuledLineParameters:
    """Parameters of ``find_ruled_lines``.

    Attributes:
        tracing: of the lines among which is selected.
        search_px: long side, at most, of the copy on which lines are searched.
        thickest: of the long side; thicker bars are no ruled lines.
        thickest_px: the same in pixels, at least.
        least_thin: share of a line's length where it is no thicker; digits that merely stand
            on one line are thicker where they meet it.
        edge_to_edge: share of the side from which a line runs from edge to edge.
        of_writing: length, in heights of what is written, of a line from edge to edge or of a
            family of lines.
        family: number of lines of one direction that are ruled if each has that length.
        of_writing_if_few: length of fewer lines that end on the page.
        least_length: length of every line, as a share of the side.
        certain_length: of the long side; a longer line is no stroke, so it does not count when
            the height of what is written is measured.
        fills_page: of the long side; a component this long contains lines.
    """

    tracing: TracingParameters = TRACING
    search_px: int = 1400
    thickest: float = 0.01
    thickest_px: int = 4
    least_thin: float = 0.6
    edge_to_edge: float = 0.9
    of_writing: float = 1.5
    family: int = 4
    of_writing_if_few: float = 3.0
    least_length: float = 0.12
    certain_length: float = 0.3
    fills_page: float = 0.5

    def most_px(self, shape: tuple[int, ...]) -> int:
        """Return the thickness up to which a bar is a ruled line on an image of a shape."""
        return max(self.thickest_px, round(self.thickest * float(max(shape))))


PAGE_LINES = RuledLineParameters()


def find_ruled_lines(
    dark: Mask, parameters: RuledLineParameters = PAGE_LINES
) -> tuple[RuledLines, RuledLines]:
    """Find the lines of a page that run nearly straight along its rows or its columns.

    Lines are longer than what is written is high. How many times depends on whether they run
    from edge to edge and how many there are.

    Args:
        dark: (rows, cols), what is darker than paper, however faint.
        parameters: see ``RuledLineParameters``.

    Returns:
        The lines along the rows, and those along the columns, on the transposed page.
    """
    small, step = _search_copy(dark, parameters)
    turned = transposed(small)
    across, down = (thin_lines(mask, parameters) for mask in (small, turned))
    if len(across) or len(down):
        certain = _certain(across, small, parameters) | _certain(down, turned, parameters).T
        written_px = _height_of_writing(small, certain, parameters)
        across = _long_lines(across, small.shape[1], written_px, parameters)
        down = _long_lines(down, small.shape[0], written_px, parameters)
    return across.scaled(step), down.scaled(step)


def _search_copy(dark: Mask, parameters: RuledLineParameters) -> tuple[Mask, int]:
    """Return the mask, shrunk by a whole factor; a pixel is dark where one of several is."""
    step = -(-max(dark.shape) // parameters.search_px)
    if step == 1:
        return np.ascontiguousarray(dark), 1
    grown = cv2.dilate(dark.astype(np.uint8), np.ones((step, step), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(np.asarray(grown)[::step, ::step] > 0), step


def thin_lines(mask: Mask, parameters: RuledLineParameters = PAGE_LINES) -> RuledLines:
    """Trace the nearly horizontal lines of a mask that are thin for most of their length.

    Args:
        mask: (rows, cols), where there is ink.
        parameters: see ``RuledLineParameters``; those of the selection by length are not used.
    """
    lines = trace_lines(mask, parameters.tracing)
    thin = thin_shares(lines, mask, parameters.most_px(mask.shape))
    return lines.only(thin >= parameters.least_thin)


def _long_lines(
    lines: RuledLines, side_px: int, written_px: float, parameters: RuledLineParameters
) -> RuledLines:
    """Keep the lines that are longer than any stroke."""
    lengths = lines.lengths_px
    long = lengths >= max(parameters.least_length * side_px, parameters.of_writing * written_px)
    if np.count_nonzero(long) < parameters.family:
        long &= (lengths >= parameters.edge_to_edge * side_px) | (
            lengths >= parameters.of_writing_if_few * written_px
        )
    return lines.only(long)


def _certain(lines: RuledLines, mask: Mask, parameters: RuledLineParameters) -> Mask:
    """Mark the lines (rows, cols) that are too long to be strokes."""
    least = parameters.certain_length * max(mask.shape)
    return lines.only(lines.lengths_px >= least).mask(mask.shape)


def _height_of_writing(mask: Mask, lines: Mask, parameters: RuledLineParameters) -> float:
    """Return the height of the marks that are no lines; that of the page without any.

    Marks that touch a line are measured without it. Marks whose thin parts look like lines are
    measured whole. The larger result counts.
    """
    whole = mask.view(np.uint8)
    gap = np.ones((2 * parameters.most_px(mask.shape),) * 2, np.uint8)  # that a line leaves
    rest = np.where(lines, np.uint8(0), whole)
    rest = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap), np.uint8)
    height = max(_usual_height(whole, parameters), _usual_height(rest, parameters))
    return height or float(len(mask))


def _usual_height(mask: Levels, parameters: RuledLineParameters) -> float:
    """Return the median height of the components, weighted by their areas; 0.0 without any."""
    components = label_components(mask)
    marks = components.only(components.spans_px < parameters.fills_page * max(mask.shape))
    if not len(marks):
        return 0.0
    return weighted_median(marks.heights_px.astype(float), marks.areas_px.astype(float))
