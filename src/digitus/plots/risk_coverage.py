"""The risk-coverage curve: the error rate when the least confident answers are rejected."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.percent import percent
from digitus.plots.line_labels import label_ticks, spread_apart
from digitus.plots.style import (
    DPI,
    SMALL_PT,
    axis_name,
    heading,
    message_figure,
    new_figure,
    panel_title,
    quiet_axes,
)

Floats = NDArray[np.float64]

TITLE = "Risk-coverage curve"


@dataclass(frozen=True)
class PointLabels:
    """Texts at points of the curve.

    Attributes:
        coverages: coverages of the points that have a text.
        right_pt: horizontal distance from a point to its text.
        up_pt: vertical distance from a point to its text.
        gap_pt: smallest gap between two texts.
    """

    coverages: tuple[float, ...] = (0.9, 0.95, 0.98, 1.0)
    right_pt: float = -60.0
    up_pt: float = 12.0
    gap_pt: float = 20.0


POINT_LABELS = PointLabels()


def risk_coverage(
    curve: tuple[ArrayLike, ArrayLike, ArrayLike], *, theme: Theme = "light"
) -> Figure:
    """Plot the error rate among the accepted answers over the share of accepted answers.

    Answers are accepted in the order of their confidence (Geifman and El-Yaniv 2017).

    Args:
        curve: coverage (rising, 0..1), error rate among the accepted answers, and threshold on
            the confidence, each (m,).
        theme: "light" or "dark".
    """
    colors = palette_of(theme)
    columns = np.asarray(curve, dtype=np.float64)
    if not columns.size:
        return message_figure(TITLE, "There are no answers.", colors=colors)
    figure = new_figure(9.0, 4.6, colors=colors)
    axes = figure.add_subplot()
    _draw_curve(axes, columns, colors=colors)
    note = "The least confident answers are rejected, the others are accepted"
    heading(figure, TITLE, note=note, colors=colors)
    figure.draw_without_rendering()  # fixes the layout before the marks are spread
    _mark_coverages(axes, columns, colors=colors)
    return figure


def _draw_curve(axes: Axes, columns: Floats, *, colors: Palette) -> None:
    coverage, error_rate, _ = columns
    quiet_axes(axes, colors=colors)
    panel_title(axes, "Error rate among the accepted answers", colors=colors)
    axis_name(
        axes,
        "coverage: share of the answers that are accepted, most confident first",
        colors=colors,
    )
    axes.plot(coverage, error_rate, color=colors.accent, linewidth=1.9, clip_on=False)
    axes.fill_between(coverage, error_rate, color=colors.accent, alpha=0.12, linewidth=0)
    axes.set_xlim(0, 1.01)
    axes.set_ylim(0, 1.15 * max(error_rate.max(), 0.001))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    label_ticks(axes, lambda value: f"{100 * value:.3g} %")


def _mark_coverages(axes: Axes, columns: Floats, *, colors: Palette) -> None:
    """Write error rate and threshold at a few coverages, above the curve."""
    places = np.searchsorted(columns[0], POINT_LABELS.coverages)
    marked = columns[:, np.unique(places.clip(max=columns.shape[1] - 1))]
    axes.plot(marked[0], marked[1], "o", color=colors.accent, markersize=6, clip_on=False)
    heights_pt = axes.transData.transform(marked[:2].T)[:, 1] * 72.0 / DPI
    shifts_pt = spread_apart(heights_pt + POINT_LABELS.up_pt, gap=POINT_LABELS.gap_pt) - heights_pt
    for (coverage, error_rate, threshold), shift_pt in zip(marked.T, shifts_pt, strict=True):
        axes.annotate(
            f"{percent(coverage, 0)} accepted, {percent(error_rate, 2)} wrong "
            f"(confidence from {threshold:.2f})",
            (coverage, error_rate),
            xytext=(POINT_LABELS.right_pt, shift_pt),
            textcoords="offset points",
            ha="right",
            va="center",
            size=SMALL_PT,
            color=colors.ink,
            bbox={"facecolor": colors.surface, "linewidth": 0, "pad": 2},
            arrowprops={
                "arrowstyle": "-",
                "color": colors.muted,
                "linewidth": 0.8,
                "relpos": (1.0, 0.5),
                "shrinkB": 4,
            },
        )
