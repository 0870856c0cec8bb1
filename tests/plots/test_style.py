"""Every plot is legible, complete, in its theme, and needs no display."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from digitus.errors import WriteError
from digitus.palette import PALETTES
from digitus.plots import (
    Explanation,
    Variant,
    confusion_matrix,
    digit_gallery,
    explanation,
    first_layer_weights,
    learning_rate_search,
    reliability,
    risk_coverage,
    save_figure,
    training_curves,
)

EPOCHS = [
    {
        "epoch": epoch,
        "loss": 2.0 / epoch,
        "accuracy": 1 - 0.3 / epoch,
        "validation_loss": 2.01 / epoch,
        "validation_accuracy": 1 - 0.301 / epoch,
        "rate": 0.1 * 0.9**epoch,
        "gradient_norms": [0.2 / epoch, 0.201 / epoch, 0.202 / epoch],
        "seconds": 2.5,
    }
    for epoch in range(1, 21)
]
SPARSE = [{"epoch": 1, "loss": 0.5, "accuracy": 0.9, "validation_loss": None}]
RATES = [(0.001, 2.3), (0.01, 1.0), (0.1, 0.3), (1.0, float("inf"))]
CONFUSION = np.diag([5_000] * 10) + np.arange(100).reshape(10, 10) % 7
CENTERS = (np.arange(15) + 0.5) / 15
BINS = (CENTERS, CENTERS**1.2, np.arange(15) ** 3)
COVERAGE = np.arange(1, 101) / 100
CURVE = (COVERAGE, 0.02 * COVERAGE**9, 1 - COVERAGE / 2)
PIXELS = np.random.default_rng(0).integers(0, 256, (12, 784), dtype=np.uint8)
DIGITS = np.arange(12) % 10
ANSWERS = {"predictions": (DIGITS * 3) % 10, "confidences": np.linspace(1, 0.2, 12)}

PATCH = PIXELS[0].reshape(28, 28) / 255
DOUBTFUL = ("too doubtful", "7?  98.2 %")
BLANK = Explanation("Blank", "Nothing is written.", grey=PATCH, ink=0 * PATCH)
EXPLAINED = Explanation(
    title="Too doubtful",
    note="7 at best, at 98.2 %, runner-up 1 at 1.2 %, not a digit at 46.1 %",
    grey=np.tile(PATCH, (1, 2)),
    ink=np.tile(PATCH, (1, 2)),
    ink_name="Ink, light on dark paper",
    patch=PATCH,
    variants=[
        Variant(name, PATCH, DOUBTFUL, is_changed=name == "thinner")
        for name in ("inverted", "thicker", "thinner", "deslanted")
    ],
)

PLOTS = {
    "training curves": (training_curves, EPOCHS),
    "one epoch": (training_curves, SPARSE),
    "no epoch": (training_curves, []),
    "learning-rate search": (learning_rate_search, RATES),
    "no finite rate": (learning_rate_search, RATES[-1:]),
    "confusion": (confusion_matrix, CONFUSION),
    "one class": (confusion_matrix, [[12_345]]),
    "weights": (first_layer_weights, np.random.default_rng(0).normal(size=(784, 12))),
    "one unit": (first_layer_weights, np.zeros((784, 1))),
    "samples": (lambda pixels, **rest: digit_gallery(pixels, DIGITS, **ANSWERS, **rest), PIXELS),
    "one sample": (digit_gallery, PIXELS[:1]),
    "no mistakes": (lambda pixels, **rest: digit_gallery(pixels, predictions=[], **rest), []),
    "reliability": (reliability, BINS),
    "one full bin": (reliability, ([np.nan, 1.0], [np.nan, 1.0], [0, 7])),
    "risk-coverage": (risk_coverage, CURVE),
    "explanation": (explanation, EXPLAINED),
    "explanation of a blank": (explanation, BLANK),
    "without errors": (risk_coverage, ([0.5, 1.0], [0.0, 0.0], [1.0, 0.9])),
}


def plot(name, **options):
    function, data = PLOTS[name]
    return function(data, **options)


def boxes(figure):
    """Text and its place in pixels, for every text that is printed."""
    figure.draw_without_rendering()
    unseen = {
        label
        for axes in figure.axes
        for axis, low_high in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()))
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not min(low_high) <= tick.get_loc() <= max(low_high)
    }
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in texts if text not in unseen]


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_is_clipped_by_the_edge_of_the_figure(name):
    figure = plot(name)
    width, height = figure.bbox.size
    clipped = [
        text
        for text, box in boxes(figure)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    assert clipped == []


@pytest.mark.parametrize("name", PLOTS)
def test_no_two_texts_overlap(name):
    pairs = combinations(boxes(plot(name)), 2)
    assert [(one[0], two[0]) for one, two in pairs if one[1].padded(-2).overlaps(two[1])] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PLOTS)
def test_plot_has_the_surface_color_of_its_theme(name, theme):
    assert to_hex(plot(name, theme=theme).get_facecolor()) == PALETTES[theme].surface


@pytest.mark.parametrize("name", PLOTS)
def test_unknown_theme_is_refused(name):
    with pytest.raises(ValueError, match="'light' or 'dark', got 'sepia'"):
        plot(name, theme="sepia")


@pytest.mark.parametrize("name", PLOTS)
def test_plot_is_written_as_an_image_of_its_size(name, tmp_path):
    figure = plot(name)
    save_figure(figure, tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as image:
        assert (image.format, image.size) == ("PNG", tuple(figure.bbox.size.round()))


def test_suffix_svg_gives_an_svg(tmp_path):
    save_figure(learning_rate_search(RATES), tmp_path / "plot.SVG")
    assert "<svg" in (tmp_path / "plot.SVG").read_text(encoding="utf-8")


def test_other_suffix_is_refused(tmp_path):
    with pytest.raises(ValueError, match="rename the file"):
        save_figure(Figure(), tmp_path / "plot.bmp")


def test_a_folder_that_cannot_be_made_is_a_write_error(tmp_path):
    (tmp_path / "missing").touch()
    with pytest.raises(WriteError):
        save_figure(Figure(), tmp_path / "missing" / "plot.png")


def test_plots_do_not_load_pyplot():
    code = "import sys, digitus.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
