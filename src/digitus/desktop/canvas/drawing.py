"""A drawing: the strokes of a pen, with undo and redo. It knows nothing of Qt."""

from typing import TypeAlias

Point: TypeAlias = tuple[float, float] | tuple[float, float, float]
"""(x, y) on the canvas, y downwards; a third number is the pen's width here, 1.0 its own."""

Stroke: TypeAlias = list[Point]

CANVAS_PX = 280
"""Side of the canvas in its own units, however large it is on the screen."""
MOST_STEPS = 100


class Drawing:
    """Strokes in canvas coordinates, and the way back.

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
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._future)

    def begin(self, point: Point) -> None:
        """Put the pen down."""
        self._step([*self.strokes, [point]])

    def extend(self, point: Point) -> None:
        """Move the pen; a move to where it is adds nothing."""
        if self.strokes and self.strokes[-1][-1] != point:
            self.strokes[-1].append(point)

    def replace(self, strokes: list[Stroke]) -> None:
        """Take other strokes; a step that can be taken back."""
        self._step(strokes)

    def clear(self) -> None:
        """Take every stroke away; a step that can be taken back."""
        if self.strokes:
            self._step([])

    def undo(self) -> None:
        """Take the last step back."""
        if self._past:
            self._future.append(self.strokes)
            self.strokes = self._past.pop()

    def redo(self) -> None:
        """Take the last undo back."""
        if self._future:
            self._past.append(self.strokes)
            self.strokes = self._future.pop()

    def _step(self, strokes: list[Stroke]) -> None:
        self._past.append(self.strokes)
        del self._past[:-MOST_STEPS]
        self._future.clear()
        self.strokes = strokes
