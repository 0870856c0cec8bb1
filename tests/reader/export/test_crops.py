"""Crops show a number with a margin; their names say which number it is."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitus.errors import WriteError
from digitus.reader.export.crops import crop, doubtful_crops, write_crops


def test_a_crop_shows_its_box_with_a_margin():
    page = np.ones((100, 100), np.float32)
    page[40:60, 30:50] = 0
    levels = crop(page, (30, 40, 20, 20))
    assert levels.shape == (30, 30)
    assert (levels == 0).sum() == 400


@pytest.mark.parametrize("box", [(-5, -5, 3, 3), (98, 98, 50, 50), (0, 0, 100, 100)])
def test_a_box_beyond_the_page_gives_a_crop_of_one_pixel_or_more(box):
    assert crop(np.ones((100, 100), np.float32), box).size > 0


def test_each_number_has_a_file_named_by_place_and_text(page_reading, paper, tmp_path):
    assert write_crops(tmp_path / "a", paper, page_reading) == 3
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "p001-l01-n01-0042.png",
        "p001-l01-n02-17.png",
        "p001-l02-n01-9x5.png",
    ]


def test_a_name_has_marks_where_every_system_allows_them(
    page_reading, make_number, paper, tmp_path
):
    numbers = tuple(make_number(text) for text in ("-3.5", "12/05", "7:30", "1 204", "(5)%+,"))
    page = replace(page_reading, lines=(replace(page_reading.lines[0], numbers=numbers),))
    names = ["-3.5", "12_05", "7_30", "1_204", "(5)%+,"]
    write_crops(tmp_path, paper, page)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"p001-l01-n0{i}-{name}.png" for i, name in enumerate(names, start=1)
    ]
    write_crops(tmp_path, paper, replace(page, lines=()))
    assert list(tmp_path.iterdir()) == []


def test_a_cell_to_check_without_a_number_has_a_file_named_by_its_place(
    grid_reading, paper, tmp_path
):
    (tmp_path / "p001-c09-row01-column01.png").touch()
    assert write_crops(tmp_path, paper, grid_reading) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "p001-c01-row02-column02.png",
        "p001-l01-n01-07.png",
    ]


def test_crops_of_the_same_page_are_deleted_before_and_other_files_are_kept(
    page_reading, paper, tmp_path
):
    (tmp_path / "p001-l09-n01-7.png").touch()
    (tmp_path / "p002-l01-n01-7.png").touch()
    (tmp_path / "notes.txt").touch()
    write_crops(tmp_path, paper, page_reading)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"p002-l01-n01-7.png", "notes.txt"} <= left
    assert "p001-l09-n01-7.png" not in left


def test_doubtful_crops_are_of_numbers_to_check_only(page_reading, paper):
    crops = doubtful_crops(paper, page_reading)
    assert list(crops) == [(2, 1)]
    levels = cv2.imdecode(np.frombuffer(crops[2, 1], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert levels.shape == (44, 82)


def test_doubtful_crops_include_cells_to_check_without_a_number(grid_reading, paper):
    assert list(doubtful_crops(paper, grid_reading)) == [(0, 1)]


def test_a_file_in_place_of_the_folder_is_a_write_error(page_reading, paper, tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(WriteError, match="choose another folder"):
        write_crops(tmp_path / "a", paper, page_reading)
