"""The representation of traced lines: their courses, ends and widths."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def transposed(mask: Mask) -> Mask:
    """Transpose a mask into a contiguous one; OpenCV takes a fifth of NumPy's time."""
    turned = cv2.transpose(np.ascontiguousarray(mask).view(np.uint8))
    return np.asarray(turned, np.uint8).view(np.bool_)


@dataclass(frozen=True, eq=False)
class RuledLines:
    """Lines of one direction, nearly horizontal: each has one row for every column.

    Nearly vertical lines are represented on the transposed image: rows and columns change
    places.

    Attributes:
        courses: (n, 3) coefficients of row = a + b col + c col**2.
        starts: (n,) first column.
        ends: (n,) last column.
        widths_px: (n,) thickness.
    """

    courses: Floats
    starts: Floats
    ends: Floats
    widths_px: Floats

    @classmethod
    def none(cls) -> "RuledLines":
        """Return a set without lines."""
        return cls(np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0))

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.courses)

    @property
    def lengths_px(self) -> Floats:
        """Columns from start to end, (n,)."""
        return self.ends - self.starts

    @property
    def angles_deg(self) -> Floats:
        """Angle from start to end, (n,), positive where the line falls to the right."""
        fall = self.at(self.ends[:, None]) - self.at(self.starts[:, None])
        return np.asarray(np.rad2deg(np.arctan2(fall[:, 0], self.lengths_px)))

    def at(self, cols: Floats | np.float64) -> Floats:
        """Return the row of every line at columns.

        Args:
            cols: one column for all lines; or (n,), (n, m), ... columns of each line.

        Returns:
            Rows in the shape of ``cols``, or (n,).
        """
        a, b, c = (self.courses[:, k].reshape(-1, *[1] * (np.ndim(cols) - 1)) for k in range(3))
        return np.asarray(a + b * cols + c * np.square(cols))

    def only(self, chosen: Mask | NDArray[np.intp]) -> "RuledLines":
        """Select lines by a mask (n,) or by their indices."""
        return RuledLines(
            self.courses[chosen], self.starts[chosen], self.ends[chosen], self.widths_px[chosen]
        )

    def moved(self, *, cols: float, rows: float) -> "RuledLines":
        """Move all lines right and down."""
        a, b, c = self.courses.T
        courses = np.stack([a - b * cols + c * cols**2 + rows, b - 2 * c * cols, c], axis=1)
        return RuledLines(courses, self.starts + cols, self.ends + cols, self.widths_px)

    def scaled(self, factor: float) -> "RuledLines":
        """Return the lines on an image ``factor`` times as large."""
        courses = self.courses * np.array([factor, 1.0, 1 / factor])
        courses[:, 0] += (factor - 1) / 2  # rows are counted from the middle of the first pixel
        return RuledLines(
            courses, self.starts * factor, self.ends * factor, self.widths_px * factor
        )

    def joined(self, others: "RuledLines") -> "RuledLines":
        """Return these lines followed by others."""
        return RuledLines(
            np.concatenate([self.courses, others.courses]),
            np.concatenate([self.starts, others.starts]),
            np.concatenate([self.ends, others.ends]),
            np.concatenate([self.widths_px, others.widths_px]),
        )

    def mask(self, shape: tuple[int, ...]) -> Mask:
        """Mark where the lines lie (rows, cols), a pixel beyond their edges included."""
        canvas = np.zeros(shape, np.uint8)
        for place, (start, end, width) in enumerate(
            zip(self.starts, self.ends, self.widths_px, strict=True)
        ):
            cols = np.linspace(start, end, max(2, int(end - start) // 16))
            points = np.stack([cols, self.only(np.array([place])).at(cols[None])[0]], axis=1)
            thickness = int(np.ceil(width)) + 2
            cv2.polylines(canvas, [np.rint(points).astype(np.int32)], False, 1, thickness)
        return canvas > 0
