"""Ruled and squared lines in the image of one digit: they run from edge to edge."""

from dataclasses import dataclass, replace

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.components import label_components
from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.imaging.ruled_lines.detection import (
    PAGE_LINES,
    RuledLineParameters,
    thin_lines,
)
from digitus.imaging.ruled_lines.line_set import Mask, RuledLines, transposed
from digitus.imaging.ruled_lines.removal import Values, erase_lines
from digitus.imaging.ruled_lines.tracing import TRACING

DIGIT_LINES = replace(PAGE_LINES, thickest=0.03, tracing=replace(TRACING, least_length=1 / 8))
"""Longer and thicker than on a page: the digit fills the image, so shorter runs are strokes of it,
and the edge of a shadow leaves a band of ten pixels or so, which is removed like a line."""


@dataclass(frozen=True)
class EdgeToEdgeParameters:
    """Parameters of ``without_edge_to_edge_lines``.

    Attributes:
        lines: parameters of the detector.
        least_side_px: in smaller images a line is as thick as a stroke. (Without this limit one
            of 186 real digits, an image of 28 px, loses a stroke.)
        span: share of the side that a line crosses.
        near_edge: of the side: a ruled line ends this near the edge, the stem of a 1 before.
        clear_of_edge: of the side: a digit this far from every edge was not cropped tightly.
        thin_or_pale: of the digit's strokes; a line that is as thick and as dark as these may
            be part of the digit.
        least_rest: longer side of what must remain, as a share of the image's shorter side.
        large: of the largest component's area, from which a component counts as remaining.
    """

    lines: RuledLineParameters = DIGIT_LINES
    least_side_px: int = 64
    span: float = 0.85
    near_edge: float = 0.03
    clear_of_edge: float = 0.02
    thin_or_pale: float = 0.6
    least_rest: float = 0.2
    large: float = 0.2


EDGE_TO_EDGE = EdgeToEdgeParameters()


def without_edge_to_edge_lines(
    ink: Ink, darkness: Values, dark: Mask, parameters: EdgeToEdgeParameters = EDGE_TO_EDGE
) -> Ink:
    """Remove lines from the ink of a digit that run straight from edge to edge.

    A tightly cropped 1 or the bar of a tightly cropped 7 does so too. So lines are removed only
    if what remains keeps clear of the edges or is clearly thicker or darker.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        darkness: (rows, cols), what the ink was extracted from.
        dark: (rows, cols), what is darker than paper, however faint.
        parameters: see ``EdgeToEdgeParameters``.
    """
    rows, cols = ink.shape
    if min(rows, cols) < parameters.least_side_px or not _spans(dark, parameters):
        return ink
    across = _crossing(thin_lines(dark, parameters.lines), cols, parameters)
    down = _crossing(thin_lines(transposed(dark), parameters.lines), rows, parameters)
    rest = erase_lines(ink, across, down, darkness=darkness)
    erased = (ink > 0) & (rest == 0)
    if not erased.any():
        return ink
    width = float(np.concatenate([across.widths_px, down.widths_px]).max())
    return rest if _is_a_digit(rest, float(ink[erased].mean()), width, parameters) else ink


def _spans(dark: Mask, parameters: EdgeToEdgeParameters) -> bool:
    """Return whether anything is dark near two opposite edges; a quick test for most images."""
    near = max(1, int((1 - parameters.span) / 2 * min(dark.shape)))
    left, right = dark[:, :near].any(), dark[:, -near:].any()
    top, bottom = dark[:near].any(), dark[-near:].any()
    return bool((left and right) or (top and bottom))


def _crossing(lines: RuledLines, side_px: int, parameters: EdgeToEdgeParameters) -> RuledLines:
    """Keep the lines that run from edge to edge."""
    margin = np.maximum(lines.starts, side_px - 1 - lines.ends)
    long = lines.lengths_px >= parameters.span * side_px
    return lines.only(long & (margin <= parameters.near_edge * side_px))


def _is_a_digit(
    rest: Ink, line_ink: float, line_width_px: float, parameters: EdgeToEdgeParameters
) -> bool:
    """Return whether what remains without the lines can be the digit."""
    components = label_components((rest > 0).astype(np.uint8))
    if not len(components):
        return False
    areas = components.areas_px
    boxes = components.boxes[areas >= parameters.large * areas.max()]
    near, far = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    if (far - near).max() < parameters.least_rest * min(rest.shape):
        return False
    size = np.array(rest.shape[::-1])
    margin = parameters.clear_of_edge * size
    if (near > margin).all() and (far < size - margin).all():
        return True
    pale = line_ink < parameters.thin_or_pale * float(rest[rest > 0].mean())
    return pale or line_width_px < parameters.thin_or_pale * stroke_width_px(rest)
