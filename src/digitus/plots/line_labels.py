"""Lines with their names at the right end instead of a legend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from digitus.plots.style import DPI, SMALL_PT

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LabelParameters:
    """How lines are drawn and labelled; chosen by eye.

    Attributes:
        markers_up_to: largest number of points that get markers.
        log_from_ratio: ratio of largest to smallest value from which the axis is logarithmic.
        gap_pt: between the baselines of two names.
    """

    markers_up_to: int = 12
    log_from_ratio: float = 8.0
    gap_pt: float = 13.0


PARAMETERS = LabelParameters()


@dataclass(frozen=True)
class Line:
    """One curve.

    Attributes:
        name: written at the right end; None for none.
        values: (n,), NaN where unknown.
        color: hex code of the color.
    """

    name: str | None
    values: Floats
    color: str

    @property
    def is_known(self) -> bool:
        """Whether any value is finite."""
        return bool(np.isfinite(self.values).any())

    @property
    def last(self) -> int:
        """Index of the last finite value."""
        return int(np.flatnonzero(np.isfinite(self.values))[-1])


def draw_lines(axes: Axes, x: Floats, lines: Sequence[Line]) -> None:
    """Draw lines over ``x`` (n,), with markers if there are few points."""
    marker = "o" if len(x) <= PARAMETERS.markers_up_to else ""
    for line in reversed(lines):  # the first is on top
        axes.plot(x, line.values, color=line.color, linewidth=1.9, marker=marker, markersize=4.5)


def name_line_ends(
    axes: Axes, x: Floats, lines: Sequence[Line], *, written: Callable[[float], str]
) -> None:
    """Write name and last value at the end of every line, spread so that none overlap.

    Call it after scale, limits and layout are set: distances are measured in points.
    """
    named = [line for line in lines if line.name is not None]
    ends = [(x[line.last], line.values[line.last]) for line in named]
    heights_pt = axes.transData.transform(ends)[:, 1] * 72.0 / DPI
    shifts_pt = spread_apart(heights_pt, gap=PARAMETERS.gap_pt) - heights_pt
    for line, end, shift_pt in zip(named, ends, shifts_pt, strict=True):
        axes.annotate(
            f"{line.name} {written(end[1])}".strip(),
            end,
            xytext=(8, shift_pt),
            textcoords="offset points",
            va="center",
            size=SMALL_PT,
            color=line.color,
            annotation_clip=False,
            zorder=2.2,  # over the grid, under the base line
            bbox={"facecolor": axes.get_facecolor(), "linewidth": 0, "pad": 1},
        )


def spread_apart(heights: Floats, *, gap: float) -> Floats:
    """Return the nearest heights (m,) in the same order with ``gap`` between neighbors.

    This is isotonic regression of the heights minus their gaps, by the pool-adjacent-violators
    algorithm (Barlow et al. 1972).
    """
    order = np.argsort(heights, kind="stable")
    blocks: list[list[float]] = []
    for rank, height in enumerate(heights[order]):
        blocks.append([float(height) - gap * rank])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    level = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    spread = np.empty(len(heights))
    spread[order] = level + gap * np.arange(len(heights))
    return spread


def scale_by_span(axes: Axes, lines: Sequence[Line]) -> None:
    """Make the vertical axis logarithmic if all values are positive and span a wide range."""
    values = np.concatenate([line.values for line in lines])
    values = values[np.isfinite(values)]
    if (
        values.size
        and values.min() > 0
        and values.max() / values.min() >= PARAMETERS.log_from_ratio
    ):
        axes.set_yscale("log")


def label_ticks(axes: Axes, written: Callable[[float], str], *, most: int = 5) -> None:
    """Set at most ``most`` ticks on the vertical axis, with their values as text."""
    if axes.get_yscale() == "log":
        low, high = axes.get_ylim()
        axes.yaxis.set_major_locator(FixedLocator(log_ticks(low, high, most=most)))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def log_ticks(low: float, high: float, *, most: int) -> list[float]:
    """Return at most ``most`` round numbers between ``low`` and ``high``, both positive.

    They are 1, 2 and 5 times the powers of ten; if these are too many, 1 and 3 times; then the
    powers alone, every second power, and so on.
    """
    decades = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    ticks: list[float] = []
    for factors, step in [((1, 2, 5), 1), ((1, 3), 1), *(((1,), step) for step in range(1, 99))]:
        ticks = [
            float(f"{factor}e{decade:.0f}") for decade in decades[::step] for factor in factors
        ]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= most:
            break
    return ticks
