"""The overlay fits the boxes, marks doubt by more than color, and covers no number."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digitus.reader.export.overlay import draw_overlay, write_overlay
from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.results.reading import Cell, Grid, PageReading


@pytest.fixture
def as_large(page_reading):
    """Return a page of these rows and cols, and the reading on it."""

    def make(rows, cols, reading=page_reading):
        page = np.full((rows, cols), 0.9, np.float32)
        return page, replace(reading, width=cols, height=rows)

    return make


def colored(image):
    """Return which pixels are not grey."""
    levels = np.asarray(image).astype(int)
    return np.ptp(levels, axis=2) > 20


def test_the_overlay_is_as_wide_as_the_page_with_the_legend_below(as_large, tmp_path):
    write_overlay(tmp_path / "a.png", *as_large(900, 700))
    with Image.open(tmp_path / "a.png") as image:
        assert image.width == 700
        assert 900 < image.height < 1100


def test_the_overlay_of_a_reduced_page_has_the_size_of_its_reading(as_large):
    page, reading = as_large(900, 700)
    image = draw_overlay(page[::3, ::3], reading)
    assert image.width == 700
    np.testing.assert_array_equal(colored(image), colored(draw_overlay(page, reading)))


def test_a_page_above_4000_pixels_is_reduced(as_large, page_reading):
    page, reading = as_large(40, 50)
    image = draw_overlay(page, replace(reading, width=5000, height=4000, lines=()))
    assert image.size == (4000, 3200)


def test_a_page_of_a_few_pixels_is_enlarged(as_large):
    page, reading = as_large(28, 89)
    assert draw_overlay(page, replace(reading, lines=())).size == (89 * 6, 28 * 6)


def test_every_number_has_a_frame_around_it(as_large):
    page, reading = as_large(600, 800)
    marks = colored(draw_overlay(page, reading))
    for number in reading.numbers:
        left, top, width, height = number.box
        around = marks[top - 6 : top + height + 6, left - 6 : left + width + 6]
        assert around[:, 0:6].any()
        assert around[:, -6:].any()


def test_a_flagged_number_differs_in_shape_from_another(as_large):
    page, reading = as_large(600, 800)
    (doubtful,) = reading.lines[1].numbers
    drawn = [
        colored(draw_overlay(page, replace(reading, lines=(line,))))[:600]
        for line in (
            reading.lines[1],
            replace(reading.lines[1], numbers=(replace(doubtful, to_check=False),)),
        )
    ]
    assert (drawn[0] != drawn[1]).sum() > 100


def test_nothing_is_drawn_on_an_empty_page(page_reading, paper):
    assert not colored(draw_overlay(paper, replace(page_reading, lines=()))).any()


def test_the_text_of_a_number_at_the_edge_stays_on_the_page(as_large, make_number):
    page, reading = as_large(600, 600)
    line = replace(reading.lines[0], numbers=(make_number("1234", 500, 0),))
    marks = colored(draw_overlay(page, replace(reading, lines=(line,))))
    near = np.s_[0:120, 380:600]
    framed = np.s_[0:40, 490:600]
    assert marks[near].sum() > marks[framed].sum() + 20


def test_no_text_covers_a_number_however_close_the_numbers_are(make_number):
    numbers = tuple(
        make_number(
            "42", 30 + 60 * col, 30 + 42 * row, confidence=0.5 if (row + col) % 3 else 0.999
        )
        for row in range(12)
        for col in range(9)
    )
    page = np.full((600, 600), 0.9, np.float32)
    inner = [(box[0] + 1, box[1] + 1, box[2] - 2, box[3] - 4) for box in (n.box for n in numbers)]
    for left, top, width, height in inner:
        page[top : top + height, left : left + width] = 0.2
    reading = PageReading("a.png", 1, 600, 600, (join_numbers(numbers),))
    marks = colored(draw_overlay(page, reading))
    for left, top, width, height in inner:
        assert not marks[top : top + height, left : left + width].any()


def test_the_text_of_a_flagged_number_as_large_as_the_page_stands_in_its_box(as_large, make_number):
    page, reading = as_large(600, 600)
    whole = replace(make_number("4", 0, 0, confidence=0.5), box=(2, 2, 596, 596))
    line = replace(reading.lines[0], numbers=(whole,))
    marks = colored(draw_overlay(page, replace(reading, lines=(line,))))
    assert marks[15:585, 15:585].sum() > 100


def test_the_text_of_a_cell_stands_in_the_cell(as_large):
    cell = Cell("", "struck_out", None, False, (100, 100, 260, 120))
    page, reading = as_large(600, 600)
    in_grid = replace(reading, lines=(), grids=(Grid(cell.box, ((cell,),)),))
    drawn = np.asarray(draw_overlay(page, in_grid))[:600].astype(int)
    changed = (drawn != drawn[0, 0]).any(axis=2)
    assert changed[110:210, 110:350].sum() > 100
    changed[100:220, 100:360] = False
    assert not changed.any()


def test_frames_are_light_on_dark_paper(as_large):
    page, reading = as_large(600, 800)
    drawn = np.asarray(draw_overlay(1 - page, reading)).astype(int)[:600]
    assert drawn.max(axis=2)[colored(drawn)].mean() > 150  # light lines on black
    assert np.median(drawn) < 60


def test_the_legend_explains_each_kind_that_occurs(as_large):
    page, reading = as_large(600, 800)
    unflagged = replace(reading, lines=reading.lines[:1])
    legends = [colored(draw_overlay(page, one))[600:] for one in (unflagged, reading)]
    assert legends[0].any()
    assert legends[1].sum() > legends[0].sum() + 50
