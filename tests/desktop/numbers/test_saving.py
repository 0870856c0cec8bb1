"""Numbers saved as CSV and as a workbook."""

import csv
from zipfile import ZipFile

import numpy as np
import pytest

from digitus.desktop.answer.answer import ReadPage
from digitus.desktop.numbers.saving import save_numbers


@pytest.fixture
def pages(page_of):
    grey = np.ones((300, 400), np.float32)
    return [ReadPage(page, page, grey) for page in (page_of("17 204?"), page_of("3.5"))]


def test_a_file_without_a_suffix_is_saved_as_csv(tmp_path, pages):
    path = save_numbers(tmp_path / "numbers", pages)
    assert path.name == "numbers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["17", "204", "3.5"]
    assert [row["to_check"] for row in rows] == ["no", "yes", "no"]


def test_a_workbook_has_the_crop_of_the_number_to_check(tmp_path, pages):
    path = save_numbers(tmp_path / "numbers.xlsx", pages)
    with ZipFile(path) as book:
        assert "xl/media/image1.png" in book.namelist()
