"""The confusion matrix."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.percent import percent
from digitus.plots.style import SMALL_PT, TEXT_PT, blend, heading, legible_on, new_figure

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]

CELL_IN = 0.58
SMALLEST_IN = 4.6  # width that the heading needs
FAINTEST = 0.08  # share of the full color for a single mistake, so that it is visible


def confusion_matrix(confusion: ArrayLike, *, theme: Theme = "light") -> Figure:
    """Plot the counts of every pair of true and predicted class, with the mistakes colored.

    Args:
        confusion: (k, k) counts; rows are true classes, columns predictions.
        theme: "light" or "dark".

    Raises:
        ValueError: if the matrix is not square or a count is negative.
    """
    counts, colors = _checked(confusion), palette_of(theme)
    side_in = CELL_IN * len(counts)
    figure = new_figure(max(SMALLEST_IN, side_in + 1.6), side_in + 1.7, colors=colors)
    axes = figure.add_subplot()
    cells = _cell_colors(_mistake_shares(counts), colors)
    axes.imshow(cells, interpolation="nearest")
    _write_counts(axes, counts, cells=cells, colors=colors)
    _write_accuracies(axes, counts, colors=colors)
    _name_axes(axes, len(counts), colors=colors)
    heading(figure, "Confusion matrix", note=_note(counts), colors=colors)
    return figure


def _checked(confusion: ArrayLike) -> Counts:
    counts = np.asarray(confusion)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(
            f"confusion must be a square of counts, got shape {counts.shape}; "
            f"rows are true classes, columns predictions"
        )
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError(
            "confusion must hold counts, got fractions or negative numbers; pass counts"
        )
    return counts.astype(np.int64)


def _mistake_shares(counts: Counts) -> Shares:
    """Return the color strength of each cell (k, k): 0 for no mistake, 1 for the most."""
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    shares = FAINTEST + (1 - FAINTEST) * mistakes / max(mistakes.max(), 1)
    return np.where(mistakes > 0, shares, 0.0)


def _cell_colors(shares: Shares, colors: Palette) -> Shares:
    """Return the red, green and blue of every cell, (k, k, 3)."""
    weights = shares[:, :, np.newaxis]
    cells = (1 - weights) * to_rgb(colors.surface) + weights * np.array(to_rgb(colors.contrast))
    diagonal = np.arange(len(shares))
    cells[diagonal, diagonal] = to_rgb(colors.faint)
    return np.asarray(cells)


def _write_counts(axes: Axes, counts: Counts, *, cells: Shares, colors: Palette) -> None:
    zero = blend(colors.surface, colors.muted, 0.5)
    for (row, col), count in np.ndenumerate(counts):
        of_mistake = legible_on(cells[row, col], colors) if count else zero
        axes.text(
            col,
            row,
            f"{count}" if count else "·",
            ha="center",
            va="center",
            size=TEXT_PT if count < 1e4 else SMALL_PT,
            color=colors.muted if row == col else of_mistake,
        )


def _write_accuracies(axes: Axes, counts: Counts, *, colors: Palette) -> None:
    """Write the accuracy of each class to the right of its row."""
    k = len(counts)
    style: dict[str, Any] = {
        "size": SMALL_PT,
        "color": colors.muted,
        "va": "center",
        "ha": "right",
    }
    axes.text(k + 0.62, -0.74, "right", **style)
    for row, of_class in enumerate(counts):
        total = of_class.sum()
        text = percent(of_class[row] / total) if total else "none"
        axes.text(k + 0.62, row, text, **style)


def _name_axes(axes: Axes, k: int, *, colors: Palette) -> None:
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xticks(range(k))
    axes.set_yticks(range(k))
    axes.set_xticks(np.arange(k + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(k + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=colors.grid, linewidth=0.8)
    axes.tick_params(which="both", length=0, labelsize=TEXT_PT, labelcolor=colors.ink)
    axes.set_xlabel("read as", size=SMALL_PT, color=colors.muted, labelpad=6)
    axes.set_ylabel("true digit", size=SMALL_PT, color=colors.muted, labelpad=6)


def _note(counts: Counts) -> str:
    """Return the totals and the most frequent confusion."""
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    misread = int(mistakes.sum())
    note = f"{misread:,} of {int(counts.sum()):,} misread"
    if not misread:
        return note
    true, read = np.unravel_index(mistakes.argmax(), mistakes.shape)
    return f"{note}, most often {true} as {read} ({mistakes.max()} times)"
