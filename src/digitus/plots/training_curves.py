"""The curves of a training run: loss, accuracy, learning rate and gradient norms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.percent import percent
from digitus.plots.line_labels import (
    Line,
    draw_lines,
    label_ticks,
    name_line_ends,
    scale_by_span,
)
from digitus.plots.style import (
    axis_name,
    blend,
    heading,
    message_figure,
    new_figure,
    panel_title,
    quiet_axes,
)

Floats = NDArray[np.float64]
History = Sequence[Mapping[str, Any]]

NAMED_LAYERS = 4  # names that fit beside the small panel


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        title: name of the vertical axis.
        lines: the curves.
        written: formats the last value of a line.
        tick: formats the values of the ticks.
        may_be_log: whether the vertical axis may be logarithmic.
        ticks: largest number of ticks.
    """

    title: str
    lines: list[Line]
    written: Callable[[float], str] = "{:.3g}".format
    tick: Callable[[float], str] = "{:.3g}".format
    may_be_log: bool = False
    ticks: int = 5


def training_curves(history: History, *, theme: Theme = "light") -> Figure:
    """Plot loss, accuracy, learning rate and gradient norms over the epochs.

    Args:
        history: one mapping per epoch with "epoch", "loss", "accuracy" (0..1) and, where known,
            "validation_loss", "validation_accuracy", "rate", "gradient_norms" (one per layer)
            and "seconds"; None means unknown.
        theme: "light" or "dark".
    """
    colors = palette_of(theme)
    rows = _rows(history, colors)
    if not rows:
        return message_figure("Training", "No epoch has been recorded yet.", colors=colors)
    figure = _figure(rows, colors)
    heading(figure, "Training", note=_note(history), colors=colors)
    epochs = np.array([entry["epoch"] for entry in history], dtype=np.float64)
    panels = [panel for row in rows for panel in row]
    for axes, panel in zip(figure.axes, panels, strict=True):
        _draw(axes, epochs, panel, colors=colors)
    figure.draw_without_rendering()  # fixes the layout before the names are spread
    for axes, panel in zip(figure.axes, panels, strict=True):
        name_line_ends(axes, epochs, panel.lines, written=panel.written)
    return figure


def _rows(history: History, colors: Palette) -> list[list[Panel]]:
    """Return rows of panels, without those that have no values."""

    def pair(key: str) -> list[Line]:
        training = Line("training", _column(history, key), colors.accent)
        validation = Line("validation", _column(history, f"validation_{key}"), colors.contrast)
        return _known([training, validation])

    rate = _known([Line("", _column(history, "rate"), colors.muted)])
    gradients = _known(_gradient_lines(history, colors))
    rows = [
        [
            Panel("Loss", pair("loss"), may_be_log=True, ticks=6),
            Panel("Accuracy", pair("accuracy"), written=_percent, tick=_short_percent),
        ],
        [
            Panel("Learning rate", rate, ticks=3),
            Panel("Gradient norm", gradients, may_be_log=True, ticks=3),
        ],
    ]
    known = [[panel for panel in row if panel.lines] for row in rows]
    return [row for row in known if row]


def _known(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.is_known]


def _column(history: History, key: str) -> Floats:
    """Return the values of ``key`` (n,); NaN where it is missing, None or infinite."""
    return _finite([entry.get(key) for entry in history])


def _finite(values: Sequence[float | None]) -> Floats:
    numbers = np.array(values, dtype=np.float64)  # None becomes NaN
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _gradient_lines(history: History, colors: Palette) -> list[Line]:
    """Return one line per layer, accent to contrast; of many, only first and last are named."""
    norms = [entry.get("gradient_norms") or () for entry in history]
    layers = max((len(of_epoch) for of_epoch in norms), default=0)
    rows = list(zip_longest(*norms))  # (layers, n)
    return [
        Line(
            f"layer {at + 1}" if at in (0, layers - 1) or layers <= NAMED_LAYERS else None,
            _finite(rows[at]),
            blend(colors.accent, colors.contrast, at / max(layers - 1, 1)),
        )
        for at in range(layers)
    ]


def _figure(rows: list[list[Panel]], colors: Palette) -> Figure:
    """Return a figure with one pair of axes per panel; a single panel fills its row."""
    figure = new_figure(9.0, 5.9 if len(rows) > 1 else 4.2, colors=colors)
    grid = figure.add_gridspec(len(rows), 2, height_ratios=[2.3, 1.0][: len(rows)])
    for index, row in enumerate(rows):
        places = [grid[index, :]] if len(row) == 1 else [grid[index, 0], grid[index, 1]]
        for place in places:
            figure.add_subplot(place)
    return figure


def _draw(axes: Axes, epochs: Floats, panel: Panel, *, colors: Palette) -> None:
    quiet_axes(axes, colors=colors)
    panel_title(axes, panel.title, colors=colors)
    axis_name(axes, "epoch", colors=colors)
    draw_lines(axes, epochs, panel.lines)
    if panel.may_be_log:
        scale_by_span(axes, panel.lines)
    label_ticks(axes, panel.tick, most=panel.ticks)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))


def _percent(value: float) -> str:
    return percent(value, 2)


def _short_percent(value: float) -> str:
    return f"{100 * value:.4g} %"


def _note(history: History) -> str:
    """Return the number of epochs, the time, and the best epoch by validation accuracy."""
    parts = [f"{len(history)} epoch" + "s" * (len(history) > 1)]
    seconds = float(np.nansum(_column(history, "seconds")))
    if seconds > 0:
        parts[0] += f" in {_duration(seconds)}"
    best = _column(history, "validation_accuracy")
    if np.isfinite(best).any():
        at = int(np.nanargmax(best))
        parts.append(
            f"best validation accuracy {_percent(best[at])} at epoch {history[at]['epoch']}"
        )
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.2g} s"
