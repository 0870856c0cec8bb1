"""The overlay has the page's size, and tells doubt by more than colour."""

from dataclasses import replace

import numpy as np
from PIL import Image

from digitus.reader.overlay import draw_overlay, write_overlay


def coloured(picture):
    """Mark pixels that are not grey."""
    levels = np.asarray(picture).astype(int)
    return np.ptp(levels, axis=2) > 20


def test_it_is_as_large_as_the_page(page_reading, tmp_path):
    page = np.full((900, 700), 0.9, np.float32)
    write_overlay(tmp_path / "a.png", page, page_reading)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (700, 900)


def test_a_page_of_a_few_pixels_is_drawn_larger(page_reading):
    page = np.full((28, 89), 0.9, np.float32)
    assert draw_overlay(page, replace(page_reading, lines=())).size == (89 * 6, 28 * 6)


def test_every_number_has_a_frame_around_it(page_reading):
    page = np.full((600, 800), 0.9, np.float32)
    marks = coloured(draw_overlay(page, page_reading))
    for number in page_reading.numbers:
        left, top, width, height = number.box
        around = marks[top - 6 : top + height + 6, left - 6 : left + width + 6]
        assert around[:, 0:6].any()
        assert around[:, -6:].any()


def test_a_doubtful_number_differs_in_shape_from_a_sure_one(page_reading):
    page = np.full((600, 800), 0.9, np.float32)
    (doubtful,) = page_reading.lines[1].numbers
    drawn = [
        coloured(draw_overlay(page, replace(page_reading, lines=(line,))))
        for line in (
            page_reading.lines[1],
            replace(page_reading.lines[1], numbers=(replace(doubtful, to_check=False),)),
        )
    ]
    assert (drawn[0] != drawn[1]).sum() > 100


def test_an_empty_page_stays_without_a_mark(page_reading, paper):
    assert not coloured(draw_overlay(paper, replace(page_reading, lines=()))).any()


def test_texts_at_the_edge_of_the_page_stay_on_it(page_reading, make_number):
    page = np.full((600, 600), 0.9, np.float32)
    line = replace(page_reading.lines[0], numbers=(make_number("1234", 500, 0),))
    marks = coloured(draw_overlay(page, replace(page_reading, lines=(line,))))
    assert marks[34:80].any()  # below the number: there is no room above it
