"""The style that all plots share: heading, axes, colors, and saving to a file.

Figures are made without pyplot: no global state changes, and no display is needed.
"""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image

from digitus.files import replacing
from digitus.palette import Palette

DPI = 200
SOFTWARE = "Digitus"  # written into the metadata of every PNG
TITLE_PT, TEXT_PT, SMALL_PT = 14.0, 11.0, 9.5
HEADER_IN = 0.85  # height of the space for the heading
MARGIN_IN = 0.2


def new_figure(width_in: float, height_in: float, *, colors: Palette) -> Figure:
    """Return an empty figure whose layout keeps the space for the heading free."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor=colors.surface)
    margin, band = MARGIN_IN / width_in, HEADER_IN / height_in
    engine = ConstrainedLayoutEngine(
        rect=(margin / 2, 0.01, 1 - margin, 1 - band), w_pad=0.08, h_pad=0.08
    )
    figure.set_layout_engine(engine)
    return figure


def heading(figure: Figure, title: str, *, note: str, colors: Palette) -> None:
    """Write the title at the top left of the figure, and a muted note below it."""
    width, height = figure.get_size_inches()
    left, top = MARGIN_IN / width, 1 - MARGIN_IN / height
    under = top - 0.32 / height
    figure.text(left, top, title, va="top", size=TITLE_PT, weight="bold", color=colors.ink)
    figure.text(left, under, note, va="top", size=TEXT_PT, color=colors.muted)


def quiet_axes(axes: Axes, *, colors: Palette) -> None:
    """Reduce axes to the horizontal grid and the bottom line, with muted numbers."""
    axes.set_facecolor(colors.surface)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(colors.muted)
    axes.tick_params(which="both", length=0, labelsize=SMALL_PT, labelcolor=colors.muted)
    axes.tick_params(axis="x", which="major", length=3, color=colors.muted)
    axes.grid(axis="y", color=colors.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def panel_title(axes: Axes, text: str, *, colors: Palette) -> Text:
    """Write the name of the vertical axis above it, left-aligned and horizontal."""
    return axes.set_title(text, loc="left", size=TEXT_PT, color=colors.ink, pad=9)


def axis_name(axes: Axes, text: str, *, colors: Palette) -> None:
    """Write the name of the horizontal axis."""
    axes.set_xlabel(text, size=SMALL_PT, color=colors.muted, labelpad=5)


def blend(one: str, other: str, share: float) -> str:
    """Mix two colors; ``share``, 0..1, is that of the other color."""
    mixed = (1 - share) * np.array(to_rgb(one)) + share * np.array(to_rgb(other))
    return to_hex((mixed[0], mixed[1], mixed[2]))


def legible_on(background: NDArray[np.float64], colors: Palette) -> str:
    """Return the ink or the surface color, whichever has more contrast to ``background`` (3,).

    The contrast is that of WCAG 2.2, with the luminance approximated by a gamma of 2.2.
    """

    def contrast(color: str) -> float:
        light, dark = sorted((_luminance(np.array(to_rgb(color))), _luminance(background)))[::-1]
        return (light + 0.05) / (dark + 0.05)

    return max(colors.ink, colors.surface, key=contrast)


def _luminance(color: NDArray[np.float64]) -> float:
    return float(color**2.2 @ (0.2126, 0.7152, 0.0722))


def diverging_map(colors: Palette) -> LinearSegmentedColormap:
    """Return a color map from the contrast color over the surface (zero) to the accent."""
    return LinearSegmentedColormap.from_list(
        "digitus-diverging", [colors.contrast, colors.surface, colors.accent]
    )


def message_figure(title: str, note: str, *, colors: Palette) -> Figure:
    """Return a figure with a note why there is nothing to show."""
    figure = new_figure(6.0, 1.2, colors=colors)
    heading(figure, title, note=note, colors=colors)
    return figure


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure atomically as PNG or SVG, depending on the suffix of the path.

    Raises:
        ValueError: if the suffix is neither .png nor .svg.
        WriteError: if the file cannot be written.
    """
    kind = Path(path).suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise ValueError(f"{path}: a plot is saved as .png or .svg, got {kind!r}; rename the file")
    # No date and no version, so that equal plots give equal files.
    metadata = {"Date": None} if kind == "svg" else {"Software": SOFTWARE}
    with replacing(path) as draft:
        figure.savefig(draft, format=kind, dpi="figure", metadata=metadata)


def is_saved_figure(path: str | Path) -> bool:
    """Return whether a file is a PNG that ``save_figure`` wrote and that may be overwritten."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return image.info.get("Software") == SOFTWARE
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for other files
        return False
