"""The cuts of a run in one row, and the ink between any two of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.reader.sequence.cuts import Cuts
from digitus.reader.sequence.line_components import Parts

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Boxes = NDArray[np.int64]

FAINTEST = 0.2  # ink that counts for a range's box


@dataclass(frozen=True, eq=False)
class Nodes:
    """The cuts of a run as the nodes of its lattice, from left to right; the last ends the run.

    Attributes:
        parts: of the run.
        cuts: of each part.
        part: (k,) number of the part that each node's cut lies in; at the end, of none.
        cut: (k,) number of the cut within the part; 0 is before all of its ink.
        price: (k,) strokes that it crosses.
        ink_before: (k,) ink on its left, that of earlier parts included.
        middle: (k - 1,) mean column of each cut within its part.
    """

    parts: Parts
    cuts: Sequence[Cuts]
    part: Ints
    cut: Ints
    price: Floats
    ink_before: Floats
    middle: Floats

    @classmethod
    def of(cls, parts: Parts, cuts: Sequence[Cuts]) -> "Nodes":
        """Number all cuts of a run."""
        counts = [len(found.price) for found in cuts]
        mass = np.cumsum([0.0, *(float(found.ink.sum(dtype=float)) for found in cuts)])
        before = [found.left + done for found, done in zip(cuts, mass, strict=False)]
        return cls(
            parts,
            cuts,
            np.append(np.repeat(np.arange(len(cuts)), counts), len(cuts)),
            np.concatenate([*(np.arange(count) for count in counts), [0]]).astype(np.intp),
            np.concatenate([*(found.price for found in cuts), [0.0]]),
            np.concatenate([*before, mass[-1:]]),
            np.concatenate([found.border.mean(axis=1) for found in cuts]),
        )

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.part)

    def columns(self) -> Floats:
        """Column (k,) in the run at working size where each node divides left from right.

        Between parts it is the middle of the gap, or of what they share.
        """
        boxes = self.parts.boxes
        right = np.maximum.accumulate(boxes[:, 2])
        left = np.minimum.accumulate(boxes[::-1, 0])[::-1]
        between = np.concatenate([[0.0], (right[:-1] + left[1:]) / 2, [self.parts.ink.shape[1]]])
        inside = np.append(boxes[:, 0], 0)[self.part] + np.append(self.middle, 0.0)
        columns = np.where(self.cut > 0, inside, between[self.part])
        monotone: Floats = np.maximum.accumulate(columns)
        return monotone


def ink_between(nodes: Nodes, first: int, last: int) -> tuple[Ink, tuple[int, int, int, int]]:
    """Cut the ink between two nodes out, and tell its box."""
    one, other = int(nodes.part[first]), int(nodes.part[last])
    if nodes.cut[last] == 0:
        other -= 1
    start, stop = int(nodes.cut[first]), int(nodes.cut[last]) or None
    if one == other:
        return _sliver(nodes, one, start, stop)
    left, top = nodes.parts.boxes[one : other + 1, :2].min(axis=0).tolist()
    right, bottom = nodes.parts.boxes[one : other + 1, 2:].max(axis=0).tolist()
    page = np.zeros((bottom - top, right - left), np.float32)
    for part in range(one, other + 1):
        ends = start if part == one else 0, stop if part == other else None
        ink, box = _sliver(nodes, part, *ends)
        place = page[box[1] - top : box[3] - top, box[0] - left : box[2] - left]
        np.maximum(place, ink, out=place)
    return page, (left, top, right, bottom)


def _sliver(
    nodes: Nodes, part: int, start: int, stop: int | None
) -> tuple[Ink, tuple[int, int, int, int]]:
    """Ink of a part between two of its cuts, and its box in the run."""
    cuts, (left, top, right, bottom) = nodes.cuts[part], nodes.parts.boxes[part].tolist()
    if start == 0 and stop is None:
        return cuts.ink, (left, top, right, bottom)
    here = int(cuts.border[start].min())
    there = cuts.ink.shape[1] if stop is None else int(cuts.border[stop].max())
    ink = cuts.ink[:, here:there]
    cols = np.arange(here, there)
    mine = cols >= cuts.border[start][:, None]
    if stop is not None:
        mine &= cols < cuts.border[stop][:, None]
    ink = ink * mine
    inked = ink >= FAINTEST
    x, y = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    if not x.size:
        return ink[:1, :1], (left + here, top, left + here + 1, top + 1)
    x0, x1, y0, y1 = int(x[0]), int(x[-1]) + 1, int(y[0]), int(y[-1]) + 1
    return ink[y0:y1, x0:x1], (left + here + x0, top + y0, left + here + x1, top + y1)
