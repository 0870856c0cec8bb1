"""The weights of the first layer as images."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.plots.mosaic import SIDE, mosaic_figure, tile
from digitus.plots.style import SMALL_PT, diverging_map, heading

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class WeightsLayout:
    """How the images of weights are laid out.

    Attributes:
        units: largest number of units shown.
        gap: mosaic pixels below and to the right of an image.
        width_px: largest width of the mosaic, in printed pixels.
        height_px: largest height of the mosaic, in printed pixels.
        scale: largest number of printed pixels for a weight.
        percentile: percentile of the absolute weights at the ends of the color scale; below 100,
            because a few outliers would flatten it.
        footer_in: height of the color scale below the images.
    """

    units: int = 100
    gap: tuple[int, int] = (1, 1)
    width_px: int = 1720
    height_px: int = 1500
    scale: int = 8
    percentile: float = 99.5
    footer_in: float = 0.35


LAYOUT = WeightsLayout()


def first_layer_weights(
    weights: ArrayLike, *, rows: int | None = None, theme: Theme = "light"
) -> Figure:
    """Plot the incoming weights of each hidden unit as a 28x28 image, on one color scale.

    Args:
        weights: (784, h), one column per unit; the first 100 are shown.
        rows: rows of images; None for about as many rows as columns.
        theme: "light" or "dark".

    Raises:
        ValueError: if the weights do not have 784 rows or are not finite, or if ``rows`` < 1.
    """
    units, colors = _checked(weights), palette_of(theme)
    shown = units[: LAYOUT.units]
    columns = _columns(len(shown), rows)
    limit = float(np.percentile(np.abs(shown), LAYOUT.percentile)) or 1.0
    images = diverging_map(colors)(0.5 + 0.5 * shown / limit)[..., :3]
    mosaic = tile(images, columns, gap=LAYOUT.gap, background=np.array(to_rgb(colors.grid)))
    mosaic = mosaic[: -LAYOUT.gap[0], : -LAYOUT.gap[1]]
    figure, _ = mosaic_figure(mosaic, _scale(mosaic), footer_in=LAYOUT.footer_in, colors=colors)
    _draw_scale(figure, limit, colors=colors)
    heading(figure, "Weights of the first layer", note=_note(len(shown), len(units)), colors=colors)
    return figure


def _checked(weights: ArrayLike) -> Floats:
    """Return the units as images, (h, 28, 28)."""
    columns = np.asarray(weights, dtype=np.float64)
    if columns.ndim != 2 or columns.shape[0] != SIDE * SIDE or columns.shape[1] == 0:
        raise ValueError(
            f"weights must have 784 rows (pixels) and a column per unit, got shape "
            f"{columns.shape}; only networks on 28x28 patches can be shown"
        )
    if not np.isfinite(columns).all():
        raise ValueError("weights must be finite, got NaN or infinity; train the network again")
    return columns.T.reshape(-1, SIDE, SIDE)


def _columns(n: int, rows: int | None) -> int:
    """Return the images in a row: few gaps in the last row, and not more rows than columns."""
    if rows is None:
        side = int(np.ceil(np.sqrt(n)))
        return min(range(side, 2 * side + 1), key=lambda columns: (-n % columns, columns))
    if rows < 1:
        raise ValueError(f"rows must be 1 or more, got {rows}; omit it for a square")
    return -(-n // rows)


def _scale(mosaic: Floats) -> int:
    height, width = mosaic.shape[:2]
    fitting = min(LAYOUT.width_px // width, LAYOUT.height_px // height, LAYOUT.scale)
    return max(1, int(fitting))


def _draw_scale(figure: Figure, limit: float, *, colors: Palette) -> None:
    """Draw the color scale with its limits below the images."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0.75 / width, 0.2 / height, 1.6 / width, 0.12 / height))
    axes.imshow(np.linspace(0, 1, 256)[np.newaxis], cmap=diverging_map(colors), aspect="auto")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color(colors.grid)
    style: dict[str, Any] = {
        "size": SMALL_PT,
        "color": colors.muted,
        "va": "center",
        "transform": axes.transAxes,
    }
    axes.text(-0.04, 0.5, f"\N{MINUS SIGN}{limit:.2g}", ha="right", **style)
    axes.text(1.04, 0.5, f"+{limit:.2g}", ha="left", **style)


def _note(shown: int, units: int) -> str:
    count = f"{shown} of {units} units" if shown < units else f"{units} units"
    return f"{count}; ink on blue raises the sum, on orange lowers it"
