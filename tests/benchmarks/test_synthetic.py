"""Synthetic pages are made reproducibly and scored by digits, numbers and cells."""

import numpy as np
import pytest

from digitus.reader.results.reading import Cell, Grid
from digitus.synthesis.pages.page import SyntheticPage
from digitus.synthesis.pages.page_truth import (
    PageTruth,
    TrueCell,
    TrueDigit,
    TrueGrid,
    TrueLine,
    TrueNumber,
)

BOX = (0, 0, 5, 9)
ROWS = (
    (TrueCell("12", "digit", BOX), TrueCell("", "blank", BOX)),
    (TrueCell("", "struck_out", BOX), TrueCell("12", "digit", BOX)),
)


def _number(text):
    return TrueNumber(tuple(TrueDigit(int(one), BOX) for one in text))


def _page(*texts, rows=()):
    lines = (TrueLine(tuple(map(_number, texts))),)
    truth = PageTruth(lines, (TrueGrid(rows),) if rows else ())
    return SyntheticPage(np.full((30, 40, 3), 255, np.uint8), truth)


@pytest.fixture
def synthetic(script):
    return script("synthetic")


def _score(synthetic, fake_reader, page, *texts, grids=()):
    reader = fake_reader(*texts)
    reader.grids = list(grids)
    return synthetic.score([synthetic.read_page(reader, "plain", page)])


def test_joined_numbers_count_as_right_digits_but_wrong_numbers(synthetic, fake_reader):
    found = _score(synthetic, fake_reader, _page("12", "34"), "1234")
    assert (found["pages"]["hits"], found["digit_error_rate"]) == (1, 0)
    assert (found["numbers"]["hits"], found["numbers"]["n"]) == (0, 2)


def test_a_number_that_occurs_twice_has_to_be_found_twice(synthetic, fake_reader):
    found = _score(synthetic, fake_reader, _page("12", "12"), "12", "7")
    assert (found["numbers"]["hits"], found["numbers"]["n"]) == (1, 2)


def test_a_cell_is_right_if_text_and_verdict_are(synthetic, fake_reader):
    read = TrueGrid((ROWS[0], (TrueCell("", "blank", BOX), TrueCell("13", "digit", BOX))))
    found = _score(synthetic, fake_reader, _page("12", rows=ROWS), "12", grids=[read])
    assert (found["cells"]["hits"], found["cells"]["n"]) == (2, 4)


def test_marks_in_a_cell_do_not_count(synthetic, fake_reader):
    read = TrueGrid(((TrueCell("1.2", "digit", BOX), ROWS[0][1]), ROWS[1]))
    found = _score(synthetic, fake_reader, _page("12", rows=ROWS), "12", grids=[read])
    assert (found["cells"]["hits"], found["cells"]["n"]) == (4, 4)


def test_a_word_is_no_digit(synthetic, fake_reader):
    true, read = TrueCell("", "not_a_digit", BOX), Cell("", "word", None, False, BOX)
    grids = [Grid(BOX, ((read, read),))]
    found = _score(synthetic, fake_reader, _page("12", rows=((true, ROWS[0][0]),)), grids=grids)
    assert (found["cells"]["hits"], found["cells"]["n"]) == (1, 2)


def test_no_cell_is_right_in_a_grid_of_another_shape(synthetic, fake_reader):
    found = _score(synthetic, fake_reader, _page("12", rows=ROWS), "12", grids=[TrueGrid(ROWS[:1])])
    assert (found["cells"]["hits"], found["cells"]["n"]) == (0, 4)


def test_pages_without_grids_have_no_score_for_cells(synthetic, fake_reader, capsys):
    found = _score(synthetic, fake_reader, _page("12"), "12")
    assert found["cells"]["share"] is None
    synthetic.show({"plain": found})
    assert "100.0%        -" in capsys.readouterr().out


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_the_same_seed_makes_the_same_pages(synthetic):
    one, two = (next(synthetic.pages_of("cheque", 1, 3)) for _ in range(2))
    assert one.truth == two.truth
