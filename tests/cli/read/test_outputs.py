"""Outputs: JSON page by page, and remarks about what a table omits."""

import json
from dataclasses import replace

import pytest

from digitus.cli.read.destinations import Destinations
from digitus.cli.read.outputs import JsonStream, Outputs, summary, write_tables
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
    number = Number("75", 0.98, False, (30, 20, 44, 30), digits, (Mark("point", (51, 48, 2, 2)),))
    grid = Grid((20, 10, 90, 60), ((Cell("75", "digit", 0.98, False, (20, 10, 90, 60)),),))
    line = Line("75", 0.98, number.box, (number,))
    return Entry(PageReading("a.png", 1, 200, 100, (line,), (grid,)), {}, 1, None)


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


@pytest.mark.parametrize("as_json", [False, True])
def test_warnings_of_a_page_are_notes_unless_json_holds_them(capsys, marked_grid, as_json):
    page = replace(marked_grid.reading, warnings=("much of it is doubtful",))
    outputs = Outputs(Destinations(), {}, journal=None, as_json=as_json, resume=False)
    outputs.take(Outcome(Task("a.png", 1, 1, "a"), page), Bar(PageInputs(["a.png"]), None))
    found = capsys.readouterr()
    assert ("a.png: much of it is doubtful" in found.err) == (not as_json)
    assert ("much of it is doubtful" in found.out) == as_json


def test_a_csv_of_grids_says_that_marks_are_omitted(capsys, tmp_path, journal):
    write_tables(Destinations(csv=tmp_path / "o.csv"), journal, {})
    assert (tmp_path / "o.csv").read_text() == '"75"\n'
    assert "have the dots, commas and dashes of 1 number" in capsys.readouterr().err


@pytest.mark.parametrize(("n_new", "new"), [(1, ""), (0, " (0 new)")])
def test_the_summary_counts_new_pages_only_if_others_were_read_before(journal, n_new, new):
    counts = f"1 page{new}, 1 number, 0 to check"
    assert summary(Pages(journal, {}), n_new=n_new) == counts
