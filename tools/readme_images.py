"""Draw the README's images, in light and dark: single digits, and a page beside its table.

python tools/readme_images.py
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from digitus.cli.screen import percent
from digitus.palette import Palette, palette_of
from digitus.plots import Theme, save_figure
from digitus.plots.style import DPI
from digitus.recognizer import Prediction, Recognizer

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
DIGITS = (
    "2-blue-on-cream.png",
    "3-light-on-dark.png",
    "4-pencil.jpg",
    "5-chalk.png",
    "7-red.jpg",
    "9-dark-on-light.png",
)
CAPTIONS = ("the image", "what the\nnetwork sees", "the answer")
PAGE = ROOT / "examples" / "pages" / "grid.jpg"
COLORS = 64
"""A photo with few colors takes a quarter of the bytes and looks the same."""


def draw_digits(answers: list[tuple[Path, Prediction]], theme: Theme) -> Figure:
    """Draw a column for each image: the image, its patch, the answer."""
    colors = palette_of(theme)
    figure = Figure(figsize=(9.2, 3.9), dpi=DPI, facecolor=colors.surface)
    axes = figure.subplots(
        3, len(answers) + 1, height_ratios=(1, 1, 0.45), width_ratios=(0.75, *([1] * len(answers)))
    )
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.98, wspace=0.12, hspace=0.1)
    for row, caption in zip(axes[:, 0], CAPTIONS, strict=True):
        row.text(1, 0.5, caption, ha="right", va="center", size=10, color=colors.muted)
        row.set_axis_off()
    for column, (path, found) in zip(axes[:, 1:].T, answers, strict=True):
        draw_column(column, path, found, colors, dark=theme == "dark")
    return figure


def draw_column(column, path: Path, found: Prediction, colors: Palette, *, dark: bool) -> None:
    """Draw one image above its patch above its answer."""
    image, patch, answer = column
    with Image.open(path) as opened:
        image.imshow(opened.convert("RGB"))
    patch.imshow(found.patch, cmap="gray" if dark else "gray_r", interpolation="nearest")
    for axes in (image, patch):
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color(colors.grid)
    middle = {"ha": "center", "va": "center"}
    digit = {"size": 22, "weight": "bold", "color": colors.accent}
    answer.text(0.5, 0.62, str(found.digit), **middle, **digit)
    confidence = f"{percent(found.confidence, 1)} sure"
    answer.text(0.5, 0.08, confidence, **middle, size=10, color=colors.muted)
    answer.set_axis_off()


def read_page() -> tuple[Image.Image, list[list[dict[str, Any]]]]:
    """Return the overlay of the page, and the cells of its grid, as `digitus read` writes them."""
    program = str(Path(sys.executable).with_name("digitus"))
    with tempfile.TemporaryDirectory() as folder:
        words = [program, "read", str(PAGE), "--overlay", folder, "--json"]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        with Image.open(Path(folder) / f"{PAGE.stem}.png") as overlay:
            overlay.load()
    (page,) = json.loads(done.stdout)["pages"]
    return overlay, page["grids"][0]["rows"]


def draw_page(overlay: Image.Image, rows: list[list[dict[str, Any]]], theme: Theme) -> Figure:
    """Draw a page with what was read over it, and its table beside it."""
    colors = palette_of(theme)
    figure = Figure(figsize=(9.2, 3.75), dpi=DPI, facecolor=colors.surface)
    page, table = figure.subplots(1, 2, width_ratios=(1, 0.88))
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.98, wspace=0.04)
    page.imshow(overlay)
    page.set_axis_off()
    draw_table(table, rows, colors)
    return figure


def draw_table(axes: Axes, rows: list[list[dict[str, Any]]], colors: Palette) -> None:
    """Draw the cells of a grid as a table."""
    axes.set(xlim=(0, len(rows[0])), ylim=(len(rows), 0))
    axes.set_axis_off()
    for row, cells in enumerate(rows):
        if row:
            axes.axhline(row, color=colors.grid, linewidth=1)
        for col, cell in enumerate(cells):
            text, style = shown(cell, colors)
            axes.text(col + 0.5, row + 0.5, text, ha="center", va="center", **style)


def shown(cell: dict[str, Any], colors: Palette) -> tuple[str, dict[str, object]]:
    """Return the text of a cell and its style."""
    if cell["verdict"] == "digit":
        return cell["text"], {"size": 14, "color": colors.ink}
    text = "" if cell["verdict"] == "blank" else cell["verdict"].replace("_", " ")
    return text, {"size": 8.5, "color": colors.muted, "style": "italic"}


def shrink(path: Path) -> None:
    """Save an image with few colors."""
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Read the examples and draw them in both themes."""
    recognizer = Recognizer()
    paths = [ROOT / "examples" / name for name in DIGITS]
    answers = [(path, recognizer.predict(path)) for path in paths]
    overlay, rows = read_page()
    for theme in ("light", "dark"):
        save_figure(draw_digits(answers, theme), IMAGES / f"examples-{theme}.png")
        target = IMAGES / f"page-{theme}.png"
        save_figure(draw_page(overlay, rows, theme), target)
        shrink(target)


if __name__ == "__main__":
    main()
