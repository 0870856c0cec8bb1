"""The reliability diagram: accuracy over confidence."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FixedLocator,
    NullLocator,
    PercentFormatter,
    StrMethodFormatter,
)
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.percent import percent
from digitus.plots.line_labels import log_ticks
from digitus.plots.style import (
    SMALL_PT,
    axis_name,
    blend,
    heading,
    message_figure,
    new_figure,
    panel_title,
    quiet_axes,
)

Floats = NDArray[np.float64]


def reliability(bins: tuple[ArrayLike, ArrayLike, ArrayLike], *, theme: Theme = "light") -> Figure:
    """Plot accuracy over confidence with 95 % intervals, and the number of answers in each bin.

    Args:
        bins: mean confidence, accuracy and count of every bin, each (m,). The bins divide 0..1
            evenly; the means of an empty bin are ignored.
        theme: "light" or "dark".
    """
    colors = palette_of(theme)
    columns = np.asarray(bins, dtype=np.float64)
    filled = columns[:, columns[2] > 0]
    if not filled.size:
        return message_figure("Reliability", "There are no answers.", colors=colors)
    figure = new_figure(6.4, 7.2, colors=colors)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3.4, 1.0])
    _draw_accuracies(upper, filled, colors=colors)
    _draw_counts(lower, columns[2], colors=colors)
    confidence, accuracy, counts = filled
    gap = float(np.average(np.abs(accuracy - confidence), weights=counts))
    note = f"Expected calibration error {percent(gap, 2)} over {columns.shape[1]} bins"
    heading(figure, "Reliability", note=note, colors=colors)
    return figure


def _draw_accuracies(axes: Axes, filled: Floats, *, colors: Palette) -> None:
    confidence, accuracy, counts = filled
    quiet_axes(axes, colors=colors)
    panel_title(axes, "Share of correct answers", colors=colors)
    _draw_diagonal(axes, colors=colors)
    low, high = _wilson_intervals(accuracy, counts)
    bar = blend(colors.surface, colors.accent, 0.5)
    axes.vlines(confidence, low, high, color=bar, linewidth=3.5, clip_on=False)
    axes.plot(confidence, accuracy, "o", color=colors.accent, markersize=7, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.tick_params(axis="x", labelbottom=False)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))


def _draw_diagonal(axes: Axes, *, colors: Palette) -> None:
    axes.plot([0, 1], [0, 1], color=colors.muted, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.text(
        0.03,
        0.05,
        "ideal",
        size=SMALL_PT,
        color=colors.muted,
        rotation=45,
        rotation_mode="anchor",
        transform_rotates_text=True,
    )


def _wilson_intervals(accuracy: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of the 95 % Wilson intervals (m,) (Wilson 1927)."""
    from scipy.stats import binomtest  # loads slowly, and other plots do without it

    intervals = [
        binomtest(round(share * n), int(n)).proportion_ci(method="wilson")
        for share, n in zip(accuracy, counts, strict=True)
    ]
    low, high = np.array(intervals, dtype=np.float64).T
    return low, high


def _draw_counts(axes: Axes, counts: Floats, *, colors: Palette) -> None:
    quiet_axes(axes, colors=colors)
    panel_title(axes, "Answers in each bin", colors=colors)
    axis_name(axes, "confidence", colors=colors)
    width = 1 / len(counts)
    centers = (np.arange(len(counts)) + 0.5) * width
    axes.bar(centers, counts, width=0.86 * width, color=colors.accent)
    axes.set_yscale("log")
    axes.set_ylim(0.7, 2 * counts.max())
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(FixedLocator(log_ticks(low, high, most=4)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
