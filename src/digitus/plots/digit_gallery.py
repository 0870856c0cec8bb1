"""A gallery of digits with label, answer and confidence below each."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.percent import percent
from digitus.plots.mosaic import SIDE, corner, mosaic_figure, tile
from digitus.plots.style import DPI, SMALL_PT, heading, message_figure


@dataclass(frozen=True)
class GalleryLayout:
    """How the images are laid out.

    Attributes:
        images: largest number of images shown.
        columns: images in a row.
        scale: printed pixels per mosaic pixel.
        gap_right: mosaic pixels between two images.
        line: mosaic pixels from one line of text to the next.
    """

    images: int = 200
    columns: int = 10
    scale: int = 5
    gap_right: int = 8
    line: int = 7


LAYOUT = GalleryLayout()


@dataclass(frozen=True)
class Captions:
    """What is known of n images; every array is (n,) or None if unknown."""

    labels: NDArray[np.int64] | None
    predictions: NDArray[np.int64] | None
    confidences: NDArray[np.float64] | None

    @property
    def wrong(self) -> NDArray[np.bool_] | None:
        """Which images are misread, (n,); None if unknown."""
        if self.labels is None or self.predictions is None:
            return None
        return np.not_equal(self.labels, self.predictions)

    def is_wrong(self, index: int) -> bool:
        """Return whether an image is known to be misread."""
        return self.wrong is not None and bool(self.wrong[index])

    def caption(self, index: int) -> list[str]:
        """Return the lines of text below an image."""
        shown = self.labels if self.predictions is None else self.predictions
        lines = [] if shown is None else [f"{shown[index]}"]
        if self.labels is not None and self.is_wrong(index):
            lines = [f"✗ {self.labels[index]} → {lines[0]}"]
        if self.confidences is not None:
            lines.append(percent(self.confidences[index]))
        return lines


def digit_gallery(
    pixels: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    predictions: ArrayLike | None = None,
    confidences: ArrayLike | None = None,
    theme: Theme = "light",
) -> Figure:
    """Plot images in a grid without smoothing; a wrong answer has a cross and a colored frame.

    Args:
        pixels: (n, 784) uint8, 0 paper to 255 ink; ink is dark in the light theme and light in the
            dark one. The first 200 images are shown.
        labels: (n,), the true digits.
        predictions: (n,), the digits read.
        confidences: (n,), 0..1.
        theme: "light" or "dark".

    Raises:
        ValueError: if the pixels are not (n, 784) uint8, or another array is not (n,).
    """
    colors, images = palette_of(theme), _checked(pixels)
    n = len(images)
    captions = Captions(
        _integers(labels, n, name="labels"),
        _integers(predictions, n, name="predictions"),
        None if confidences is None else _one_each(confidences, n, name="confidences"),
    )
    title, note = _title(captions), _note(n, captions)
    if not n:
        return message_figure(title, note, colors=colors)
    figure = _draw(images[: LAYOUT.images], captions, colors, is_dark=theme == "dark")
    heading(figure, title, note=note, colors=colors)
    return figure


def _checked(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return the images as (n, 28, 28)."""
    rows = np.asarray(pixels)
    if rows.size == 0:
        return np.empty((0, SIDE, SIDE), dtype=np.uint8)
    if rows.ndim != 2 or rows.shape[1] != SIDE * SIDE or rows.dtype != np.uint8:
        raise ValueError(
            f"pixels must be (n, 784) uint8, got {rows.shape} {rows.dtype}; "
            f"pass the images of the data set, not the normalized ones"
        )
    return rows.reshape(-1, SIDE, SIDE)


def _one_each(values: ArrayLike, n: int, *, name: str) -> NDArray[np.float64]:
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (n,):
        raise ValueError(
            f"{name} must be one per image: expected shape ({n},), got {column.shape}; "
            f"pass those of the same images"
        )
    return column


def _integers(values: ArrayLike | None, n: int, *, name: str) -> NDArray[np.int64] | None:
    return None if values is None else _one_each(values, n, name=name).astype(np.int64)


def _title(captions: Captions) -> str:
    if captions.predictions is None:
        return "Images"
    return "Mistakes" if captions.wrong is not None and captions.wrong.all() else "Answers"


def _note(n: int, captions: Captions) -> str:
    if not n:
        return "No mistakes." if captions.predictions is not None else "No images."
    count = f"{n:,} image" + "s" * (n > 1)
    if n > LAYOUT.images:
        count = f"the first {LAYOUT.images} of {count}"
    if captions.wrong is None or not captions.wrong.any():
        return count
    misread = "all" if captions.wrong.all() else f"{int(captions.wrong.sum()):,}"
    return f"{count}, {misread} misread (✗ true digit → answer)"


def _draw(
    images: NDArray[np.uint8], captions: Captions, colors: Palette, *, is_dark: bool
) -> Figure:
    ink = images if is_dark else 255 - images
    shades = np.repeat(ink[..., np.newaxis] / 255.0, 3, axis=3)
    columns = min(LAYOUT.columns, len(images))
    gap = (LAYOUT.line * len(captions.caption(0)) + 6, LAYOUT.gap_right)
    mosaic = tile(shades, columns, gap=gap, background=np.array(to_rgb(colors.surface)))
    mosaic = mosaic[:, : -LAYOUT.gap_right]
    figure, axes = mosaic_figure(mosaic, LAYOUT.scale, footer_in=0.0, colors=colors)
    for index in range(len(images)):
        place = corner(index, columns, gap=gap)
        _frame(axes, place, colors=colors, is_wrong=captions.is_wrong(index))
        _write(axes, place, captions, index=index, colors=colors)
    return figure


def _frame(axes: Axes, place: tuple[int, int], *, colors: Palette, is_wrong: bool) -> None:
    """Draw a frame outside the image, so that it covers no pixel."""
    color, width_pt = (colors.contrast, 1.8) if is_wrong else (colors.grid, 0.9)
    half = 0.5 * width_pt * DPI / 72.0 / LAYOUT.scale  # of the frame's width, in mosaic pixels
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
    axes: Axes, place: tuple[int, int], captions: Captions, *, index: int, colors: Palette
) -> None:
    top, left = place
    for line, text in enumerate(captions.caption(index)):
        is_marked = line == 0 and captions.is_wrong(index)
        axes.text(
            left + SIDE / 2,
            top + SIDE + 2.5 + LAYOUT.line * line,
            text,
            ha="center",
            va="top",
            size=SMALL_PT,
            color=colors.contrast if is_marked else colors.muted,
            weight="bold" if is_marked else "normal",
        )
