"""The journal gives every page back as it was, and survives being cut anywhere."""

from dataclasses import replace

import pytest

from digitus.errors import CheckpointError, WriteError
from digitus.reader.journal import Entry, Journal, Pages, stamp_of

SETTINGS = {"model": "cnn", "min-confidence": 0.5}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.csv.journal"


def entry(reading, *, page=1, n_pages=1, stamp=None, crops=None):
    return Entry(replace(reading, page=page), crops or {}, n_pages, stamp)


def test_pages_come_back_as_they_were_in_the_order_asked_for(path, page_reading, grid_reading):
    journal = Journal(path, SETTINGS)
    journal.add(entry(grid_reading, crops={(1, 1): b"\x89PNG"}))
    journal.add(entry(page_reading, page=2, n_pages=2))
    journal.add(entry(page_reading, n_pages=2))
    found = list(journal.entries({"scans/a.png": 0, "scans/grid.png": 1}))
    assert [one.reading.page for one in found] == [1, 2, 1]
    assert found[2] == entry(grid_reading, crops={(1, 1): b"\x89PNG"})
    assert len(list(Pages(journal, {}))) == len(list(Pages(journal, {}))) == 3
    journal.close(keep=True)


def test_it_goes_on_where_it_was_left(path, page_reading):
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


def test_a_last_line_that_is_not_whole_is_forgotten_and_the_rest_kept(path, page_reading):
    journal = Journal(path, SETTINGS)
    journal.add(entry(page_reading, n_pages=2))
    whole = path.stat().st_size
    journal.add(entry(page_reading, page=2, n_pages=2))
    journal.close(keep=True)
    end = path.stat().st_size
    content = path.read_bytes()
    for cut in (whole + 1, (whole + end) // 2, end - 2):
        path.write_bytes(content[:cut])
        again = Journal(path, SETTINGS, resume=True)
        assert [one.reading.page for one in again.entries({})] == [1]
        again.close(keep=True)
        assert path.stat().st_size == whole


def test_a_source_that_changed_is_not_done(path, page_reading, tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(b"one")
    journal = Journal(path, SETTINGS)
    journal.add(Entry(replace(page_reading, source=str(source)), {}, 1, stamp_of(str(source))))
    assert journal.has(str(source), 1)
    source.write_bytes(b"other")
    assert not journal.has(str(source), 1)
    source.unlink()
    assert journal.has(str(source), 1)
    journal.close(keep=True)


def test_without_resume_it_starts_anew(path, page_reading):
    first = Journal(path, SETTINGS)
    first.add(entry(page_reading))
    first.close(keep=True)
    second = Journal(path, SETTINGS)
    assert list(second.entries({})) == []
    second.close(keep=False)


def test_other_settings_are_refused_by_their_name(path):
    Journal(path, SETTINGS).close(keep=True)
    with pytest.raises(CheckpointError, match="another min-confidence"):
        Journal(path, {**SETTINGS, "min-confidence": 0.9}, resume=True)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[1]\n", b'{"a": 1}\n'])
def test_a_file_that_is_no_journal_is_refused_and_stays(path, content):
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="no journal"):
        Journal(path, SETTINGS, resume=True)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(WriteError, match="cannot be written"):
        Journal(tmp_path / "nowhere" / "a.journal", SETTINGS)
