"""A drawing: the strokes of a pen, with undo and redo, smoothed; independent of Qt."""

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float] | tuple[float, float, float]
"""(x, y) on the canvas, y downwards, or (x, y, share) with the share of the pen's diameter."""

Stroke: TypeAlias = list[Point]

CANVAS_PX = 280
"""Side of the canvas in its own pixels, independent of its size on the screen."""
UNDO_STEPS = 100
CURVE_STEP_PX = 2.0
"""Length of the straight pieces that a curve between two points of a stroke is divided into."""


class Drawing:
    """Strokes in canvas coordinates, with their history.

    >>> drawing = Drawing()
    >>> drawing.begin((1.0, 2.0))
    >>> drawing.extend((3.0, 4.0))
    >>> drawing.strokes
    [[(1.0, 2.0), (3.0, 4.0)]]
    >>> drawing.undo()
    >>> drawing.strokes
    []
    """

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []
        self._past: list[list[Stroke]] = []
        self._future: list[list[Stroke]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._future)

    def begin(self, point: Point) -> None:
        """Begin a stroke."""
        self._step([*self.strokes, [point]])

    def extend(self, point: Point) -> None:
        """Add a point to the last stroke, unless it repeats the last point."""
        if self.strokes and self.strokes[-1][-1] != point:
            self.strokes[-1].append(point)

    def replace(self, strokes: list[Stroke]) -> None:
        """Replace all strokes; can be undone."""
        self._step(strokes)

    def clear(self) -> None:
        """Remove all strokes; can be undone."""
        if self.strokes:
            self._step([])

    def undo(self) -> None:
        """Undo the last step."""
        if self._past:
            self._future.append(self.strokes)
            self.strokes = self._past.pop()

    def redo(self) -> None:
        """Redo the last undone step."""
        if self._future:
            self._past.append(self.strokes)
            self.strokes = self._future.pop()

    def _step(self, strokes: list[Stroke]) -> None:
        self._past.append(self.strokes)
        del self._past[:-UNDO_STEPS]
        self._future.clear()
        self.strokes = strokes


def smoothed(stroke: Sequence[Point]) -> Stroke:
    """Return a stroke with points added between its own, on a curve through all of them.

    The curve is a centripetal Catmull-Rom spline, which makes no loops between points (Yuksel,
    Schaefer and Keyser 2011). What is painted and what is read are both made of it.

    >>> smoothed([(0.0, 0.0), (4.0, 0.0)])
    [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0)]
    """
    curve = [stroke[0]]
    for i in range(len(stroke) - 1):
        before, after = stroke[max(i - 1, 0)], stroke[min(i + 2, len(stroke) - 1)]
        curve.extend(_between(before, stroke[i], stroke[i + 1], after))
    return curve


def _between(before: Point, start: Point, end: Point, after: Point) -> Iterator[Point]:
    """Yield points behind ``start`` on the curve to ``end``, and ``end`` itself."""
    n_steps = math.ceil(math.dist(start[:2], end[:2]) / CURVE_STEP_PX)
    at_start, at_end = _slope(before, start, end), _slope(after, end, start)
    for step in range(1, n_steps):
        t = step / n_steps
        x, y = (
            _on_curve(t, (start[axis], at_start[axis]), (end[axis], -at_end[axis]))
            for axis in range(2)
        )
        yield (x, y, start[2] + t * (end[2] - start[2])) if len(start) == len(end) == 3 else (x, y)
    yield end


def _slope(before: Point, here: Point, after: Point) -> tuple[float, float]:
    """Return the slope of the curve at ``here`` towards ``after``, per length of that piece.

    The parameter of the curve grows with the square root of the distance between points.
    """
    behind = math.sqrt(math.dist(before[:2], here[:2]))
    ahead = math.sqrt(math.dist(here[:2], after[:2]))
    if behind == 0 or ahead == 0:  # at an end of the stroke
        return after[0] - here[0], after[1] - here[1]
    x, y = (
        ahead * (here[axis] - before[axis]) / behind
        - ahead * (after[axis] - before[axis]) / (behind + ahead)
        + (after[axis] - here[axis])
        for axis in range(2)
    )
    return x, y


def _on_curve(t: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return a coordinate of a cubic at ``t``, 0 to 1, by its values and slopes at both ends."""
    return (
        (2 * t**3 - 3 * t**2 + 1) * start[0]
        + (t**3 - 2 * t**2 + t) * start[1]
        + (3 * t**2 - 2 * t**3) * end[0]
        + (t**3 - t**2) * end[1]
    )
