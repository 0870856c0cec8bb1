"""What a journal holds of a page comes back as it was, and nothing else is taken for it."""

import json
import os

import pytest

from digitus.reader.batch.journal_entries import Entry, entry_from_json, stamp_of


def test_an_entry_comes_back_from_json_as_it_was(grid_reading):
    entry = Entry(grid_reading, {(1, 2): b"\x89PNG\xff"}, 3, (5, 1), "grid-2")
    assert entry_from_json(json.loads(json.dumps(entry.to_json()))) == entry


@pytest.mark.parametrize("missing", ["page", "crops", "n_pages", "stamp", "name"])
def test_what_lacks_a_part_is_no_entry(grid_reading, missing):
    value = Entry(grid_reading, {}, 1, None).to_json()
    del value[missing]
    with pytest.raises(KeyError):
        entry_from_json(value)


def test_a_file_that_is_written_anew_has_another_stamp_and_one_that_is_gone_none(tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(b"one")
    before = stamp_of(str(source))
    os.utime(source, ns=(0, 1))
    assert stamp_of(str(source)) != before
    source.unlink()
    assert stamp_of(str(source)) is None
    assert stamp_of("no\0name") is None
