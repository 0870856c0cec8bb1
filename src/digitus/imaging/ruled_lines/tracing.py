"""Drawn and printed lines in a mask of ink: found, joined over breaks, fitted and measured."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.levels import FULL, Levels
from digitus.imaging.ruled_lines.line_set import Floats, Mask, RuledLines


@dataclass(frozen=True)
class TracingParameters:
    """Parameters of ``trace_lines``; "least lengths" are multiples of ``least_length_px``.

    Set by hand for hand-drawn tables, whose lines bend and break, and kept for printed lines:
    with the earlier detector of pages 67 of 84 cells of synthetic drawn grids were right, with
    these 81.

    Attributes:
        least_px: least length, in pixels, of a straight segment of a line.
        least_length: the same, as a share of the image's long side; the larger counts.
        closed_gap: longest gap within a segment, in least lengths.
        rise_px: rows that a line may rise within its least length.
        columns: number of columns that the least length has on the copy that is searched.
        thickest_px: greatest mean thickness of a segment, in pixels, after the dilation by
            ``rise_px``.
        thickest: the same in least lengths; the larger counts.
        farthest_break: longest gap between two segments of one line, in least lengths.
        off_course_px: greatest distance of the courses of two segments of one line.
        off_course: addition to that distance for every column of the gap between them.
        least_drawn: least share of a line's length that is inked; lower, strokes of digits that
            lie on one line would count.
        short: length, in least lengths, below which a line is short: two or three digits side by
            side make such a line by chance.
        least_drawn_if_short: least share of a short line's length that is inked.
        curved_from: length, in least lengths, from which a line is fitted by a parabola.
        points: number of columns of a segment that its course is fitted to.
        samples: number of columns at which a line is looked up.
        stray_px: rows that a line's ink may lie off its course.
    """

    least_px: int = 16
    least_length: float = 0.03
    closed_gap: float = 0.15
    rise_px: int = 5
    columns: int = 12
    thickest_px: int = 9
    thickest: float = 0.4
    farthest_break: float = 3.0
    off_course_px: float = 2.5
    off_course: float = 0.02
    least_drawn: float = 0.7
    short: float = 8.0
    least_drawn_if_short: float = 0.9
    curved_from: float = 4.0
    points: int = 40
    samples: int = 100
    stray_px: int = 2

    def least_length_px(self, shape: tuple[int, ...]) -> int:
        """Return the length from which a straight run counts as a segment of a line."""
        return max(self.least_px, round(self.least_length * max(shape)))


TRACING = TracingParameters()


@dataclass(frozen=True, eq=False)
class _Segment:
    """A segment of a line: points (m, 2) of column and row, its first and last column."""

    points: Floats
    start: float
    end: float


def trace_lines(mask: Mask, parameters: TracingParameters = TRACING) -> RuledLines:
    """Trace the nearly horizontal lines in a mask.

    The mask is dilated up and down, so that a line may rise, and opened by a horizontal run of
    the least length: what remains are segments of lines. Columns are taken together in fours or
    so, which makes that quick. Segments on one course are joined.

    Args:
        mask: (rows, cols), where there is ink.
        parameters: see ``TracingParameters``.
    """
    least = parameters.least_length_px(mask.shape)
    step = max(1, least // parameters.columns)
    size = (-(-mask.shape[1] // step), mask.shape[0])
    closed = _morph(
        mask.view(np.uint8) * np.uint8(FULL), cv2.MORPH_CLOSE, 1, int(parameters.closed_gap * least)
    )
    few = cv2.resize(closed, size, interpolation=cv2.INTER_AREA) if step > 1 else closed
    few = (np.asarray(few) > 0).view(np.uint8)
    few = _morph(few, cv2.MORPH_DILATE, parameters.rise_px, 1)
    few = _morph(few, cv2.MORPH_OPEN, 1, least // step)
    segments = _find_segments(few, mask.shape[1] / size[0], least, parameters)
    lines = _join(segments, least, parameters)
    is_short = lines.lengths_px < parameters.short * least
    wanted = np.where(is_short, parameters.least_drawn_if_short, parameters.least_drawn)
    lines = lines.only(_drawn_shares(lines, closed > 0, parameters) >= wanted)
    widths = _widths_px(lines, mask, parameters)
    return RuledLines(lines.courses, lines.starts, lines.ends, widths)


def thin_shares(
    lines: RuledLines, mask: Mask, thickest_px: float, parameters: TracingParameters = TRACING
) -> Floats:
    """Return the share of each line's length (n,) that is inked and not thicker than a limit.

    Args:
        lines: traced on this mask.
        mask: (rows, cols), where there is ink.
        thickest_px: the limit.
        parameters: those that the lines were traced with.
    """
    heights = _heights_px(lines, mask, int(thickest_px) + 1, parameters)
    return np.asarray(((heights > 0) & (heights <= thickest_px)).mean(axis=1))


def _find_segments(
    marks: Levels, step: float, least: int, parameters: TracingParameters
) -> list[_Segment]:
    """Trace every segment; a column of the marks is some columns of the image wide."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks)
    segments = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in np.asarray(stats)[number])
        if area > max(parameters.thickest_px, parameters.thickest * least) * width:
            continue
        mask = np.asarray(labels)[top : top + height, left : left + width] == number
        cols = np.arange(0, width, max(1, width // parameters.points))
        inked = mask[:, cols].sum(axis=0)
        rows = (np.arange(height) @ mask[:, cols]) / np.maximum(inked, 1)
        points = np.stack([(left + cols + 0.5) * step - 0.5, rows + top], axis=1)
        usual = points[(inked > 0) & (inked <= np.median(inked) + 1)]
        segments.append(_Segment(usual, left * step, (left + width) * step - 1))
    return segments


def _join(segments: list[_Segment], least: int, parameters: TracingParameters) -> RuledLines:
    """Join segments that continue each other, and fit a course to each line."""
    lines = _fit(segments, least, parameters)
    gaps = lines.starts[None] - lines.ends[:, None]
    near = (gaps > -least) & (gaps < parameters.farthest_break * least)
    middle = (lines.starts[None] + lines.ends[:, None]) / 2
    distance = np.abs(lines.at(middle) - lines.at(middle.T).T)
    near &= distance <= parameters.off_course_px + parameters.off_course * np.maximum(gaps, 0)
    group = _connected(near)
    members = [np.flatnonzero(group == one) for one in np.unique(group)]
    return _fit([_merge([segments[i] for i in some]) for some in members], least, parameters)


def _connected(near: Mask) -> NDArray[np.intp]:
    """Return the lowest index (n,) that each of n segments is connected to by pairs (n, n).

    Not by SciPy's ``connected_components``: the first prediction passes here, and importing
    ``scipy.sparse.csgraph`` would add about 40 ms to it.
    """
    linked = near | near.T | np.eye(len(near), dtype=bool)
    group = np.arange(len(near))
    while len(near):
        lowest = np.where(linked, group, len(near)).min(axis=1)
        if (lowest == group).all():
            break
        group = lowest
    return group


def _merge(segments: list[_Segment]) -> _Segment:
    return _Segment(
        np.concatenate([one.points for one in segments]),
        min(one.start for one in segments),
        max(one.end for one in segments),
    )


def _fit(segments: list[_Segment], least: int, parameters: TracingParameters) -> RuledLines:
    """Fit straight courses to short lines and parabolas to long ones, by least squares."""
    courses = np.zeros((len(segments), 3))
    for course, segment in zip(courses, segments, strict=True):
        cols, rows = segment.points.T
        if segment.end - segment.start > parameters.curved_from * least:
            course[:] = np.polynomial.polynomial.polyfit(cols, rows, 2)
        else:
            course[:2] = _fit_straight(cols, rows)
    ends = np.array([(one.start, one.end) for one in segments], float).reshape(-1, 2)
    return RuledLines(courses, ends[:, 0], ends[:, 1], np.zeros(len(segments)))


def _fit_straight(cols: Floats, rows: Floats) -> tuple[float, float]:
    """Fit row = a + b col; polyfit takes ten times as long, and there are many segments."""
    centered = cols - cols.mean()
    slope = float(centered @ rows) / max(float(centered @ centered), 1e-9)
    return float(rows.mean()) - slope * float(cols.mean()), slope


def _drawn_shares(lines: RuledLines, mask: Mask, parameters: TracingParameters) -> Floats:
    """Return the share of each course (n,) with ink within +- ``stray_px`` rows of it."""
    around = np.arange(-parameters.stray_px, parameters.stray_px + 1)
    return np.asarray(_look_up(lines, mask, around, parameters).any(axis=1).mean(axis=1))


def _widths_px(lines: RuledLines, mask: Mask, parameters: TracingParameters) -> Floats:
    """Return the median thickness of each line where it is drawn, (n,)."""
    heights = _heights_px(lines, mask, parameters.thickest_px, parameters)
    widths = [np.median(one[one > 0]) if one.any() else 1.0 for one in heights]
    return np.array(widths, float)


def _heights_px(
    lines: RuledLines, mask: Mask, most_px: int, parameters: TracingParameters
) -> NDArray[np.int64]:
    """Return the height of the ink around samples of each course, (n, samples); 0 without ink."""
    reach = parameters.stray_px + most_px
    column = _look_up(lines, mask, np.arange(-reach, reach + 1), parameters)
    near = column[:, reach - parameters.stray_px : reach + parameters.stray_px + 1]
    # The inked rows nearest to the course: up and down from the inked row nearest to it.
    order = np.argsort(np.abs(np.arange(-parameters.stray_px, parameters.stray_px + 1)))
    nearest = order[near[:, order].argmax(axis=1)] + reach - parameters.stray_px
    place = np.arange(column.shape[1])[None, :, None]
    gap_above = np.where(~column & (place < nearest[:, None]), place, -1).max(axis=1)
    gap_below = np.where(~column & (place > nearest[:, None]), place, column.shape[1]).min(axis=1)
    return np.where(near.any(axis=1), gap_below - gap_above - 1, 0)


def _look_up(
    lines: RuledLines, mask: Mask, around: NDArray[np.int64], parameters: TracingParameters
) -> Mask:
    """Look the mask up at some columns of each line and rows around it, (n, around, samples)."""
    share = np.linspace(0, 1, parameters.samples)
    cols = lines.starts[:, None] + share * lines.lengths_px[:, None]
    rows = np.rint(lines.at(cols)).astype(int)[:, None] + around[:, None]
    inside = (rows >= 0) & (rows < len(mask))
    places = np.clip(np.rint(cols).astype(int), 0, mask.shape[1] - 1)[:, None]
    return np.asarray(mask[np.clip(rows, 0, len(mask) - 1), places] & inside)


def _morph(marks: Levels, operation: int, rows: int, cols: int) -> Levels:
    """Apply a morphological operation with a window of odd size: an even one shifts the result."""
    window = np.ones((rows | 1, cols | 1), np.uint8)
    return np.asarray(cv2.morphologyEx(marks, operation, window), np.uint8)
