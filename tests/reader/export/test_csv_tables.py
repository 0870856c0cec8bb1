"""CSV keeps leading zeros, writes grids as they are laid out, and contains no formulas."""

import csv
from dataclasses import replace

import pandas as pd
import pytest

from digitus.errors import WriteError
from digitus.reader.export.csv_tables import COLUMNS, are_grids, csv_text, write_csv
from digitus.reader.results.reading import Mark


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_each_number_has_a_row_with_its_place(page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [page_reading])
    head, *rows = rows_of(tmp_path / "out.csv")
    assert tuple(head) == COLUMNS
    assert [(row[2], row[3], row[4]) for row in rows] == [
        ("1", "1", "0042"),
        ("1", "2", "17"),
        ("2", "1", "9?5"),
    ]
    assert rows[2][6:11] == ["40", "160", "68", "30", "yes"]


def test_leading_zeros_survive_a_reader_that_respects_quotes(page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [page_reading])
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, quoting=csv.QUOTE_NONNUMERIC))
    assert [row[4] for row in rows[1:]] == ["0042", "17", "9?5"]
    assert rows[1][2] == 1.0


def test_leading_zeros_survive_pandas_with_a_text_column(page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [page_reading])
    table = pd.read_csv(tmp_path / "out.csv", dtype={"text": str})
    assert list(table["text"]) == ["0042", "17", "9?5"]
    assert table["confidence"].between(0, 1).all()


@pytest.mark.parametrize("name", ["=cmd|x.png", "+1.png", "-1.png", "@a.png"])
def test_a_file_name_never_becomes_a_formula(page_reading, tmp_path, name):
    write_csv(tmp_path / "out.csv", [replace(page_reading, source=name)])
    assert {row[0] for row in rows_of(tmp_path / "out.csv")[1:]} == {f"'{name}"}


def test_a_page_with_one_grid_becomes_the_rows_of_the_grid(grid_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading])
    assert rows_of(tmp_path / "out.csv") == [["07", ""], ["struck_out", "not_a_digit"]]


def test_grids_of_several_pages_follow_each_other_with_source_and_page(grid_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading, replace(grid_reading, page=2)])
    rows = rows_of(tmp_path / "out.csv")
    assert [row[:3] for row in rows[::2]] == [["scans/grid.png", page, "07"] for page in "12"]


def test_one_page_without_a_grid_makes_a_table_of_numbers(grid_reading, page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading, page_reading])
    texts = [row[4] for row in rows_of(tmp_path / "out.csv")]
    assert texts == ["text", "07", "not_a_digit", "0042", "17", "9?5"]


def columns_of(path, *names):
    head, *rows = rows_of(path)
    return [tuple(row[head.index(name)] for name in names) for row in rows]


def test_marks_are_in_the_column_written_and_not_in_the_text(page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [page_reading])
    assert columns_of(tmp_path / "out.csv", "text", "written") == [
        ("0042", "0.042"),
        ("17", "1.7"),
        ("9?5", "9.?5"),
    ]


def test_a_minus_stays_a_number_and_several_dashes_become_no_formula(
    page_reading, make_number, tmp_path
):
    minus = replace(make_number("5"), marks=(Mark("minus", (20, 74, 10, 3)),))
    date = replace(minus, marks=(*minus.marks, Mark("minus", (90, 74, 10, 3))))
    line = replace(page_reading.lines[0], numbers=(minus, date))
    write_csv(tmp_path / "out.csv", [replace(page_reading, lines=(line,))])
    assert columns_of(tmp_path / "out.csv", "written") == [("-5",), ("'-5-",)]


def test_a_number_in_a_grid_has_its_row_and_column(grid_reading, page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading, page_reading])
    assert columns_of(tmp_path / "out.csv", "text", "row", "column") == [
        ("07", "1", "1"),
        ("not_a_digit", "2", "2"),
        *((text, "", "") for text in ("0042", "17", "9?5")),
    ]


def test_a_cell_to_check_without_a_number_has_a_row(grid_reading, page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading, page_reading])
    names = ("line", "number", "confidence", "left", "to_check")
    assert columns_of(tmp_path / "out.csv", *names)[1] == ("", "", "", "110", "yes")


def test_csv_text_equals_the_file(grid_reading, page_reading, tmp_path):
    pages = [grid_reading, page_reading]
    write_csv(tmp_path / "out.csv", pages)
    assert csv_text(pages) == (tmp_path / "out.csv").read_text()


def test_no_pages_make_a_table_of_its_header_only(tmp_path):
    write_csv(tmp_path / "out.csv", [])
    assert not are_grids([])
    assert rows_of(tmp_path / "out.csv") == [list(COLUMNS)]


def test_a_missing_folder_is_a_write_error(page_reading, tmp_path):
    with pytest.raises(WriteError, match="cannot be written"):
        write_csv(tmp_path / "nowhere" / "out.csv", [page_reading])
