"""Nodes of the lattice of a line: the cuts of all components in one row.

The ink between two nodes is what an arc from one to the other may take.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.cuts import Cuts
from digitus.reader.sequence.line_components import LineComponents

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MIN_BOX_INK = 0.2
"""Least ink of a pixel that a box must hold; fainter ink is the edge of a stroke. Set by hand."""

CroppedInk = tuple[Ink, tuple[int, int, int, int]]
"""Ink (rows, cols), and its left, top, right and bottom in the line; the last two are exclusive."""


@dataclass(frozen=True, eq=False)
class CutNodes:
    """The cuts of a line as the nodes of its lattice, from left to right; the last ends the line.

    Attributes:
        components: components of the line.
        cuts: cuts of each component.
        component: (k,) number of the component that each node's cut lies in; n for the last node.
        cut: (k,) number of the cut within its component; 0 lies before all of its ink.
        price: (k,) strokes that the cut crosses.
        ink_before: (k,) ink on its left, that of earlier components included.
        middle: (k - 1,) mean column of each cut within its component.
    """

    components: LineComponents
    cuts: Sequence[Cuts]
    component: Ints
    cut: Ints
    price: Floats
    ink_before: Floats
    middle: Floats

    @classmethod
    def of(cls, components: LineComponents, cuts: Sequence[Cuts]) -> "CutNodes":
        """Number the cuts of all components of a line."""
        counts = [len(one.price) for one in cuts]
        mass = np.cumsum([0.0, *(float(one.ink.sum(dtype=float)) for one in cuts)])
        before = [one.left + earlier for one, earlier in zip(cuts, mass, strict=False)]
        return cls(
            components,
            cuts,
            np.append(np.repeat(np.arange(len(cuts)), counts), len(cuts)),
            np.concatenate([*(np.arange(count) for count in counts), [0]]).astype(np.intp),
            np.concatenate([*(one.price for one in cuts), [0.0]]),
            np.concatenate([*before, mass[-1:]]),
            np.concatenate([one.border.mean(axis=1) for one in cuts]),
        )

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.component)

    def is_between_components(self) -> NDArray[np.bool_]:
        """Return which nodes (k,) cut through no component."""
        between: NDArray[np.bool_] = self.cut == 0
        return between

    def columns(self) -> Floats:
        """Return the column (k,), in working pixels, at which each node divides the line.

        A node between two components lies in the middle of their gap, or of their overlap. Columns
        never decrease.
        """
        boxes = self.components.boxes
        right = np.maximum.accumulate(boxes[:, 2])
        left = np.minimum.accumulate(boxes[::-1, 0])[::-1]
        width = self.components.ink.shape[1]
        between = np.concatenate([[0.0], (right[:-1] + left[1:]) / 2, [width]])
        inside = np.append(boxes[:, 0], 0)[self.component] + np.append(self.middle, 0.0)
        columns = np.where(self.cut > 0, inside, between[self.component])
        monotone: Floats = np.maximum.accumulate(columns)
        return monotone

    def ink_between(self, first: int, last: int) -> CroppedInk:
        """Return the ink between two nodes, cropped to its box.

        Args:
            first: number of the left node.
            last: number of the right node; greater than ``first``.
        """
        start, stop = int(self.component[first]), int(self.component[last])
        if self.cut[last] == 0:
            stop -= 1
        first_cut, last_cut = int(self.cut[first]), int(self.cut[last]) or None
        if start == stop:
            return self._component_ink(start, first_cut, last_cut)
        left, top = self.components.boxes[start : stop + 1, :2].min(axis=0).tolist()
        right, bottom = self.components.boxes[start : stop + 1, 2:].max(axis=0).tolist()
        joined = np.zeros((bottom - top, right - left), np.float32)
        for number in range(start, stop + 1):
            ink, box = self._component_ink(
                number, first_cut if number == start else 0, last_cut if number == stop else None
            )
            window = joined[box[1] - top : box[3] - top, box[0] - left : box[2] - left]
            np.maximum(window, ink, out=window)
        return joined, (left, top, right, bottom)

    def _component_ink(self, number: int, first_cut: int, last_cut: int | None) -> CroppedInk:
        """Return the ink of a component between two of its cuts; None is behind all ink."""
        cuts, (left, top, right, bottom) = self.cuts[number], self.components.boxes[number].tolist()
        if first_cut == 0 and last_cut is None:
            return cuts.ink, (left, top, right, bottom)
        start = int(cuts.border[first_cut].min())
        stop = cuts.ink.shape[1] if last_cut is None else int(cuts.border[last_cut].max())
        cols = np.arange(start, stop)
        own = cols >= cuts.border[first_cut][:, None]
        if last_cut is not None:
            own &= cols < cuts.border[last_cut][:, None]
        ink = cuts.ink[:, start:stop] * own
        inked = ink >= MIN_BOX_INK
        x, y = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
        if not x.size:
            return ink[:1, :1], (left + start, top, left + start + 1, top + 1)
        x0, x1, y0, y1 = int(x[0]), int(x[-1]) + 1, int(y[0]), int(y[-1]) + 1
        return ink[y0:y1, x0:x1], (left + start + x0, top + y0, left + start + x1, top + y1)
