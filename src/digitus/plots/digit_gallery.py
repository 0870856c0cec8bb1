"""Digits as they are stored, with label, answer and confidence below each."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.plots.mosaic import SIDE, corner, mosaic_figure, tile
from digitus.plots.style import DPI, SMALL_PT, heading, message_figure

COLUMNS = 10
IMAGES_AT_MOST = 200
SCALE = 5  # printed pixels per pixel
GAP_RIGHT = 8
LINE = 7  # mosaic pixels from one line of text to the next


@dataclass(frozen=True)
class Answers:
    """What is known of n images; every array is (n,) or None."""

    labels: NDArray[np.int64] | None
    predictions: NDArray[np.int64] | None
    confidences: NDArray[np.float64] | None

    @property
    def wrong(self) -> NDArray[np.bool_] | None:
        """Which images are misread, None where that is not known."""
        if self.labels is None or self.predictions is None:
            return None
        return np.not_equal(self.labels, self.predictions)

    def is_wrong(self, index: int) -> bool:
        """Whether an image is known to be misread."""
        return self.wrong is not None and bool(self.wrong[index])

    def caption(self, index: int) -> list[str]:
        """Lines of text below an image."""
        shown = self.labels if self.predictions is None else self.predictions
        lines = [] if shown is None else [f"{shown[index]}"]
        if self.labels is not None and self.is_wrong(index):
            lines = [f"✗ {self.labels[index]} → {lines[0]}"]
        if self.confidences is not None:
            lines.append(_percent(self.confidences[index]))
        return lines


def sample_grid(
    pixels: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    predictions: ArrayLike | None = None,
    confidences: ArrayLike | None = None,
    theme: Theme = "light",
) -> Figure:
    """Images in a grid, in their exact pixels; a wrong answer gets a cross and a frame.

    Args:
        pixels: (n, 784) uint8, 0 paper, 255 ink; ink is dark on the light theme, light on the
            dark one. The first 200 are shown.
        labels: (n,), the true digits.
        predictions: (n,), the digits read.
        confidences: (n,), 0..1.
        theme: "light" or "dark".

    Raises:
        ValueError: if the pixels are not (n, 784) uint8 or another array has not n entries.
    """
    colors, images = palette_of(theme), _checked(pixels)
    n = len(images)
    answers = Answers(
        _integers(labels, n, name="labels"),
        _integers(predictions, n, name="predictions"),
        None if confidences is None else _one_each(confidences, n, name="confidences"),
    )
    title, note = _title(answers), _note(n, answers)
    if not n:
        return message_figure(title, note, colors=colors)
    figure = _draw(images[:IMAGES_AT_MOST], answers, colors, is_dark=theme == "dark")
    heading(figure, title, note=note, colors=colors)
    return figure


def _percent(confidence: float) -> str:
    """Write a confidence to a tenth of a percent, but never round doubt away."""
    return "> 99.9 %" if 0.9995 <= confidence < 1 else f"{100 * confidence:.1f} %"


def _checked(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return the images as (n, 28, 28)."""
    rows = np.asarray(pixels)
    if rows.size == 0:
        return np.empty((0, SIDE, SIDE), dtype=np.uint8)
    if rows.ndim != 2 or rows.shape[1] != SIDE * SIDE or rows.dtype != np.uint8:
        raise ValueError(
            f"pixels must be (n, 784) uint8, got {rows.shape} {rows.dtype}; "
            f"pass the stored images, not the normalized ones"
        )
    return rows.reshape(-1, SIDE, SIDE)


def _one_each(values: ArrayLike, n: int, *, name: str) -> NDArray[np.float64]:
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (n,):
        raise ValueError(
            f"{name} must be one per image, wanted shape ({n},), got {column.shape}; "
            f"pass those of the same images"
        )
    return column


def _integers(values: ArrayLike | None, n: int, *, name: str) -> NDArray[np.int64] | None:
    return None if values is None else _one_each(values, n, name=name).astype(np.int64)


def _title(answers: Answers) -> str:
    if answers.predictions is None:
        return "Images"
    return "Mistakes" if answers.wrong is not None and answers.wrong.all() else "Answers"


def _note(n: int, answers: Answers) -> str:
    if not n:
        return "No mistakes." if answers.predictions is not None else "No images."
    count = f"{n:,} image" + "s" * (n > 1)
    if n > IMAGES_AT_MOST:
        count = f"the first {IMAGES_AT_MOST} of {count}"
    if answers.wrong is None or not answers.wrong.any():
        return count
    misread = "all" if answers.wrong.all() else f"{int(answers.wrong.sum()):,}"
    return f"{count}, {misread} misread (✗ true digit → answer)"


def _draw(images: NDArray[np.uint8], answers: Answers, colors: Palette, *, is_dark: bool) -> Figure:
    ink = images if is_dark else 255 - images
    shades = np.repeat(ink[..., np.newaxis] / 255.0, 3, axis=3)
    columns = min(COLUMNS, len(images))
    gap = (LINE * len(answers.caption(0)) + 6, GAP_RIGHT)
    mosaic = tile(shades, columns, gap=gap, background=np.array(to_rgb(colors.surface)))
    mosaic = mosaic[:, :-GAP_RIGHT]
    figure, axes = mosaic_figure(mosaic, SCALE, footer_in=0.0, colors=colors)
    for index in range(len(images)):
        place = corner(index, columns, gap=gap)
        _frame(axes, place, colors=colors, is_wrong=answers.is_wrong(index))
        _write(axes, place, answers, index=index, colors=colors)
    return figure


def _frame(axes: Axes, place: tuple[int, int], *, colors: Palette, is_wrong: bool) -> None:
    """Draw a frame just outside the image, so that it covers no pixel."""
    color, width_pt = (colors.contrast, 1.8) if is_wrong else (colors.grid, 0.9)
    half = 0.5 * width_pt * DPI / 72.0 / SCALE  # of the frame's width, in mosaic pixels
    top, left = place
    side = SIDE + 2 * half
    axes.add_patch(
        Rectangle(
            (left - half, top - half),
            side,
            side,
            fill=False,
            edgecolor=color,
            linewidth=width_pt,
            clip_on=False,
        )
    )


def _write(
    axes: Axes, place: tuple[int, int], answers: Answers, *, index: int, colors: Palette
) -> None:
    top, left = place
    for line, text in enumerate(answers.caption(index)):
        is_marked = line == 0 and answers.is_wrong(index)
        axes.text(
            left + SIDE / 2,
            top + SIDE + 2.5 + LINE * line,
            text,
            ha="center",
            va="top",
            size=SMALL_PT,
            color=colors.contrast if is_marked else colors.muted,
            weight="bold" if is_marked else "normal",
        )
