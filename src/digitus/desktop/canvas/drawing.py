"""A drawing: the strokes of a pen, with undo and redo; independent of Qt."""

from typing import TypeAlias

Point: TypeAlias = tuple[float, float] | tuple[float, float, float]
"""(x, y) on the canvas, y downwards, or (x, y, share) with the share of the pen's diameter."""

Stroke: TypeAlias = list[Point]

CANVAS_PX = 280
"""Side of the canvas in its own pixels, independent of its size on the screen."""
UNDO_STEPS = 100


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
