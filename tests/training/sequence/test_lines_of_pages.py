"""Lines that the reader cuts out of synthetic pages: their text, and what is left out."""

from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER, ROWS
from digitus.reader.pipeline.assembly import bounding_box
from digitus.synthesis.pages.page import PAGE_KINDS, make_page
from digitus.synthesis.pages.page_truth import (
    PageTruth,
    TrueCell,
    TrueDigit,
    TrueGrid,
    TrueLine,
    TrueNumber,
)
from digitus.training.sequence.lines_of_pages import (
    PARAMETERS,
    images_with_text,
    page_lines,
    random_page,
)

COLS = 192
SIZE = (600, 800)


def page_of(kind, seed=3):
    return make_page(PAGE_KINDS[kind], np.random.default_rng(seed), size=SIZE)


def classes_of(number):
    symbols = [(one.box, one.digit) for one in number.digits]
    symbols += [(one.box, FIRST_MARK + MARKS.index(one.kind)) for one in number.marks]
    return [kind for _, kind in sorted(symbols, key=lambda item: item[0][0] + item[0][2] / 2)]


def test_the_line_images_of_a_scan_hold_all_that_is_written():
    page = make_page(PAGE_KINDS["scan"], np.random.default_rng(4), size=(1000, 1300))
    written = [
        kind for line in page.truth.lines for one in line.numbers for kind in classes_of(one)
    ]
    read = [kind for _, text in images_with_text(page) for kind in text]
    assert sorted(read) == sorted(written)


@pytest.mark.parametrize("kind", ["plain", "skewed", "table edge"])
def test_the_text_is_that_of_the_place_on_a_page_that_was_squared_up(kind):
    """Most line images hold whole numbers of one line, in order."""
    page = page_of(kind)
    lines = [[k for one in line.numbers for k in classes_of(one)] for line in page.truth.lines]
    texts = [[k for k in text if k != OTHER] for _, text in images_with_text(page)]
    texts = [text for text in texts if text]
    assert len(texts) > 5
    found = sum(any(_is_part(text, line) for line in lines) for text in texts)
    assert found >= 0.9 * len(texts)


def _is_part(text, line):
    n = len(text)
    return any(line[start : start + n] == text for start in range(len(line) - n + 1))


def test_words_are_other():
    texts = [text for _, text in images_with_text(page_of("list"))]
    assert any(OTHER in text for text in texts)


def test_what_is_struck_out_is_left_out():
    page = page_of("grid")
    cells = [cell for grid in page.truth.grids for row in grid.rows for cell in row]
    struck = [
        TrueCell("", "struck_out", cell.box) if cell.verdict == "digit" else cell for cell in cells
    ]
    truth = PageTruth((), (TrueGrid((tuple(struck),)),), page.truth.words)
    texts = [text for _, text in images_with_text(replace(page, truth=truth))]
    assert {kind for text in texts for kind in text} <= {OTHER}


def test_a_line_image_with_a_part_of_a_symbol_is_left_out():
    page = page_of("scan")
    lines = [line for line in page.truth.lines if len(line.numbers) > 2]
    assert lines
    as_one = [TrueLine((TrueNumber((TrueDigit(7, line_box(line)),)),)) for line in lines]
    texts = [text for _, text in images_with_text(replace(page, truth=PageTruth(tuple(as_one))))]
    assert not any(texts)


def line_box(line):
    return bounding_box([number.box for number in line.numbers])


def test_lines_have_one_size_and_a_text(samples):
    lines = list(islice(page_lines(samples, COLS, np.random.default_rng(1)), 60))
    assert {line.ink.shape for line in lines} == {(ROWS, COLS)}
    assert sum(bool(line.text) for line in lines) > 30
    for line in lines:
        assert all(one != OTHER or other != OTHER for one, other in pairwise(line.text))


def test_a_line_is_bent_and_keeps_its_ink(samples):
    line = next(page_lines(samples, COLS, np.random.default_rng(1)))
    one, two = (line.degraded(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == (ROWS, COLS)
    assert (one != two).any()
    assert one.sum() == pytest.approx(line.ink.sum() / 255, rel=0.4)


def test_pages_vary(samples):
    rng = np.random.default_rng(2)
    assert len({random_page(samples, rng).image.shape for _ in range(4)}) > 1


@pytest.mark.parametrize(
    "name", ["contents", "papers", "amount_papers", "pens", "heights", "cameras"]
)
def test_shares_sum_to_one(name):
    assert sum(share for _, share in getattr(PARAMETERS, name)) == pytest.approx(1)
