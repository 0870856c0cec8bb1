"""Drawn or printed straight lines on a page: found, joined over breaks, and traced."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.reader.layout.boxes import Bools, Floats, grouped

LEAST_LENGTH_PX, LEAST_LENGTH = 16, 0.03  # of the page's long side
BREAK = 0.15  # of the shortest ruling: gaps within it
RISE_PX = 5  # rows that a line may rise within its least length, as the marks are widened
THICKEST_PX, THICKEST = 9, 0.4
FINE_LENGTH = 12  # columns that the shortest ruling is looked at in
FARTHEST_BREAK = 3.0  # shortest rulings between two pieces of one
LEAST_DRAWN = 0.7  # of its length; strokes of digits may lie in a row too
SHORT, LEAST_OF_SHORT = 8.0, 0.9  # shortest rulings: two or three digits do so by chance
SAMPLES, STRAY_PX = 100, 2
OFF_COURSE = 0.02  # rows that a piece may go astray per column of a break
OFF_COURSE_PX = 2.5
SHORTFALL = 0.1  # of its length that a short line may end before another
CURVED = 4.0  # shortest rulings; shorter lines are straight
SMOOTH = 40  # points that a course is fitted to


@dataclass(frozen=True, eq=False)
class TableLines:
    """Lines of one direction; a horizontal one has a row for every column.

    Attributes:
        courses: (n, 3) row = a + b col + c col**2; for vertical lines rows and columns change
            places.
        starts: (n,) first column.
        ends: (n,) last column.
    """

    courses: Floats
    starts: Floats
    ends: Floats

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.courses)

    def at(self, cols: Floats | np.float64) -> Floats:
        """Return the row of every line, (n,) or (n, m), at columns (n,) or (n, m) or one."""
        a, b, c = (self.courses[:, k].reshape(-1, *[1] * (np.ndim(cols) - 1)) for k in range(3))
        return np.asarray(a + b * cols + c * np.square(cols))

    @property
    def lengths(self) -> Floats:
        """Columns from start to end, (n,)."""
        return self.ends - self.starts

    def reaches(self, cols: Floats, shortfall_px: float) -> Bools:
        """Return which lines come near columns (n, m): at most some pixels short of them."""
        short = np.minimum(shortfall_px, SHORTFALL * self.lengths)[:, None]
        return np.asarray(
            (cols >= self.starts[:, None] - short) & (cols <= self.ends[:, None] + short)
        )

    def moved(self, *, cols: float, rows: float) -> "TableLines":
        """Move all lines right and down."""
        a, b, c = self.courses.T
        courses = np.stack([a - b * cols + c * cols**2 + rows, b - 2 * c * cols, c], axis=1)
        return TableLines(courses, self.starts + cols, self.ends + cols)

    def only(self, chosen: Bools | NDArray[np.intp]) -> "TableLines":
        """Select lines by a mask (n,) or by their places."""
        return TableLines(self.courses[chosen], self.starts[chosen], self.ends[chosen])


@dataclass(frozen=True, eq=False)
class _Trace:
    """A piece of a line: points (m, 2) of column and row, and its first and last column."""

    points: Floats
    start: float
    end: float


def find_rulings(marks: NDArray[np.uint8]) -> TableLines:
    """Find the nearly horizontal lines among marks (rows, cols), 0 or 255.

    What stays of the marks when runs shorter than a least length are taken away, are pieces of
    lines. Before, the marks are widened up and down, so that a line may rise. Columns
    are taken together in fours or so, which makes that quick.
    """
    least = least_length_px(marks.shape)
    step = max(1, least // FINE_LENGTH)
    size = (-(-marks.shape[1] // step), marks.shape[0])
    closed = _morph(marks, cv2.MORPH_CLOSE, 1, int(BREAK * least))
    few = cv2.resize(closed, size, interpolation=cv2.INTER_AREA) if step > 1 else closed
    few = (np.asarray(few) > 0).view(np.uint8)
    few = _morph(few, cv2.MORPH_DILATE, RISE_PX, 1)
    few = _morph(few, cv2.MORPH_OPEN, 1, least // step)
    lines = _joined(_pieces(few, marks.shape[1] / size[0], least), least)
    wanted = np.where(lines.lengths < SHORT * least, LEAST_OF_SHORT, LEAST_DRAWN)
    return lines.only(_drawn_shares(lines, closed) >= wanted)


def least_length_px(shape: tuple[int, ...]) -> int:
    """Length from which a straight run counts as a piece of a line."""
    return max(LEAST_LENGTH_PX, round(LEAST_LENGTH * max(shape)))


def _pieces(marks: NDArray[np.uint8], step: float, least: int) -> list[_Trace]:
    """Trace every piece; a column of marks is some columns wide."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks)
    traced = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in np.asarray(stats)[number])
        if area > max(THICKEST_PX, THICKEST * least) * width:
            continue
        mask = np.asarray(labels)[top : top + height, left : left + width] == number
        cols = np.arange(0, width, max(1, width // SMOOTH))
        inked = mask[:, cols].sum(axis=0)
        rows = (np.arange(height) @ mask[:, cols]) / np.maximum(inked, 1)
        points = np.stack([(left + cols + 0.5) * step - 0.5, rows + top], axis=1)
        fine = points[(inked > 0) & (inked <= np.median(inked) + 1)]
        traced.append(_Trace(fine, left * step, (left + width) * step - 1))
    return traced


def _joined(pieces: list[_Trace], least: int) -> TableLines:
    """Join pieces that go on in each other, and fit a course to each line."""
    lines = _fitted(pieces, least)
    gaps = lines.starts[None] - lines.ends[:, None]
    near = (gaps > -least) & (gaps < FARTHEST_BREAK * least)
    middle = (lines.starts[None] + lines.ends[:, None]) / 2
    step = np.abs(lines.at(middle) - lines.at(middle.T).T)
    near &= step <= OFF_COURSE_PX + OFF_COURSE * np.maximum(gaps, 0)
    np.fill_diagonal(near, False)
    first, second = np.nonzero(near)
    group = grouped(len(pieces), (first, second))
    groups = [np.flatnonzero(group == one) for one in range(int(group.max(initial=-1)) + 1)]
    return _fitted([_together([pieces[place] for place in places]) for places in groups], least)


def _together(pieces: list[_Trace]) -> _Trace:
    return _Trace(
        np.concatenate([piece.points for piece in pieces]),
        min(piece.start for piece in pieces),
        max(piece.end for piece in pieces),
    )


def _drawn_shares(lines: TableLines, marks: NDArray[np.uint8]) -> Floats:
    """Return what part of each course runs over marks (rows, cols), (n,)."""
    share = np.linspace(0, 1, SAMPLES)
    cols = lines.starts[:, None] + share * lines.lengths[:, None]
    rows = np.rint(lines.at(cols)).astype(int) + np.arange(-STRAY_PX, STRAY_PX + 1)[:, None, None]
    rows = np.clip(rows, 0, len(marks) - 1)
    places = np.clip(np.rint(cols).astype(int), 0, marks.shape[1] - 1)
    return np.asarray((marks[rows, places] > 0).any(axis=0).mean(axis=1))


def _fitted(pieces: list[_Trace], least: int) -> TableLines:
    """Fit straight courses to short lines, parabolas to long ones, by least squares."""
    courses = np.zeros((len(pieces), 3))
    for course, piece in zip(courses, pieces, strict=True):
        cols, rows = piece.points.T
        if piece.end - piece.start > CURVED * least:
            course[:] = np.polynomial.polynomial.polyfit(cols, rows, 2)
        else:
            course[:2] = _straight(cols, rows)
    ends = np.array([(piece.start, piece.end) for piece in pieces], float).reshape(-1, 2)
    return TableLines(courses, ends[:, 0], ends[:, 1])


def _straight(cols: Floats, rows: Floats) -> tuple[float, float]:
    """Fit row = a + b col; there are many short pieces, and this is quick."""
    aside = cols - cols.mean()
    slope = float(aside @ rows) / max(float(aside @ aside), 1e-9)
    return float(rows.mean()) - slope * float(cols.mean()), slope


def _morph(marks: NDArray[np.uint8], kind: int, rows: int, cols: int) -> NDArray[np.uint8]:
    """Work on marks with a window of an odd size: even ones shift what they open or close."""
    window = np.ones((rows | 1, cols | 1), np.uint8)
    return np.asarray(cv2.morphologyEx(marks, kind, window), np.uint8)
