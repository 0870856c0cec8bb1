"""Plot of each contestant's time over that of Digitus, by cell."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from contest.result import FLOOR, FRAMEWORKS, OURS, Result
from digitus.palette import palette_of
from digitus.plots.style import SMALL_PT, heading, new_figure

COLORS = palette_of("light")
MARKS = {
    "PyTorch": ("s", "#bd4b07"),
    "JAX": ("D", "#1769c4"),
    "scikit-learn": ("^", "#2f7d4f"),
    FLOOR: ("|", COLORS.muted),
}
TICKS = (0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32)


def draw(results: Sequence[Result], path: Path) -> None:
    """Draw one line per cell with a mark for each contestant; save the figure."""
    figure = new_figure(9.0, 2.0 + 0.24 * len(results), colors=COLORS)
    axes = figure.subplots()
    for name, (mark, color) in MARKS.items():
        points = [(ratio(each, name), row) for row, each in enumerate(results)]
        drawn = [(x, row) for x, row in points if x is not None]
        if drawn:
            axes.scatter(*zip(*drawn, strict=True), marker=mark, color=color, s=38, label=name)
    finish(axes, results)
    note = "seconds per epoch over those of Digitus; right of the line, Digitus is faster"
    heading(figure, "Training on MNIST compared with the frameworks", note=note, colors=COLORS)
    figure.savefig(path)


def ratio(result: Result, name: str) -> float | None:
    """Return the seconds of a framework's fastest variant, or of the floor, over ours."""
    best = result.best(name) if name in FRAMEWORKS else name
    return None if best is None else result.seconds(best) / result.seconds(OURS)


def finish(axes: Axes, results: Sequence[Result]) -> None:
    """Label the cells, draw the line of equal speed, and style the axes."""
    cells = [each.cell for each in results]
    names = [f"{cell.shape!s:<19} {cell.batch:>3} {cell.optimizer:<4}" for cell in cells]
    axes.set_yticks(range(len(results)), names, family="monospace")
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}x"))
    axes.axvline(1, color=COLORS.ink, linewidth=1.2, zorder=0)
    axes.grid(color=COLORS.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL_PT, labelcolor=COLORS.muted)
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=4,
        frameon=False,
        fontsize=SMALL_PT,
        labelcolor=COLORS.ink,
    )
