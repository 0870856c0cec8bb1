"""Many small images in one figure; each of their pixels is a square of whole printed pixels."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from digitus.palette import Palette
from digitus.plots.style import DPI, HEADER_IN, MARGIN_IN

SIDE = 28  # pixels of a patch
NARROWEST_IN = 5.2  # width that the heading needs

Colors = NDArray[np.floating[Any]]


def tile(images: Colors, columns: int, *, gap: tuple[int, int], background: Colors) -> Colors:
    """Lay out images (n, 28, 28, 3) row by row as (rows, cols, 3), each with a gap after it.

    Args:
        images: red, green and blue, 0..1.
        columns: images in a row.
        gap: pixels below and to the right of every image.
        background: (3,), the color of the gaps.
    """
    n, rows = len(images), -(-len(images) // columns)
    cells = np.empty((rows * columns, SIDE + gap[0], SIDE + gap[1], 3))
    cells[:] = background
    cells[:n, :SIDE, :SIDE] = images
    grid = cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2)
    return grid.reshape(rows * cells.shape[1], columns * cells.shape[2], 3)


def mosaic_figure(
    mosaic: Colors, scale: int, *, footer_in: float, colors: Palette
) -> tuple[Figure, Axes]:
    """Return a figure and axes with ``mosaic`` (rows, cols, 3) below the space for the heading.

    A mosaic pixel is ``scale`` printed pixels wide and high, and one unit of the axes. The origin
    of the axes is the top left.
    """
    rows, cols = mosaic.shape[:2]
    margin_px, header_px = round(MARGIN_IN * DPI), round((HEADER_IN + 0.1) * DPI)
    width_px = max(cols * scale + 2 * margin_px, round(NARROWEST_IN * DPI))
    height_px = header_px + rows * scale + round(footer_in * DPI) + margin_px
    figure = Figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI, facecolor=colors.surface)
    bottom_px = height_px - header_px - rows * scale
    left, bottom = margin_px / width_px, bottom_px / height_px
    size = (cols * scale / width_px, rows * scale / height_px)
    axes = figure.add_axes((left, bottom, *size))
    axes.set_axis_off()
    axes.imshow(mosaic, extent=(0, cols, rows, 0), aspect="auto", interpolation="nearest")
    return figure, axes


def corner(index: int, columns: int, *, gap: tuple[int, int]) -> tuple[int, int]:
    """Return row and column of the top left pixel of image ``index`` in the mosaic."""
    row, col = divmod(index, columns)
    return row * (SIDE + gap[0]), col * (SIDE + gap[1])
