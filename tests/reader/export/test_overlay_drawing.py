"""Labels say what is drawn; the pen draws it; the legend explains it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitus.palette import OVERLAY_ON_LIGHT_PAPER as COLORS
from digitus.reader.export.overlay_drawing import (
    FAIR_BELOW,
    Label,
    Pen,
    add_legend,
    labels_of,
    text_size,
)
from digitus.reader.results.reading import Mark

SIZE = (200, 100)
BOX = (20, 20, 100, 40)


@pytest.fixture
def image():
    return Image.new("RGB", SIZE, "white")


@pytest.fixture
def pen(image):
    return Pen(ImageDraw.Draw(image), 18, COLORS)


def levels(image):
    return np.asarray(image).astype(int)


def test_a_flagged_number_has_a_question_mark_and_bars_at_its_doubtful_digits(page_reading):
    (label,) = (one for one in labels_of(page_reading) if one.is_doubtful)
    (number,) = page_reading.lines[1].numbers
    assert label.text == "9?5 ?"
    assert label.bars == (number.digits[1].box,)


@pytest.mark.parametrize(("confidence", "kind"), [(FAIR_BELOW, "sure"), (0.95, "fair")])
def test_a_number_that_is_not_flagged_has_a_kind_by_its_confidence(
    page_reading, make_number, confidence, kind
):
    line = replace(page_reading.lines[0], numbers=(make_number("7", confidence=confidence),))
    (label,) = labels_of(replace(page_reading, lines=(line,)))
    assert (label.kind, label.bars) == (kind, ())


def test_a_cell_has_its_verdict_as_text_unless_it_is_blank_or_has_a_number(grid_reading):
    cells = [label for label in labels_of(grid_reading) if label.is_cell]
    assert [(one.text, one.kind) for one in cells] == [
        ("", "cell"),
        ("", "cell"),
        ("struck out", "none"),
        ("not a digit ?", "doubtful"),
    ]


def test_a_doubtful_mark_has_a_bar_whether_the_text_has_it_or_not(page_reading, make_number):
    number = make_number("3.57")
    marks = (
        replace(number.marks[0], confidence=0.6),
        Mark("comma", (85, 86, 3, 3), False, 0.4),
        Mark("other", (200, 60, 9, 9), False),
    )
    flagged = replace(number, marks=marks, to_check=True)
    line = replace(page_reading.lines[0], numbers=(flagged,))
    (label,) = labels_of(replace(page_reading, lines=(line,)))
    assert label.text == "3.57 ?"
    assert label.bars == (marks[0].box, marks[1].box)


def test_a_cell_with_a_word_says_so(grid_reading):
    word = replace(grid_reading.grids[0].rows[1][0], verdict="word")
    grid = replace(grid_reading.grids[0], rows=((word,),))
    labels = labels_of(replace(grid_reading, grids=(grid,)))
    assert [(one.text, one.kind) for one in labels if one.is_cell] == [("word", "none")]


def hex_code(pixel):
    return f"#{bytes(pixel.tolist()).hex()}"


def test_a_label_is_scaled_with_its_bars():
    label = Label(BOX, "7", "doubtful", bars=((20, 20, 10, 40),)).scaled(2)
    assert (label.box, label.bars) == ((40, 40, 200, 80), ((40, 40, 20, 80),))


def test_only_the_frame_of_a_flagged_number_has_gaps(image, pen):
    edges = []
    for kind in ("sure", "doubtful"):
        pen.frame(BOX, kind)
        edges.append(levels(image)[BOX[1], BOX[0] : BOX[0] + BOX[2]])
    colors = [{hex_code(pixel) for pixel in edge} for edge in edges]
    assert colors[0] == {COLORS.sure}
    assert colors[1] == {COLORS.doubtful, COLORS.background}


@pytest.mark.parametrize(("kind", "is_inverted"), [("sure", False), ("doubtful", True)])
def test_only_the_text_of_a_flagged_number_is_inverted(image, pen, kind, is_inverted):
    pen.write((40, 40, *text_size("8", 18)), Label(BOX, "8", kind), 18)
    ground = hex_code(levels(image)[43, 44])
    assert ground == (getattr(COLORS, kind) if is_inverted else COLORS.background)


def test_a_legend_is_added_below_an_unchanged_image(image):
    extended = add_legend(image, {"sure", "cell"}, n_omitted=3, colors=COLORS)
    assert extended.width == image.width
    assert extended.height > image.height
    np.testing.assert_array_equal(levels(extended)[: SIZE[1]], levels(image))


def test_without_frames_there_is_no_legend(image):
    assert add_legend(image, set(), n_omitted=0, colors=COLORS) is image


def test_omitted_texts_are_counted_in_the_legend(image):
    legends = [levels(add_legend(image, {"sure"}, n_omitted=n, colors=COLORS)) for n in (0, 3)]
    assert legends[0].shape != legends[1].shape or (legends[0] != legends[1]).any()
