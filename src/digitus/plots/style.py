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
MAKER = "Digitus"  # stands in every PNG as the software that made it
TITLE_PT, TEXT_PT, SMALL_PT = 14.0, 11.0, 9.5
HEADER_IN = 0.85
MARGIN_IN = 0.2


def new_figure(width_in: float, height_in: float, *, colors: Palette) -> Figure:
    """Return an empty figure whose layout keeps a band free at the top for the heading."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor=colors.surface)
    margin, band = MARGIN_IN / width_in, HEADER_IN / height_in
    engine = ConstrainedLayoutEngine(
        rect=(margin / 2, 0.01, 1 - margin, 1 - band), w_pad=0.08, h_pad=0.08
    )
    figure.set_layout_engine(engine)
    return figure


def heading(figure: Figure, title: str, *, note: str, colors: Palette) -> None:
    """Write the title and, muted under it, a note at the top left of the figure."""
    width, height = figure.get_size_inches()
    left, top = MARGIN_IN / width, 1 - MARGIN_IN / height
    under = top - 0.32 / height
    figure.text(left, top, title, va="top", size=TITLE_PT, weight="bold", color=colors.ink)
    figure.text(left, under, note, va="top", size=TEXT_PT, color=colors.muted)


def quiet_axes(axes: Axes, *, colors: Palette) -> None:
    """Leave the horizontal grid and the base line; numbers in the muted color."""
    axes.set_facecolor(colors.surface)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(colors.muted)
    axes.tick_params(which="both", length=0, labelsize=SMALL_PT, labelcolor=colors.muted)
    axes.tick_params(axis="x", which="major", length=3, color=colors.muted)
    axes.grid(axis="y", color=colors.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def panel_title(axes: Axes, text: str, *, colors: Palette) -> Text:
    """Name what the vertical axis shows, above it at the left, where it reads without tilting."""
    return axes.set_title(text, loc="left", size=TEXT_PT, color=colors.ink, pad=9)


def axis_name(axes: Axes, text: str, *, colors: Palette) -> None:
    """Name the horizontal axis."""
    axes.set_xlabel(text, size=SMALL_PT, color=colors.muted, labelpad=5)


def blend(one: str, other: str, share: float) -> str:
    """Mix two colors; ``share`` 0..1 is that of the other."""
    mixed = (1 - share) * np.array(to_rgb(one)) + share * np.array(to_rgb(other))
    return to_hex((mixed[0], mixed[1], mixed[2]))


def legible_on(background: NDArray[np.float64], colors: Palette) -> str:
    """Whichever of the ink and the surface color stands out more from ``background`` (3,).

    Contrast as in WCAG 2.2, with luminance taken from gamma 2.2.
    """

    def contrast(color: str) -> float:
        light, dark = sorted((_luminance(np.array(to_rgb(color))), _luminance(background)))[::-1]
        return (light + 0.05) / (dark + 0.05)

    return max(colors.ink, colors.surface, key=contrast)


def _luminance(color: NDArray[np.float64]) -> float:
    return float(color**2.2 @ (0.2126, 0.7152, 0.0722))


def percent(share: float, digits: int) -> str:
    """Write a share 0..1 as a percentage with so many digits after the point."""
    return f"{100 * share:.{digits}f} %"


def diverging_map(colors: Palette) -> LinearSegmentedColormap:
    """Colors from contrast (negative) over the surface (zero) to accent (positive)."""
    return LinearSegmentedColormap.from_list(
        "digitus-diverging", [colors.contrast, colors.surface, colors.accent]
    )


def message_figure(title: str, note: str, *, colors: Palette) -> Figure:
    """Return a figure that says why there is nothing to show."""
    figure = new_figure(6.0, 1.2, colors=colors)
    heading(figure, title, note=note, colors=colors)
    return figure


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write the figure, whole or not at all, as PNG or SVG by the file's suffix.

    Raises:
        ValueError: if the suffix is another one.
        WriteError: if the file cannot be written.
    """
    kind = Path(path).suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise ValueError(f"{path}: a plot is saved as .png or .svg, got {kind!r}; rename the file")
    # Neither date nor version: equal plots give equal files.
    metadata = {"Date": None} if kind == "svg" else {"Software": MAKER}
    with replacing(path) as draft:
        figure.savefig(draft, format=kind, dpi="figure", metadata=metadata)


def is_saved_figure(path: str | Path) -> bool:
    """Return whether a file is a PNG that ``save_figure`` wrote, so that it may be written anew."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return image.info.get("Software") == MAKER
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for files that are no PNG
        return False
