"""The example pages and the script that makes them."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from digitus.imaging.opening.image_file import open_grey

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "pages"
NAMES = ("grid.jpg", "scores.jpg")
TRUTH = json.loads((FOLDER / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    runpy.run_path(str(EXAMPLES / "make_pages.py"))["main"](folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_made_the_same_every_time(remade, name):
    difference = open_grey(remade / name) - open_grey(FOLDER / name)
    assert np.abs(difference).mean() <= 0.002  # encoders of JPEG differ a little


def test_the_truth_is_made_the_same_every_time(remade):
    assert json.loads((remade / "truth.json").read_text("utf-8")) == TRUTH


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_small(name):
    assert (FOLDER / name).stat().st_size < 250_000


def test_every_digit_is_on_the_pages():
    assert set(TRUTH["scores.jpg"]["digits"]) == set("0123456789")
    assert set(TRUTH["grid.jpg"]["digits"]) == set("0123456789")


def test_the_grid_has_every_kind_of_cell():
    cells = [cell for row in TRUTH["grid.jpg"]["grids"][0]["rows"] for cell in row]
    assert {cell["verdict"] for cell in cells} == {"digit", "blank", "struck_out", "not_a_digit"}


def test_each_row_of_the_grid_adds_up():
    for row in TRUTH["grid.jpg"]["grids"][0]["rows"]:
        numbers = [int(cell["text"]) for cell in row[1:] if cell["text"]]
        assert sum(numbers[:-1]) == numbers[-1]


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_a_page_is_missing(name):
    assert len(TRUTH[name]["lines"]) == (7 if name == "scores.jpg" else 6)
    if name == "scores.jpg":
        assert [len(line["numbers"]) for line in TRUTH[name]["lines"]] == [3] * 7
