"""The journal returns every page unchanged, and survives being cut off anywhere."""

from dataclasses import replace

import pytest

from digitus.errors import CheckpointError, WriteError
from digitus.reader.batch.journal import Journal, Pages
from digitus.reader.batch.journal_entries import Entry, Stamp

SETTINGS = {"model": "cnn", "min-confidence": 0.5}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.csv.journal"


def entry(reading, *, page=1, n_pages=1, stamp=None, crops=None):
    return Entry(replace(reading, page=page), crops or {}, n_pages, stamp)


def test_pages_are_returned_unchanged_in_the_given_order(path, page_reading, grid_reading):
    journal = Journal(path, SETTINGS)
    journal.add(entry(grid_reading, crops={(1, 1): b"\x89PNG"}))
    journal.add(entry(page_reading, page=2, n_pages=2))
    journal.add(entry(page_reading, n_pages=2))
    found = list(journal.entries({"scans/a.png": 0, "scans/grid.png": 1}))
    assert [one.reading.page for one in found] == [1, 2, 1]
    assert found[2] == entry(grid_reading, crops={(1, 1): b"\x89PNG"})
    assert len(list(Pages(journal, {}))) == len(list(Pages(journal, {}))) == 3
    journal.close(keep=True)


def test_a_resumed_journal_holds_the_pages_of_the_former_run(path, page_reading):
    first = Journal(path, SETTINGS)
    first.add(entry(page_reading, n_pages=2))
    first.close(keep=True)
    second = Journal(path, SETTINGS, resume=True)
    assert second.has("scans/a.png", 1)
    assert not second.has("scans/a.png", 2)
    assert not second.has_all("scans/a.png")
    second.add(entry(page_reading, page=2, n_pages=2))
    assert second.has_all("scans/a.png")
    assert len(list(second.entries({}))) == 2
    second.close(keep=False)
    assert not path.exists()


def test_an_incomplete_last_line_is_truncated_and_the_rest_kept(path, page_reading):
    journal = Journal(path, SETTINGS)
    journal.add(entry(page_reading, n_pages=2))
    whole = path.stat().st_size
    journal.add(entry(page_reading, page=2, n_pages=2))
    journal.close(keep=True)
    end = path.stat().st_size
    content = path.read_bytes()
    for cut in (whole + 1, (whole + end) // 2, end - 2, end - 1):
        path.write_bytes(content[:cut])
        again = Journal(path, SETTINGS, resume=True)
        assert [one.reading.page for one in again.entries({})] == [1]
        again.close(keep=True)
        assert path.stat().st_size == whole


def test_pages_after_cut_off_settings_are_written_on_lines_of_their_own(path, page_reading):
    journal = Journal(path, SETTINGS)
    head = path.read_bytes()
    journal.close(keep=False)
    path.write_bytes(head.rstrip(b"\n"))
    again = Journal(path, SETTINGS, resume=True)
    again.add(entry(page_reading))
    again.close(keep=True)
    third = Journal(path, SETTINGS, resume=True)
    assert len(third) == 1
    third.close(keep=True)


def test_a_line_of_brackets_ends_the_journal_like_an_incomplete_one(path, page_reading):
    journal = Journal(path, SETTINGS)
    journal.add(entry(page_reading))
    journal.close(keep=True)
    whole = path.read_bytes()
    path.write_bytes(whole + b"[" * 5000 + b"\n")
    again = Journal(path, SETTINGS, resume=True)
    assert len(again) == 1
    again.close(keep=True)
    assert path.read_bytes() == whole


def test_settings_of_brackets_are_not_a_journal(path):
    path.write_bytes(b"[" * 5000 + b"\n")
    with pytest.raises(CheckpointError, match="not a journal"):
        Journal(path, SETTINGS, resume=True)


def test_a_page_of_a_changed_source_counts_as_unread(path, page_reading, tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(b"one")
    journal = Journal(path, SETTINGS)
    journal.add(Entry(replace(page_reading, source=str(source)), {}, 1, Stamp.of(str(source))))
    assert journal.has(str(source), 1)
    source.write_bytes(b"other")
    assert not journal.has(str(source), 1)
    source.unlink()
    assert journal.has(str(source), 1)
    journal.close(keep=True)


def journal_of(path, page_reading, *, pages, stamp, resume=False):
    journal = Journal(path, SETTINGS, resume=resume)
    for page in range(1, pages + 1):
        journal.add(entry(page_reading, page=page, n_pages=pages, stamp=stamp))
    return journal


@pytest.mark.parametrize("stamps", [((5, 1), (3, 2)), (None, None)])
def test_a_source_read_again_with_fewer_pages_keeps_none_of_the_former_ones(
    path, page_reading, stamps
):
    journal_of(path, page_reading, pages=3, stamp=stamps[0]).close(keep=True)
    second = journal_of(path, page_reading, pages=1, stamp=stamps[1], resume=True)
    assert [one.reading.page for one in second.entries({})] == [1]
    second.close(keep=True)
    third = Journal(path, SETTINGS, resume=True)
    assert [one.reading.page for one in third.entries({})] == [1]
    third.close(keep=True)


def test_a_changed_source_loses_its_former_pages_and_a_deleted_one_keeps_them(
    path, page_reading, tmp_path
):
    source = tmp_path / "a.tif"
    source.write_bytes(b"three pages")
    reading = replace(page_reading, source=str(source))
    journal = journal_of(path, reading, pages=3, stamp=Stamp.of(str(source)))
    journal.drop_outdated(str(source), 2)
    assert len(journal) == 2
    source.unlink()
    journal.drop_outdated(str(source), 0)
    assert len(journal) == 2
    source.write_bytes(b"other pages")
    journal.drop_outdated(str(source), 2)
    assert len(journal) == 0
    journal.close(keep=True)


def test_the_names_of_files_about_a_source_are_kept(path, page_reading):
    first = Journal(path, SETTINGS)
    first.add(entry(page_reading)._replace(name="a-2"))
    first.close(keep=True)
    second = Journal(path, SETTINGS, resume=True)
    assert second.names == {"scans/a.png": "a-2"}
    second.close(keep=True)


def test_without_resume_a_journal_with_pages_is_refused_and_kept(path, page_reading):
    first = Journal(path, SETTINGS)
    first.add(entry(page_reading))
    assert first.close(keep=True)
    before = path.read_bytes()
    with pytest.raises(
        CheckpointError, match="1 of them; continue it with --resume, or delete the file"
    ):
        Journal(path, SETTINGS)
    assert path.read_bytes() == before


def test_without_resume_a_journal_without_a_complete_page_is_replaced(path, page_reading):
    first = Journal(path, SETTINGS)
    start = path.stat().st_size
    first.add(entry(page_reading))
    first.close(keep=True)
    path.write_bytes(path.read_bytes()[: start + 9])
    second = Journal(path, SETTINGS)
    assert len(second) == 0
    assert not second.close(keep=True)  # it holds no page to resume from
    assert not path.exists()


def test_without_resume_another_file_is_refused_and_kept(path):
    path.write_bytes(b"my notes\n")
    with pytest.raises(CheckpointError, match="not a journal"):
        Journal(path, SETTINGS)
    assert path.read_bytes() == b"my notes\n"


def test_without_a_path_pages_are_returned_and_no_file_is_left(page_reading, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    journal = Journal(None, SETTINGS)
    assert journal.n_pages_of("scans/a.png") == 0
    journal.add(entry(page_reading, n_pages=2))
    assert [one.reading.text for one in journal.entries({})] == [page_reading.text]
    assert journal.n_pages_of("scans/a.png") == 2
    assert not journal.close(keep=True)
    assert list(tmp_path.iterdir()) == []


def test_other_settings_are_refused_by_name(path, page_reading):
    first = Journal(path, SETTINGS)
    first.add(entry(page_reading))
    first.close(keep=True)
    with pytest.raises(CheckpointError, match="another min-confidence"):
        Journal(path, {**SETTINGS, "min-confidence": 0.9}, resume=True)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[1]\n", b'{"a": 1}\n'])
def test_resuming_another_file_is_refused_and_keeps_it(path, content):
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a journal"):
        Journal(path, SETTINGS, resume=True)
    assert path.read_bytes() == content


def test_the_error_of_a_missing_folder_names_the_journal(tmp_path):
    with pytest.raises(
        WriteError, match=f"^{tmp_path / 'nowhere' / 'a.journal'}: cannot be written"
    ):
        Journal(tmp_path / "nowhere" / "a.journal", SETTINGS)


def test_a_name_that_is_too_long_is_named(tmp_path):
    path = tmp_path / f"{'x' * 250}.journal"
    with pytest.raises(WriteError, match=r"x\.journal: cannot be written \(File name too long"):
        Journal(path, {})
