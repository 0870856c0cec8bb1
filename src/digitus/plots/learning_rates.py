"""The loss over the learning rates of a search."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.plots.line_labels import Line, draw_lines, label_ticks, scale_by_span
from digitus.plots.style import (
    SMALL_PT,
    axis_name,
    heading,
    message_figure,
    new_figure,
    panel_title,
    quiet_axes,
)

Floats = NDArray[np.float64]


def learning_rate_search(table: Sequence[tuple[float, float]], *, theme: Theme = "light") -> Figure:
    """Plot loss over learning rate and mark the lowest loss.

    Args:
        table: pairs (learning rate, loss); a loss that is not finite means divergence.
        theme: "light" or "dark".
    """
    colors = palette_of(theme)
    rates, losses = np.array(sorted(table), dtype=np.float64).reshape(-1, 2).T
    is_finite = np.isfinite(losses)
    if not is_finite.any():
        note = "No learning rate gave a finite loss."
        return message_figure("Learning-rate search", note, colors=colors)
    figure = new_figure(9.0, 4.4, colors=colors)
    axes = figure.add_subplot()
    _draw(axes, rates[is_finite], losses[is_finite], colors=colors)
    _mark_lowest(axes, rates[is_finite], losses[is_finite], colors=colors)
    heading(figure, "Learning-rate search", note=_note(rates, is_finite), colors=colors)
    return figure


def _draw(axes: Axes, rates: Floats, losses: Floats, *, colors: Palette) -> None:
    quiet_axes(axes, colors=colors)
    panel_title(axes, "Loss", colors=colors)
    axis_name(axes, "learning rate", colors=colors)
    line = Line(None, losses, colors.accent)
    draw_lines(axes, rates, [line])
    axes.margins(y=0.18)  # for the text below the lowest point
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    scale_by_span(axes, [line])
    label_ticks(axes, lambda value: f"{value:.3g}")


def _mark_lowest(axes: Axes, rates: Floats, losses: Floats, *, colors: Palette) -> None:
    at = int(losses.argmin())
    axes.plot(rates[at], losses[at], "o", color=colors.contrast, markersize=8, zorder=3)
    is_left, is_right = at < len(rates) / 5, at >= len(rates) * 4 / 5
    axes.annotate(
        f"lowest loss {losses[at]:.3g} at rate {rates[at]:.3g}",
        (rates[at], losses[at]),
        xytext=(0, -12),
        textcoords="offset points",
        ha="left" if is_left else "right" if is_right else "center",
        va="top",
        size=SMALL_PT,
        color=colors.contrast,
    )


def _note(rates: Floats, is_finite: NDArray[np.bool_]) -> str:
    tried = f"{len(rates)} rates from {rates[0]:.3g} to {rates[-1]:.3g}"
    diverged = int((~is_finite).sum())
    return f"{tried}, {diverged} of them diverged" if diverged else tried
