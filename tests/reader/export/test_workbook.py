"""The workbook keeps leading zeros as text and shows the numbers to check with their crops."""

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


def test_numbers_with_leading_zeros_are_texts_and_others_numbers(write, page_reading):
    texts = column(write(page_reading)["Numbers"], "text")
    assert [cell.value for cell in texts] == ["0042", 17, "9?5"]
    assert texts[0].number_format == "@"


def test_only_numbers_to_check_have_a_crop(write, page_reading):
    sheet = write(page_reading)["Numbers"]
    assert [cell.value for cell in column(sheet, "to check")] == [None, None, "check"]
    assert [image.anchor._from.row for image in sheet._images] == [3]


def test_the_column_written_holds_marks_and_decimal_numbers(write, page_reading):
    cells = column(write(page_reading)["Numbers"], "written")
    assert [cell.value for cell in cells] == [0.042, 1.7, "9.?5"]


def test_a_number_with_marks_in_a_grid_has_a_comment(write, grid_reading):
    sheet = write(grid_reading)["Grid 1"]
    assert sheet["A1"].comment.text == "written 0.7"


def test_a_cell_to_check_without_a_number_has_a_row_with_its_crop(write, grid_reading):
    sheet = write(grid_reading)["Numbers"]
    names = ("text", "to check", "row", "column")
    rows = [tuple(column(sheet, name)[i].value for name in names) for i in (0, 1)]
    assert rows == [("07", None, 1, 1), ("not_a_digit", "check", 2, 2)]
    assert [image.anchor._from.row for image in sheet._images] == [2]


def test_the_header_is_frozen(write, page_reading):
    assert write(page_reading)["Numbers"].freeze_panes == "A2"


def test_a_grid_has_a_sheet_with_its_rows_and_columns(write, grid_reading):
    sheet = write(grid_reading)["Grid 1"]
    values = [[cell.value for cell in row] for row in sheet["A1:B2"]]
    assert values == [["07", None], ["struck_out", "not_a_digit"]]
    assert sheet["B2"].comment.text == "check: not a digit"


def test_a_number_of_more_than_15_digits_is_a_text(write, page_reading, make_number):
    long = replace(page_reading.lines[0], numbers=(make_number("1" * 16),))
    book = write(replace(page_reading, lines=(long,)))
    assert column(book["Numbers"], "text")[0].value == "1" * 16


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
