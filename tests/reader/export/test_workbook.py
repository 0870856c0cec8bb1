"""The workbook has values that look as written, and the numbers to check with their crops."""

import subprocess
import sys
from dataclasses import replace

import openpyxl
import pytest

from digitus.errors import WriteError
from digitus.reader.export.crops import doubtful_crops
from digitus.reader.export.workbook import write_workbook


@pytest.fixture
def write(tmp_path, paper):
    def to(*pages):
        path = tmp_path / "out.xlsx"
        write_workbook(path, ((page, doubtful_crops(paper, page)) for page in pages))
        return openpyxl.load_workbook(path)

    return to


def column(sheet, name):
    head = [cell.value for cell in sheet[1]]
    return [row[head.index(name)] for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def page_of(page_reading, make_number):
    """Make a page of one line with numbers of these texts."""

    def make(*texts):
        numbers = tuple(make_number(text) for text in texts)
        return replace(page_reading, lines=(replace(page_reading.lines[0], numbers=numbers),))

    return make


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("17", 17, "0"),
        ("0042", 42, "0000"),
        ("187.50", 187.5, "0.00"),
        ("-3.5", -3.5, "0.0"),
        ("12,50", 12.5, "0.00"),
        ("+12", 12, "+0;-0"),
        (".5", 0.5, ".0"),
        ("1 204", 1204, "# ##0"),
        ("-1 204 000", -1204000, "# ### ##0"),
        ("1,204,000", 1204000, "#,##0"),
        ("1.204,50", 1204.5, "#,##0.00"),
    ],
)
def test_a_value_is_a_number_that_looks_as_it_is_written(write, page_of, text, value, pattern):
    sheet = write(page_of(text))["Numbers"]
    (cell,) = column(sheet, "value")
    assert (cell.value, cell.data_type, cell.number_format) == (value, "n", pattern)
    (own,) = column(sheet, "text")
    assert (own.value, own.data_type, own.number_format) == (text, "s", "@")


@pytest.mark.parametrize("text", ["9?5", "12/05/2026", "(5)", "12%", "1" * 16])
def test_what_is_no_plain_number_has_no_value(write, page_of, text):
    sheet = write(page_of(text))["Numbers"]
    assert [cell.value for cell in column(sheet, "value")] == [None]
    assert [cell.value for cell in column(sheet, "text")] == [text]


def test_digits_and_other_texts_have_columns_of_their_own(write, page_of):
    page = page_of("4.5")
    (number,) = page.numbers
    doubtful = replace(number, alternatives=(("4.5", 0.8), ("45", 0.15), ("9.5", 0.04)))
    page = replace(page, lines=(replace(page.lines[0], numbers=(doubtful,)),))
    sheet = write(page)["Numbers"]
    assert [column(sheet, name)[0].value for name in ("digits", "alternatives")] == [
        "45",
        "45 | 9.5",
    ]


def test_numbers_of_a_grid_are_numbers_in_its_sheet_and_others_texts(write, grid_reading):
    ((first, _), second) = grid_reading.grids[0].rows
    row = (replace(first, text="12,50", value=12.5), replace(first, text="7:30", value=None))
    grid = replace(grid_reading.grids[0], rows=(row, second))
    sheet = write(replace(grid_reading, grids=(grid,)))["Grid 1"]
    assert [(cell.value, cell.number_format) for cell in sheet[1]] == [
        (12.5, "0.00"),
        ("7:30", "@"),
    ]


def test_only_numbers_to_check_have_a_crop(write, page_reading):
    sheet = write(page_reading)["Numbers"]
    assert [cell.value for cell in column(sheet, "to check")] == [None, None, "check"]
    assert [image.anchor._from.row for image in sheet._images] == [3]


def test_a_cell_to_check_without_a_number_has_a_row_with_its_crop(write, grid_reading):
    sheet = write(grid_reading)["Numbers"]
    names = ("text", "verdict", "to check", "grid", "row", "column")
    rows = [tuple(column(sheet, name)[i].value for name in names) for i in (0, 1)]
    assert rows == [("07", "digit", None, 1, 1, 1), (None, "not_a_digit", "check", 1, 2, 2)]
    assert [image.anchor._from.row for image in sheet._images] == [2]


def test_the_header_is_frozen(write, page_reading):
    assert write(page_reading)["Numbers"].freeze_panes == "A2"


def test_a_grid_has_a_sheet_with_its_rows_and_columns(write, grid_reading):
    sheet = write(grid_reading)["Grid 1"]
    values = [[cell.value for cell in row] for row in sheet["A1:B2"]]
    assert values == [[7, None], ["struck_out", "not_a_digit"]]
    assert sheet["B2"].comment.text == "check: not a digit"


def test_a_file_name_never_becomes_a_formula_or_a_link(write, page_reading):
    book = write(replace(page_reading, source="=1+1"), replace(page_reading, source="http://x"))
    cells = column(book["Numbers"], "source")
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_no_pages_make_a_workbook_of_an_empty_sheet(write):
    assert write().sheetnames == ["Numbers"]


def test_a_full_disk_is_a_write_error_and_keeps_the_former_workbook(
    page_reading, tmp_path, full_disk
):
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"former")
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        write_workbook(path, [(page_reading, {})])
    assert path.read_bytes() == b"former"


FILL = """
import resource, sys
import cv2, numpy as np
from digitus.errors import WriteError
from digitus.reader.export.workbook import write_workbook
from digitus.reader.results.reading import Line, Number, PageReading

box, rng = (0, 0, 40, 30), np.random.default_rng(1)
number = Number("17", 17, 0.5, True, box, (), (), (("17", 0.5),))
page = PageReading("a", 1, 300, 200, (Line("17", 0.5, box, (number,)),), (), ())
noise = rng.integers(256, size=(8, 40, 100), dtype=np.uint8)  # larger than each part of a workbook
pages = [(page, {(1, 1): cv2.imencode(".png", one)[1].tobytes()}) for one in noise]
for n_bytes in (0, 1000, 10_000, 15_000, 30_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))
    try:
        write_workbook(sys.argv[1], pages)
    except WriteError as error:
        sys.stdout.write(f"{error}\\n")
"""


def test_a_full_disk_is_one_sentence_and_no_traceback_wherever_it_ends(tmp_path):
    path = tmp_path / "out.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    sentences = done.stdout.splitlines()
    assert len(sentences) == 5
    assert all(one.startswith(f"{path}: cannot be written (") for one in sentences)
    assert list(tmp_path.iterdir()) == []
