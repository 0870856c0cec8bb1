"""What is doubtful in parts: the pages to look at, and how many others there are."""

from dataclasses import replace

import pytest

from digitus.errors import CheckpointError
from digitus.reader.cluster.archive_pages import ArchivePage
from digitus.reader.cluster.doubtful_pages import common_folder, doubts_of, name_below, part_paths
from digitus.reader.cluster.parts import Archive, page_rows
from digitus.reader.results.reading import Cell, Digit, Grid, Line, Number, PageReading

BOX = (1, 2, 30, 40)
THRESHOLDS = {"decimal": "comma", "min_confidence": 0.5, "max_error": None}


def page(source):
    return ArchivePage(source, source, 1, 1, 10)


def reading(source, *numbers, cells=(), warnings=()):
    """A page with numbers of one digit, each with whether it is to be checked."""
    found = tuple(
        Number("7", 7, 0.9, to_check, BOX, (Digit(7, "digit", 0.9, BOX, ((7, 0.9),)),))
        for to_check in numbers
    )
    lines = (Line("7", 0.9, BOX, found),) if found else ()
    grids = (Grid(BOX, (tuple(cells),)),) if cells else ()
    return PageReading(source, 1, 100, 80, lines, grids, warnings)


@pytest.fixture
def write(tmp_path):
    """Write a part of readings and errors; return its path."""

    def make(*found):
        rows = []
        for one in found:
            is_error = isinstance(one, str)
            source = one if is_error else one.source
            error = f"{source}: damaged" if is_error else None
            rows += page_rows(page(source), None if is_error else one, error)
        archive = Archive(str(tmp_path), "settings", "cnn", THRESHOLDS)
        return archive.write_part([page(row["source"]) for row in rows], rows)

    return make


def test_pages_to_check_come_whole_and_the_others_are_counted(write):
    doubtful = reading("/a/2.png", False, True)
    found = doubts_of(write(reading("/a/1.png", False, False, False), doubtful, "/a/3.png"))
    assert [one.reading for one in found.pages] == [doubtful]
    assert [(one.source, one.content) for one in found.pages] == [("/a/2.png", "/a/2.png")]
    assert (found.n_sure_pages, found.n_sure_numbers, found.n_failed) == (1, 3, 1)
    assert found.thresholds == THRESHOLDS


def test_a_cell_to_check_and_a_warning_make_a_page_doubtful(write):
    struck = Cell("", "struck_out", None, True, BOX)
    pages = [
        reading("/a/1.png", False, cells=[struck]),
        reading("/a/2.png", False, warnings=("the page was turned",)),
        reading("/a/3.png", False, cells=[replace(struck, to_check=False)]),
    ]
    found = doubts_of(write(*pages))
    assert [one.source for one in found.pages] == ["/a/1.png", "/a/2.png"]
    assert found.n_sure_numbers == 1


def test_parts_are_found_without_the_errors_that_are_tried_again(write, tmp_path):
    path = write(reading("/a/1.png", True))
    Archive(str(tmp_path), "settings", "cnn").write_failed(page_rows(page("/b.png"), None, "away"))
    assert part_paths(str(tmp_path)) == [path]


def test_a_folder_without_parts_and_a_damaged_part_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match="no part of a Parquet result"):
        part_paths(str(tmp_path))
    (tmp_path / "part-0.parquet").write_bytes(b"no table")
    with pytest.raises(CheckpointError, match=r"part-0\.parquet: not a Parquet file"):
        doubts_of(str(tmp_path / "part-0.parquet"))


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["/srv/s/1923/a.png", "/srv/s/1924/a.png"], ["1923/a.png", "1924/a.png"]),
        (["/srv/s/a.png"], ["a.png"]),
        (["/srv/a.png", "/home/b.png"], ["a.png", "b.png"]),
        (["s3://one/a.png", "s3://one/x/b.png"], ["a.png", "x/b.png"]),
        (["s3://one/a.png", "s3://other/x/b.png"], ["a.png", "b.png"]),
        (["C:\\scans\\a.png"], ["a.png"]),
    ],
)
def test_a_name_is_what_lies_below_the_folder_of_all(write, sources, names):
    below = common_folder([write(reading(one, True)) for one in sources])
    assert [name_below(below, one) for one in sources] == names
