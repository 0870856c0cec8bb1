"""Every window of an image as a row of a matrix: convolution becomes one matrix product."""

from collections.abc import Iterator
from threading import local
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from digitus.nn.arrays import Floats

Sides: TypeAlias = tuple[int, int]
"""Rows and cols."""

_COLUMN_FLOATS = 2**17
"""Values of the matrix made at a time: half a megabyte in float32 stays in a core's cache."""


class Windows:
    """Lays out the windows of images (n, rows, cols, channels), stride 1, zeros around them.

    Args:
        shape: rows, cols and channels of an image.
        size: rows and cols of a window.
        padding: rows of zeros above and below, cols of zeros on the left and on the right.

    Attributes:
        rows, cols: how many windows there are, down and across.
        width: values in a window.

    Raises:
        ValueError: if no window fits.
    """

    def __init__(self, shape: tuple[int, int, int], size: Sides, padding: Sides) -> None:
        self.shape, self.size, self.padding = shape, size, padding
        sides = zip(shape[:2], size, padding, strict=True)
        self.rows, self.cols = (side + 2 * zeros - window + 1 for side, window, zeros in sides)
        if min(*shape, *size, self.rows, self.cols) < 1 or min(padding) < 0:
            raise ValueError(
                f"no window of {size[0]}x{size[1]} with {padding[0]} rows and {padding[1]} cols "
                f"of zeros around fits images of {shape}"
            )
        self.width = size[0] * size[1] * shape[2]
        self._kept = local()  # many threads may read one network

    def __reduce__(self) -> tuple[type["Windows"], tuple[tuple[int, int, int], Sides, Sides]]:
        """Leave the arrays out of a copy or a pickle."""
        return Windows, (self.shape, self.size, self.padding)

    def parts(self, n: int) -> Iterator[slice]:
        """Cut n images into parts whose windows stay in cache."""
        step = max(1, _COLUMN_FLOATS // (self.rows * self.cols * self.width))
        for start in range(0, n, step):
            yield slice(start, min(start + step, n))

    def matrix(self, images: Floats) -> Floats:
        """Return the windows of images (m, rows, cols, channels) as rows, good until the next call.

        This is "im2col" (Chellapilla, Puri and Simard 2006, section 3).

        Returns:
            (m * rows * cols, width), a window's values ordered by its rows, its
            cols, then the channels.
        """
        m, (height, width, channels) = len(images), self.shape
        (rows, cols), (above, left) = self.size, self.padding
        padded, matrix = self._arrays(m, images.dtype)
        padded[:, above : above + height, left : left + width] = images
        image, row, col, value = padded.strides
        # A row of a window is one run of values: its cols and channels lie side by side.
        views = as_strided(
            padded,
            (m, self.rows, self.cols, rows, cols * channels),
            (image, row, col, row, value),
            writeable=False,
        )
        matrix.reshape(views.shape)[...] = views
        return matrix

    def _arrays(self, m: int, dtype: "np.dtype[np.floating]") -> tuple[Floats, Floats]:
        """Lend this thread's arrays for m images: padded, its border zero, and the matrix."""
        kept = self._kept.__dict__.setdefault("arrays", {})
        if (m, dtype) not in kept:
            if len(kept) == 2:  # whole parts and the last, shorter one
                kept.clear()
            height, width, channels = self.shape
            rows, cols = (2 * zeros for zeros in self.padding)
            padded = np.zeros((m, height + rows, width + cols, channels), dtype)
            kept[m, dtype] = padded, np.empty((m * self.rows * self.cols, self.width), dtype)
        arrays: tuple[Floats, Floats] = kept[m, dtype]
        return arrays
