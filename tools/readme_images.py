"""Draw the examples of the README, light and dark: each image, its patch and the answer.

python tools/readme_images.py
"""

from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from digitus.cli.screen import percent
from digitus.palette import Palette, palette_of
from digitus.plots import Theme, save_figure
from digitus.plots.style import DPI
from digitus.recognizer import Prediction, Recognizer

ROOT = Path(__file__).parents[1]
SHOWN = (
    "2-blue-on-cream.png",
    "3-light-on-dark.png",
    "4-pencil.jpg",
    "5-chalk.png",
    "7-red.jpg",
    "9-dark-on-light.png",
)
CAPTIONS = ("image", "input of\nthe network", "answer")


def draw(answers: list[tuple[Path, Prediction]], theme: Theme) -> Figure:
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
    answer.text(
        0.5,
        0.62,
        str(found.digit),
        ha="center",
        va="center",
        size=22,
        weight="bold",
        color=colors.accent,
    )
    answer.text(
        0.5,
        0.08,
        f"{percent(found.confidence, 1)} sure",
        ha="center",
        va="center",
        size=10,
        color=colors.muted,
    )
    answer.set_axis_off()


def main() -> None:
    """Read the examples and draw them in both themes."""
    recognizer = Recognizer()
    paths = [ROOT / "examples" / name for name in SHOWN]
    answers = [(path, recognizer.predict(path)) for path in paths]
    folder = ROOT / "docs" / "images"
    save_figure(draw(answers, "light"), folder / "examples-light.png")
    save_figure(draw(answers, "dark"), folder / "examples-dark.png")


if __name__ == "__main__":
    main()
