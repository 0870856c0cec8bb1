"""Written lines: the text is what stands there, and degradation keeps it in the image."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import get_data_path

from digitus.data import Samples
from digitus.data.samples import CLASSES
from digitus.models.sequence.line_image_format import N_CLASSES, OTHER, ROWS
from digitus.synthesis.lines import line_images
from digitus.synthesis.lines.line_images import PARAMETERS, LineWriter
from digitus.synthesis.pen.pen_drawings import pen_patches

COLS = 192
FONTS = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVuSans*.ttf"))


@pytest.fixture(scope="module")
def samples():
    patches, labels = pen_patches(300, np.random.default_rng(0))
    pixels = np.rint(255 * patches).astype(np.uint8).reshape(len(patches), -1)
    return Samples(pixels, labels, "pen")


@pytest.fixture(scope="module")
def lines(samples):
    write = LineWriter(samples, np.random.default_rng(1), FONTS)
    return [write(COLS) for _ in range(40)]


def test_a_text_holds_known_classes_and_the_ink_fills_the_columns(lines):
    for line in lines:
        assert all(0 <= kind < N_CLASSES for kind in line.text)
        assert line.written.shape[1] == COLS
        assert line.written.any() == bool(line.text)


def test_every_class_is_written(lines):
    assert {kind for line in lines for kind in line.text} == set(range(N_CLASSES))


def test_a_mark_stands_within_a_number_in_many_lines(lines):
    within = sum(
        any(one < CLASSES <= mark < OTHER and other < CLASSES for one, mark, other in triples(line))
        for line in lines
    )
    assert within > len(lines) / 4


def triples(line):
    return zip(line.text, line.text[1:], line.text[2:], strict=False)


def test_a_number_that_is_struck_out_is_no_number(samples, monkeypatch):
    every = replace(PARAMETERS, struck_share=1.0, lone_mark_share=0.0)
    monkeypatch.setattr(line_images, "PARAMETERS", every)
    write = LineWriter(samples, np.random.default_rng(1), FONTS)
    assert {kind for _ in range(5) for kind in write(COLS).text} == {OTHER}


def test_letters_side_by_side_are_one_class(lines):
    for line in lines:
        assert (OTHER, OTHER) not in zip(line.text, line.text[1:], strict=False)


def test_the_same_seed_writes_the_same_line(samples):
    one, other = (LineWriter(samples, np.random.default_rng(4), FONTS)(COLS) for _ in range(2))
    assert one.text == other.text
    assert (one.written == other.written).all()


def test_a_degraded_line_has_the_size_and_range_of_a_line_image(lines):
    rng = np.random.default_rng(2)
    for line in lines:
        image = line.degraded(rng)
        assert image.shape == (ROWS, COLS)
        assert image.min() >= 0
        assert image.max() <= 1


def test_a_line_is_degraded_differently_each_time(lines):
    rng = np.random.default_rng(3)
    assert (lines[0].degraded(rng) != lines[0].degraded(rng)).any()
