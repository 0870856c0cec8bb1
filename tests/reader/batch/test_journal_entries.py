"""Entries of a journal survive a round trip through JSON; stamps show changed files."""

import json
import os
from dataclasses import replace

import pytest

from digitus.reader.batch.journal_entries import Entry, Stamp, page_from_json


def test_an_entry_survives_a_round_trip_through_json(grid_reading):
    entry = Entry(grid_reading, {(1, 2): b"\x89PNG\xff"}, 3, Stamp(5, 1), "grid-2")
    assert Entry.from_json(json.loads(json.dumps(entry.to_json()))) == entry


def test_a_reading_survives_a_round_trip_through_json(page_reading):
    assert page_from_json(json.loads(json.dumps(page_reading.to_json()))) == page_reading


def test_the_warnings_of_a_page_survive_a_round_trip_through_json(page_reading):
    page = replace(page_reading, warnings=("most of it is doubtful",))
    assert page_from_json(json.loads(json.dumps(page.to_json()))) == page


def test_a_box_of_three_sides_is_refused(page_reading):
    value = page_reading.to_json()
    value["lines"][0]["box"] = [1, 2, 3]
    with pytest.raises(ValueError, match="not enough values"):
        page_from_json(value)


@pytest.mark.parametrize("missing", ["page", "crops", "n_pages", "stamp", "name"])
def test_a_value_that_lacks_a_field_is_refused(grid_reading, missing):
    value = Entry(grid_reading, {}, 1, None).to_json()
    del value[missing]
    with pytest.raises(KeyError):
        Entry.from_json(value)


DAMAGED = (KeyError, TypeError, ValueError)


@pytest.mark.parametrize(
    "value", ["abc", 1.5, [1], {"a": 1}, float("nan"), -(10**400), True], ids=str
)
@pytest.mark.parametrize(
    "place",
    [
        ("n_pages",),
        ("stamp",),
        ("page", "page"),
        ("page", "width"),
        ("page", "lines"),
        ("page", "lines", 0, "confidence"),
        ("page", "lines", 0, "box"),
        ("page", "lines", 0, "numbers", 0, "digits", 0, "digit"),
        ("page", "lines", 0, "numbers", 0, "digits", 0, "verdict"),
        ("page", "grids", 0, "rows", 0, 0, "verdict"),
        ("page", "grids", 0, "rows", 0, 0, "box", 0),
    ],
    ids=str,
)
def test_a_field_of_another_type_is_refused(grid_reading, place, value):
    if value == 1.5 and place[-1] == "confidence":
        value = None
    entry = json.loads(json.dumps(Entry(grid_reading, {}, 1, Stamp(5, 1)).to_json()))
    node = entry
    for name in place[:-1]:
        node = node[name]
    node[place[-1]] = value
    with pytest.raises(DAMAGED):
        Entry.from_json(entry)


def test_a_changed_file_has_another_stamp_and_a_missing_one_none(tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(b"one")
    before = Stamp.of(str(source))
    os.utime(source, ns=(0, 1))
    assert Stamp.of(str(source)) != before
    source.unlink()
    assert Stamp.of(str(source)) is None
    assert Stamp.of("no\0name") is None
