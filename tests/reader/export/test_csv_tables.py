"""CSV has rows always, keeps what is written, and contains no formulas."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest

from digitus.errors import WriteError
from digitus.reader.export.csv_tables import COLUMNS, csv_text, write_csv, write_grids
from digitus.reader.results.reading import Grid


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
    assert rows[2][8:13] == ["40", "160", "68", "30", "yes"]


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


def columns_of(path, *names):
    head, *rows = rows_of(path)
    return [tuple(row[head.index(name)] for name in names) for row in rows]


@pytest.fixture
def page_of(page_reading, make_number):
    """Make a page of one line with numbers of these texts."""

    def make(*texts):
        numbers = tuple(make_number(text) for text in texts)
        return replace(page_reading, lines=(replace(page_reading.lines[0], numbers=numbers),))

    return make


def test_a_number_is_written_with_its_marks_beside_its_value_and_its_digits(page_of, tmp_path):
    page = page_of("187.50", "12,50", "-4", "0042", "12/05/2026", "07:30", "9?5")
    write_csv(tmp_path / "out.csv", [page])
    assert columns_of(tmp_path / "out.csv", "text", "value", "digits") == [
        ("187.50", "187.5", "18750"),
        ("12,50", "12.5", "1250"),
        ("-4", "-4", "4"),
        ("0042", "42", "0042"),
        ("12/05/2026", "", "12052026"),
        ("07:30", "", "0730"),
        ("9?5", "", "9?5"),
    ]


def test_values_are_numbers_for_a_reader_that_respects_quotes(page_of, tmp_path):
    write_csv(tmp_path / "out.csv", [page_of("187.50", "1 204", "1/2")])
    table = pd.read_csv(tmp_path / "out.csv", dtype={"text": str})
    assert list(table["value"])[:2] == [187.5, 1204]
    assert table["value"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *((text, text) for text in ("-5", "-3.5", "+12", "-12,50", "-1 204", "+5%", "-1?.5")),
        *((text, f"'{text}") for text in ("-5-3", "-12-05", "+5/3", "-(5)", "-5:6")),
        *((text, text) for text in ("12-05", "(555)", "5-")),
    ],
)
def test_a_signed_number_stays_as_it_is_and_a_sum_becomes_no_formula(page_of, text, field):
    head, row = csv.reader(io.StringIO(csv_text([page_of(text)])))
    assert row[head.index("text")] == field


def test_other_texts_of_a_number_are_listed_the_likeliest_first(page_reading, tmp_path):
    line = page_reading.lines[1]
    alternatives = (("905", 0.5), ("915", 0.3), ("9.5", 0.1))
    number = replace(line.numbers[0], alternatives=alternatives)
    page = replace(page_reading, lines=(replace(line, numbers=(number,)),))
    write_csv(tmp_path / "out.csv", [page])
    assert columns_of(tmp_path / "out.csv", "alternatives") == [("905 | 915 | 9.5",)]


def test_a_page_with_a_grid_has_a_row_for_each_number_like_any_other(
    grid_reading, page_reading, tmp_path
):
    write_csv(tmp_path / "out.csv", [grid_reading, page_reading])
    assert columns_of(tmp_path / "out.csv", "text", "verdict", "grid", "row", "column") == [
        ("07", "digit", "1", "1", "1"),
        ("", "not_a_digit", "1", "2", "2"),
        *((text, "digit", "", "", "") for text in ("0042", "17", "9?5")),
    ]


def test_a_cell_to_check_without_a_number_has_a_row(grid_reading, page_reading, tmp_path):
    write_csv(tmp_path / "out.csv", [grid_reading, page_reading])
    names = ("line", "number", "value", "confidence", "left", "to_check", "digits")
    assert columns_of(tmp_path / "out.csv", *names)[1] == ("", "", "", "", "110", "yes", "")


def test_csv_text_equals_the_file(grid_reading, page_reading, tmp_path):
    pages = [grid_reading, page_reading]
    write_csv(tmp_path / "out.csv", pages)
    assert csv_text(pages) == (tmp_path / "out.csv").read_text()


def test_no_pages_make_a_table_of_its_header_only(tmp_path):
    write_csv(tmp_path / "out.csv", [])
    assert rows_of(tmp_path / "out.csv") == [list(COLUMNS)]


def test_each_grid_has_a_file_with_texts_values_and_verdicts_apart(grid_reading, tmp_path):
    (path,) = write_grids(tmp_path / "grids", "sheet", grid_reading)
    assert path == tmp_path / "grids" / "sheet-p001-g1.csv"
    head, *rows = rows_of(path)
    assert head == [
        *("row", "text_1", "text_2", "value_1", "value_2"),
        *("verdict_1", "verdict_2", "to_check_1", "to_check_2"),
    ]
    assert rows == [
        ["1", "07", "", "7", "", "digit", "blank", "no", "no"],
        ["2", "", "", "", "", "struck_out", "not_a_digit", "no", "yes"],
    ]


def test_the_values_of_a_grid_are_a_table_of_numbers(grid_reading, tmp_path):
    (path,) = write_grids(tmp_path, "sheet", grid_reading)
    values = pd.read_csv(path).filter(like="value_")
    assert values.sum().sum() == 7
    assert all(dtype.kind == "f" for dtype in values.dtypes)


def test_a_short_row_of_a_grid_keeps_its_blocks_below_each_other(grid_reading, tmp_path):
    (grid,) = grid_reading.grids
    ragged = replace(grid_reading, grids=(Grid(grid.box, (grid.rows[0], grid.rows[1][:1])),))
    (path,) = write_grids(tmp_path, "sheet", ragged)
    assert rows_of(path)[2] == ["2", "", "", "", "", "struck_out", "", "no", ""]


def test_grids_of_the_same_page_from_an_earlier_run_are_deleted_and_other_files_kept(
    grid_reading, tmp_path
):
    for name in ("a-p001-g1.csv", "a-p001-g2.csv", "a-p002-g1.csv", "b-p001-g2.csv", "notes.txt"):
        (tmp_path / name).write_text("former")
    write_grids(tmp_path, "a", grid_reading)
    kept = {path.name for path in tmp_path.iterdir() if path.read_text() == "former"}
    assert kept == {"a-p002-g1.csv", "b-p001-g2.csv", "notes.txt"}
    assert "a-p001-g2.csv" not in {path.name for path in tmp_path.iterdir()}


def test_a_cell_never_becomes_a_formula(grid_reading, tmp_path):
    (grid,) = grid_reading.grids
    cell = replace(grid.rows[0][0], text="-5-3")
    page = replace(grid_reading, grids=(Grid(grid.box, ((cell,),)),))
    (path,) = write_grids(tmp_path, "sheet", page)
    assert rows_of(path)[1][1] == "'-5-3"


def test_a_file_in_place_of_the_folder_of_grids_is_a_write_error(grid_reading, tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(WriteError, match="choose another folder"):
        write_grids(tmp_path / "a", "sheet", grid_reading)


def test_a_folder_that_cannot_be_made_is_a_write_error(page_reading, tmp_path):
    (tmp_path / "nowhere").touch()
    with pytest.raises(WriteError, match="cannot be made"):
        write_csv(tmp_path / "nowhere" / "out.csv", [page_reading])
