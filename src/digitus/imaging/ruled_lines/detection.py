"""Ruled, squared and form lines of a page: found and traced."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

SEARCH_PX = 1400  # long side, at most, of the copy on which lines are searched
THICKEST = 0.01  # of the long side; thicker bars are no ruled lines
LEAST_THICKEST_PX = 4
SHORTEST_RUN = 0.012  # of the side along which a line runs; a steep one has no longer runs
GAP = 2  # thicknesses; strokes that cross interrupt a line this long
SHORTEST_PIECE = 0.05  # of the side along which a line runs
STEEPEST = 0.25  # rise over run; squared up pages stay far below
LEAST_COVERED = 0.6  # of a piece's columns; thin parts of strokes are interrupted more
MOST_OFF_PX = 1.5  # from the fitted curve, in the middle of all columns
SAME_LINE_PX = 4  # off the other's course
FROM_EDGE_TO_EDGE = 0.9  # of the side
LONGER_THAN_MARKS = 1.5  # times the height of what is written, if from edge to edge or many
FAMILY = 4  # so many lines one way are ruled, if each is that much longer than marks
LONG_BESIDE = 3.0  # times the height of what is written, for fewer that end on the page
LEAST_SPAN = 0.12  # of the side, for all others
LEAST_INKED = 0.8  # of a line's columns, crossing strokes included
SURELY_A_LINE = 0.3  # of the long side
SPANS_THE_PAGE = 0.5  # of its long side: a component this long holds lines
CURVED_FROM = 0.25  # of the side: a shorter line is taken for straight


@dataclass(frozen=True, eq=False)
class RuledLine:
    """A line of a page, running mostly along its rows.

    Attributes:
        first: its first column.
        last: the column after its last.
        course: polynomial in the column that gives the row of its middle.
        width_px: how thick it is.
        covered_px: columns in which its ink was found.
    """

    first: float
    last: float
    course: np.polynomial.Polynomial
    width_px: float
    covered_px: float

    def scaled(self, factor: float) -> "RuledLine":
        """Return the same line on a page ``factor`` times as large."""
        line = np.polynomial.Polynomial([0, 1 / factor])
        return RuledLine(
            self.first * factor,
            self.last * factor,
            factor * self.course(line) + (factor - 1) / 2,
            self.width_px * factor,
            self.covered_px * factor,
        )


def find_ruled_lines(dark: Mask) -> tuple[list[RuledLine], list[RuledLine]]:
    """Find the lines of a page that run straight, or nearly so, along its rows and columns.

    Args:
        dark: (rows, cols), what is darker than paper, however faint.

    Returns:
        Lines along the rows, and lines along the columns; of the latter a course gives the
        column for a row. The length is in pixels of the page.
    """
    mask, step = _search_copy(dark)
    turned = np.ascontiguousarray(mask.T)
    across, down = _joined(_pieces(mask)), _joined(_pieces(turned))
    if not across and not down:
        return [], []
    written_px = _height_of_marks(mask, _longest(across, mask), _longest(down, turned))
    across = _long_lines(mask, across, written_px)
    down = _long_lines(turned, down, written_px)
    return [rule.scaled(step) for rule in across], [rule.scaled(step) for rule in down]


def bands(rules: list[RuledLine], shape: tuple[int, ...]) -> Mask:
    """Mark where lines lie (rows, cols), a pixel beyond their edges included."""
    canvas = np.zeros(shape, np.uint8)
    for rule in rules:
        cols = np.linspace(rule.first, rule.last, max(2, int(rule.last - rule.first) // 16))
        points = np.stack([cols, rule.course(cols)], axis=1)
        width = int(np.ceil(rule.width_px)) + 2
        cv2.polylines(canvas, [np.rint(points).astype(np.int32)], False, 1, thickness=width)
    return canvas > 0


def _search_copy(dark: Mask) -> tuple[Bytes, int]:
    """Return the mask; on a large page each of its pixels is dark where one of several is."""
    mask = np.asarray(dark, np.uint8)
    step = -(-max(dark.shape) // SEARCH_PX)
    if step > 1:
        mask = np.asarray(cv2.dilate(mask, np.ones((step, step), np.uint8), anchor=(0, 0)))
        mask = np.ascontiguousarray(mask[::step, ::step])
    return mask, step


def _pieces(mask: Bytes) -> list[RuledLine]:
    """Find stretches that are thin, long and straight along the rows of a mask (rows, cols)."""
    thickest = _thickest_px(mask)
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    thin = np.asarray(cv2.subtract(mask, tall), np.uint8)
    near = cv2.dilate(thin, np.ones((3, 1), np.uint8))
    run = np.ones((1, max(2 * LEAST_THICKEST_PX, round(SHORTEST_RUN * mask.shape[1]))), np.uint8)
    runs = cv2.morphologyEx(near, cv2.MORPH_OPEN, run)  # curves would lead from line to line
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, GAP * thickest), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined))
    boxes, marks = np.asarray(stats, np.int32), np.asarray(labels, np.int32)
    least = max(2 * thickest, SHORTEST_PIECE * mask.shape[1])
    long = np.flatnonzero(boxes[:, cv2.CC_STAT_WIDTH] >= least)
    found = [_piece(thin, marks, int(label), boxes[label]) for label in long if label]
    return [piece for piece in found if piece is not None]


def _thickest_px(mask: Bytes) -> int:
    return max(LEAST_THICKEST_PX, round(THICKEST * float(max(mask.shape))))


def _piece(
    thin: Bytes, labels: NDArray[np.int32], label: int, box: NDArray[np.int32]
) -> RuledLine | None:
    left, top, width, height = (int(side) for side in box[:4])
    if height > STEEPEST * width + 4 * LEAST_THICKEST_PX:
        return None
    window = (slice(top, top + height), slice(left, left + width))
    mine = (thin[window] > 0) & (labels[window] == label)
    heights = mine.sum(axis=0)
    cols: NDArray[np.intp] = np.flatnonzero(heights)
    if len(cols) < LEAST_COVERED * width:
        return None
    middles = (np.arange(height) @ mine)[cols] / heights[cols]
    degree = 1 if width < CURVED_FROM * labels.shape[1] else 2
    x, y = (np.asarray(at, np.float64) for at in (cols + left, middles + top))
    course, off = _fitted(x, y, degree=degree)
    if off > MOST_OFF_PX:
        return None
    return RuledLine(left, left + width, course, float(np.median(heights[cols])), float(len(cols)))


def _fitted(cols: Floats, rows: Floats, *, degree: int) -> tuple[np.polynomial.Polynomial, float]:
    """Fit a course by least squares, strokes upon it left out; give the median distance too."""
    kept = np.ones(len(cols), bool)
    for _ in range(3):
        course = np.polynomial.Polynomial.fit(cols[kept], rows[kept], degree)
        off = np.abs(course(cols) - rows)
        kept = off <= 1 + np.median(off)
    return course.convert(), float(np.median(off))


def _joined(pieces: list[RuledLine]) -> list[RuledLine]:
    """Join pieces that lie on each other's course."""
    lines: list[RuledLine] = []
    for piece in sorted(pieces, key=lambda piece: piece.first):
        for index, line in enumerate(lines):
            if _continues(line, piece):
                lines[index] = _united(line, piece)
                break
        else:
            lines.append(piece)
    return lines


def _continues(line: RuledLine, piece: RuledLine) -> bool:
    """Return whether a piece further right lies on a line's tangent, and the line on its."""
    end, start = line.last, piece.first
    gap = max(0.0, start - end)
    ahead = line.course(end) + line.course.deriv()(end) * (start - end)
    back = piece.course(start) + piece.course.deriv()(start) * (end - start)
    far = max(abs(ahead - piece.course(start)), abs(back - line.course(end)))
    return bool(far <= SAME_LINE_PX + 0.02 * gap and gap < 4 * (line.last - line.first))


def _united(line: RuledLine, piece: RuledLine) -> RuledLine:
    """Fit one course through two pieces, each as heavy as it is long."""
    cols = [
        np.linspace(one.first, one.last, max(3, int(one.covered_px) // 4)) for one in (line, piece)
    ]
    rows = [one.course(col) for one, col in zip((line, piece), cols, strict=True)]
    course = np.polynomial.Polynomial.fit(np.concatenate(cols), np.concatenate(rows), 2).convert()
    total = line.covered_px + piece.covered_px
    width = (line.width_px * line.covered_px + piece.width_px * piece.covered_px) / total
    return RuledLine(line.first, max(line.last, piece.last), course, width, total)


def _long_lines(mask: Bytes, lines: list[RuledLine], written_px: float) -> list[RuledLine]:
    """Keep the lines that are longer than any stroke and not interrupted."""
    side = mask.shape[1]
    near = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    lines = [line for line in lines if _is_long(line, side, LONGER_THAN_MARKS * written_px)]
    crossing = [line for line in lines if line.last - line.first >= FROM_EDGE_TO_EDGE * side]
    if len(lines) < FAMILY:
        long = [line for line in lines if _is_long(line, side, LONG_BESIDE * written_px)]
        lines = long + [line for line in crossing if line not in long]
    return [line for line in lines if _inked_share(near, line) >= LEAST_INKED]


def _is_long(line: RuledLine, side: int, least_px: float) -> bool:
    length = line.last - line.first
    return length >= max(LEAST_SPAN * side, least_px) and line.covered_px >= LEAST_COVERED * length


def _inked_share(near: Bytes, line: RuledLine) -> float:
    """Share of a line's columns that hold ink: strokes may cross a line, gaps may not."""
    cols = np.arange(max(0, int(line.first)), min(near.shape[1], int(line.last)))
    rows = np.clip(np.rint(line.course(cols)), 0, len(near) - 1).astype(np.intp)
    return float((near[rows, cols] > 0).mean()) if len(cols) else 0.0


def _longest(lines: list[RuledLine], mask: Bytes) -> Mask:
    """Mark the lines (rows, cols) that are so long that they are hardly strokes."""
    least = SURELY_A_LINE * max(mask.shape)
    return bands([line for line in lines if line.last - line.first >= least], mask.shape)


def _height_of_marks(mask: Bytes, across: Mask, down: Mask) -> float:
    """Measure how tall the marks are that are no lines; as tall as the page if there are none.

    Marks that touch a line are seen without it. Marks whose thin parts look like lines are seen
    whole. The taller of both counts.
    """
    rest = np.where(across | down.T, np.uint8(0), mask)
    gap = np.ones((2 * _thickest_px(mask),) * 2, np.uint8)  # that a line leaves in a mark
    rest = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap), np.uint8)
    return max(_mean_height(mask), _mean_height(rest)) or len(mask)


def _mean_height(mask: Bytes) -> float:
    """Measure the middle height of the components, each as heavy as its area; 0.0 without any."""
    boxes = np.asarray(cv2.connectedComponentsWithStats(mask)[2])[1:].astype(np.float64)
    large = boxes[:, 2:4].max(axis=1, initial=0) >= SPANS_THE_PAGE * max(mask.shape)
    heights, areas = boxes[~large, 3], boxes[~large, 4]
    if not areas.size:
        return 0.0
    order = np.argsort(heights)
    middle = np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)
    return float(heights[order][middle])
