"""Outputs: JSON page by page, files of grids, and remarks about numbers without a value."""

import json
from dataclasses import replace

import pytest

from digitus.cli.read.destinations import Destinations
from digitus.cli.read.outputs import JsonStream, Outputs, summary, without_value, write_tables
from digitus.cli.read.page_inputs import PageInputs
from digitus.cli.read.progress_bar import Bar
from digitus.errors import ReadFailure
from digitus.reader.batch.journal import Journal, Pages
from digitus.reader.batch.journal_entries import Entry
from digitus.reader.batch.page_task import Outcome, Task
from digitus.reader.results.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading


@pytest.fixture
def marked_grid():
    """A grid of one cell with 7.5 in it."""
    digits = tuple(
        Digit(one, "digit", 0.99, (left, 20, 20, 30), ((one, 0.99),))
        for one, left in ((7, 30), (5, 54))
    )
    marks = (Mark("point", (51, 48, 2, 2)),)
    number = Number("7.5", 7.5, 0.98, False, (30, 20, 44, 30), digits, marks, (("7.5", 0.98),))
    cell = Cell("7.5", "digit", 0.98, False, (20, 10, 90, 60), 7.5)
    line = Line("7.5", 0.98, number.box, (number,))
    page = PageReading("a.png", 1, 200, 100, (line,), (Grid(cell.box, ((cell,),)),))
    return Entry(page, {}, 1, None, "a")


@pytest.fixture
def journal(marked_grid):
    journal = Journal(None, {})
    journal.add(marked_grid)
    yield journal
    journal.close(keep=False)


@pytest.mark.parametrize("n_pages", [0, 1, 3])
def test_the_stream_is_one_json_object(capsys, marked_grid, n_pages):
    stream = JsonStream()
    for _ in range(n_pages):
        stream.page(marked_grid.reading)
    stream.end([ReadFailure("b.png", "damaged")])
    found = json.loads(capsys.readouterr().out)
    assert found["pages"] == [marked_grid.reading.to_json()] * n_pages
    assert found["errors"] == [{"source": "b.png", "error": "damaged"}]


def test_csv_and_grids_are_written_of_the_pages_in_the_journal(tmp_path, journal):
    grids = tmp_path / "grids"
    write_tables(Destinations(csv=tmp_path / "o.csv", grid_csv=grids), journal, {})
    assert (tmp_path / "o.csv").read_text().count("7.5") == 2  # text and value
    (path,) = grids.iterdir()
    assert path.name == "a-p001-g1.csv"
    assert path.read_text().splitlines()[1] == '1,"7.5",7.5,"digit","no"'


def test_numbers_whose_value_depends_on_the_decimal_sign_are_counted(marked_grid):
    page = marked_grid.reading
    assert without_value([page]) == ""
    (number,) = page.numbers
    other = replace(number, text="1,204", value=None)
    date = replace(number, text="1/2", value=None)
    line = replace(page.lines[0], numbers=(other, date))
    remark = without_value([replace(page, lines=(line,))])
    assert remark.startswith("1 number such as 1,204 has no value")
    assert "--decimal comma" in remark


@pytest.mark.parametrize("as_json", [False, True])
def test_warnings_of_a_page_are_notes_unless_json_holds_them(capsys, marked_grid, as_json):
    page = replace(marked_grid.reading, warnings=("much of it is doubtful",))
    outputs = Outputs(Destinations(), {}, journal=None, as_json=as_json, resume=False)
    outputs.take(Outcome(Task("a.png", 1, 1, "a"), page), Bar(PageInputs(["a.png"]), None))
    found = capsys.readouterr()
    assert ("a.png: much of it is doubtful" in found.err) == (not as_json)
    assert ("much of it is doubtful" in found.out) == as_json


@pytest.mark.parametrize(("n_new", "new"), [(1, ""), (0, " (0 new)")])
def test_the_summary_counts_new_pages_only_if_others_were_read_before(journal, n_new, new):
    counts = f"1 page{new}, 1 number, 0 to check"
    assert summary(Pages(journal, {}), n_new=n_new) == counts
