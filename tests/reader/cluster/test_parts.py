"""Parts of an archive: what is done, what is read back, and what is refused."""

import pytest

from digitus.errors import CheckpointError
from digitus.reader.cluster.archive_pages import ArchivePage
from digitus.reader.cluster.parts import (
    FAILED,
    Archive,
    ArchivePages,
    page_rows,
    schema,
    settings_hash,
)
from digitus.reader.results.reading import Digit, Line, Number, PageReading

BOX = (1, 2, 30, 40)


def page(name, number=1):
    return ArchivePage(f"{name}.png", name, number, 1, 10)


def reading(name, text="7"):
    digit = Digit(int(text), "digit", 0.98, BOX, ((int(text), 0.98),))
    number = Number(text, int(text), 0.98, False, BOX, (digit,))
    return PageReading(f"{name}.png", 1, 100, 80, (Line(text, 0.98, BOX, (number,)),))


@pytest.fixture
def archive(tmp_path):
    return Archive(str(tmp_path / "out"), "settings", "cnn")


@pytest.fixture(autouse=True)
def folder(tmp_path):
    (tmp_path / "out").mkdir()


def write(archive, *names):
    rows = [row for name in names for row in page_rows(page(name), reading(name), None)]
    archive.write_part([page(name) for name in names], rows)


def test_a_row_of_a_number_has_its_line_text_and_box():
    first, number = page_rows(page("a"), reading("a"), None)
    assert (first["kind"], number["kind"]) == ("page", "number")
    assert (number["line"], number["number"], number["text"], number["value"]) == (1, 1, "7", 7.0)
    assert [number[side] for side in ("left", "top", "width", "height")] == list(BOX)
    assert set(number) <= set(schema().names)


def test_what_a_part_holds_is_done_and_read_back_in_the_order_of_the_sources(archive):
    write(archive, "b")
    write(archive, "c", "a")
    assert archive.done() == {page(name).key for name in "abc"}
    found = ArchivePages(archive.folder)
    assert len(found) == 3
    assert list(found) == [reading(name) for name in "abc"]


def test_a_batch_that_is_read_twice_replaces_itself(archive, tmp_path):
    write(archive, "a", "b")
    write(archive, "a", "b")
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_page_in_two_parts_is_given_once(archive):
    write(archive, "a")
    write(archive, "a", "b")
    assert [one.source for one in ArchivePages(archive.folder)] == ["a.png", "b.png"]


def test_an_error_of_a_page_is_done_and_one_of_a_file_is_not(archive):
    archive.write_part([page("a")], page_rows(page("a"), None, "no image"))
    archive.write_failed(page_rows(page("b"), None, "not there"))
    assert archive.done() == {page("a").key}
    errors = ArchivePages(archive.folder).errors
    assert errors == [("a.png", 1, "no image"), ("b.png", 1, "not there")]


def test_errors_that_are_gone_leave_no_file(archive, tmp_path):
    archive.write_failed(page_rows(page("b"), None, "not there"))
    archive.write_failed([])
    assert not (tmp_path / "out" / FAILED).exists()


def test_parts_of_other_settings_and_damaged_ones_are_refused(archive, tmp_path):
    write(archive, "a")
    with pytest.raises(CheckpointError, match="other thresholds"):
        Archive(archive.folder, "others", "cnn").done()
    (tmp_path / "out" / "part-0.parquet").write_bytes(b"no table")
    with pytest.raises(CheckpointError, match=r"part-0\.parquet: not a Parquet file"):
        archive.done()


def test_a_folder_without_parts_is_refused(archive):
    with pytest.raises(CheckpointError, match="no Parquet file"):
        ArchivePages(archive.folder)


def test_the_hash_of_settings_depends_on_each_but_not_on_their_order():
    one, other = settings_hash({"a": 1, "b": 2}), settings_hash({"b": 2, "a": 1})
    assert one == other
    assert one != settings_hash({"a": 1, "b": 3})
