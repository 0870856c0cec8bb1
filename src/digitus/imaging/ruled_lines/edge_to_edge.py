"""Ruled and squared lines in the image of one digit: they run from edge to edge."""

from dataclasses import dataclass, replace

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.components import label_components
from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.imaging.ruled_lines.detection import PAGE_LINES, RULED_TRACING, thin_lines
from digitus.imaging.ruled_lines.line_set import Mask, RuledLines, transposed
from digitus.imaging.ruled_lines.removal import Values, erase_lines

DIGIT_LINES = replace(
    PAGE_LINES,
    tracing=replace(RULED_TRACING, least_length=1 / 8),
    thickest=0.06,
    thickest_px=7,
    least_thin=0.5,
)
"""Longer and thicker than on a page, set by hand: the digit fills the image, so shorter segments
are its strokes, and the edge of a shadow leaves a band of about ten pixels, removed like a line.
In a small image the smoothing makes a line of 4 px look 7 px thick, and the digit may cover nearly
half of a line."""


@dataclass(frozen=True)
class EdgeToEdgeParameters:
    """Parameters of ``without_edge_to_edge_lines``.

    Set by hand, so that lines are removed only where no stroke of the digit can be meant.

    Attributes:
        least_side_px: shorter side below which an image is left alone: there a line is as thick
            as a stroke. (Without this limit one of 186 real digits, an image of 28 px, loses a
            stroke.)
        span: least share of the side that a line crosses.
        near_edge: greatest distance of a line's ends from the edges, as a share of the side; the
            stem of a 1 ends before.
        clear_of_edge: distance from every edge, as a share of the side, from which a digit was
            not cropped tightly.
        thin_or_pale: thickness or darkness, as a share of the strokes' own, below which a line
            cannot be part of the digit.
        least_rest: longer side of what must remain, as a share of the image's shorter side.
        large: area, as a share of the largest component's, from which a component counts as
            remaining.
    """

    least_side_px: int = 64
    span: float = 0.85
    near_edge: float = 0.03
    clear_of_edge: float = 0.02
    thin_or_pale: float = 0.6
    least_rest: float = 0.2
    large: float = 0.2


EDGE_TO_EDGE = EdgeToEdgeParameters()


def without_edge_to_edge_lines(ink: Ink, darkness: Values, dark: Mask) -> Ink:
    """Remove lines from the ink of a digit that run straight from edge to edge.

    A tightly cropped 1 or the bar of a tightly cropped 7 does so too. So lines are removed only
    if what remains keeps clear of the edges or is clearly thicker or darker.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        darkness: (rows, cols), from which the ink was extracted.
        dark: (rows, cols), all that is darker than paper, however faint.
    """
    if min(ink.shape) < EDGE_TO_EDGE.least_side_px:
        return ink
    across, down = _crossing_lines(dark), _crossing_lines(transposed(dark))
    if not len(across) and not len(down):
        return ink
    rest = erase_lines(ink, across, down, darkness=darkness)
    erased = (ink > 0) & (rest == 0)
    if not erased.any():
        return ink
    width = float(np.concatenate([across.widths_px, down.widths_px]).max())
    return rest if _is_a_digit(rest, float(ink[erased].mean()), width) else ink


def _crossing_lines(dark: Mask) -> RuledLines:
    """Find the nearly horizontal lines that run from edge to edge."""
    cols = dark.shape[1]
    near = max(1, int((1 - EDGE_TO_EDGE.span) / 2 * min(dark.shape)))
    if not (dark[:, :near].any() and dark[:, -near:].any()):  # quick, and true of most images
        return RuledLines.none()
    lines = thin_lines(dark, DIGIT_LINES)
    margin = np.maximum(lines.starts, cols - 1 - lines.ends)
    is_long = lines.lengths_px >= EDGE_TO_EDGE.span * cols
    return lines.only(is_long & (margin <= EDGE_TO_EDGE.near_edge * cols))


def _is_a_digit(rest: Ink, line_ink: float, line_width_px: float) -> bool:
    """Return whether what remains without the lines can be the digit."""
    components = label_components((rest > 0).astype(np.uint8))
    if not len(components):
        return False
    areas = components.areas_px
    boxes = components.boxes[areas >= EDGE_TO_EDGE.large * areas.max()]
    near, far = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    if (far - near).max() < EDGE_TO_EDGE.least_rest * min(rest.shape):
        return False
    size = np.array(rest.shape[::-1])
    margin = EDGE_TO_EDGE.clear_of_edge * size
    if (near > margin).all() and (far < size - margin).all():
        return True
    pale = line_ink < EDGE_TO_EDGE.thin_or_pale * float(rest[rest > 0].mean())
    return pale or line_width_px < EDGE_TO_EDGE.thin_or_pale * stroke_width_px(rest)
