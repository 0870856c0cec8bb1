import pytest

from digitus.errors import Conflict, NotThere, ReviewError

ANN, BOB = "Ann", "Bob"


def lines(page):
    return [[cell["text"] for cell in line["cells"]] for line in page["lines"]]


def find(page, text):
    return next(cell for line in page["lines"] for cell in line["cells"] if cell["text"] == text)


def seen(cell):
    return {"id": cell["id"], "version": cell["version"]}


@pytest.fixture
def edit(store, page_id):
    """Edit the page; cells are given by their texts."""

    def edit_as(reviewer=ANN, **operation):
        page = store.page(page_id)
        for name in ("cell", "before"):
            if name in operation:
                operation[name] = seen(find(page, operation[name]))
        if "cells" in operation:
            operation["cells"] = [seen(find(page, text)) for text in operation["cells"]]
        return store.edit(page_id, operation, reviewer)

    return edit_as


def test_two_numbers_that_are_one_are_joined(edit):
    page = edit(kind="join", cells=["4", "20"])
    assert lines(page) == [["204", "7"], ["204", "-3.5"], ["13"]]
    joined = page["lines"][1]["cells"][0]
    assert joined["box"] == [10, 60, 70, 30]
    assert [one["digit"] for one in joined["digits"]] == [2, 0, 4]
    assert (joined["state"], joined["confidence"]) == ("read", pytest.approx(0.99**2))


def test_joining_with_a_typed_text_confirms_it(edit):
    joined = find(edit(kind="join", cells=["20", "4"], text="209"), "209")
    assert (joined["state"], joined["confirmed_by"]) == ("confirmed", ANN)
    assert [one["digit"] for one in joined["digits"]] == [2, 0, 9]


def test_a_number_that_is_two_is_split_and_both_are_confirmed(edit):
    page = edit(kind="split", cell="204", texts=["20", "4"])
    assert lines(page)[0] == ["20", "4", "7"]
    parts = page["lines"][0]["cells"][:2]
    assert [part["box"] for part in parts] == [[10, 10, 38, 30], [50, 10, 18, 30]]
    assert [len(part["digits"]) for part in parts] == [2, 1]
    assert {part["state"] for part in parts} == {"confirmed"}


def test_boxes_are_uncertain_if_the_parts_have_other_numbers_of_digits(edit, store, page_id):
    page = edit(kind="split", cell="204", texts=["204", "6"])
    first, second = page["lines"][0]["cells"][:2]
    assert [one["digit"] for one in first["digits"]] == [None, None, None]
    assert second["digits"] == []
    assert first["box"][0] + first["box"][2] <= second["box"][0]


def test_marks_go_to_the_part_that_they_stand_in(edit):
    page = edit(kind="split", cell="-3.5", texts=["-3", "5"])
    assert lines(page)[1] == ["20", "4", "-3", "5"]


def test_a_missing_number_is_added_in_a_line_and_in_a_line_of_its_own(edit):
    page = edit(kind="add", line=1, position=2, text="8")
    assert lines(page)[0] == ["204", "8", "7"]
    assert find(page, "8")["state"] == "added"
    assert find(page, "8")["box"] == [70, 10, 30, 30]  # between its neighbors
    page = edit(kind="add", line=None, position=1, text="9", box=[10, 45, 20, 10])
    assert lines(page) == [["204", "8", "7"], ["9"], ["20", "4", "-3.5"], ["13"]]


def test_a_deleted_number_is_restored(edit, store, page_id):
    before = store.page(page_id)
    page = edit(kind="delete", cell="4")
    assert lines(page)[1] == ["20", "-3.5"]
    assert page["counts"]["numbers"] == 5
    deleted = page["deleted"][0]
    page = store.edit(page_id, {"kind": "restore", "cell": seen(deleted)}, BOB)
    assert lines(page) == lines(before)


def test_lines_are_broken_and_joined(edit):
    assert lines(edit(kind="break_line", before="4")) == [
        ["204", "7"],
        ["20"],
        ["4", "-3.5"],
        ["13"],
    ]
    assert lines(edit(kind="join_lines", line=1))[:2] == [["204", "20", "7"], ["4", "-3.5"]]


def test_moving_numbers_to_another_line_leaves_their_versions(edit, store, page_id):
    four = find(store.page(page_id), "4")
    edit(kind="break_line", before="4")
    assert store.confirm(four["id"], "4", four["version"], BOB)["state"] == "confirmed"


def test_undo_of_a_broken_line_leaves_what_another_added(edit, store, page_id, batch_id):
    edit(kind="break_line", before="4")
    edit(BOB, kind="add", line=1, position=1, text="5")
    store.undo(batch_id, ANN)
    assert lines(store.page(page_id)) == [["5", "204", "7"], ["20", "4", "-3.5"], ["13"]]


def test_an_edit_of_a_number_that_another_has_confirmed_is_refused(store, page_id):
    four = find(store.page(page_id), "4")
    store.confirm(four["id"], "9", four["version"], BOB)
    with pytest.raises(Conflict, match="Bob has changed") as caught:
        store.edit(page_id, {"kind": "delete", "cell": seen(four)}, ANN)
    assert caught.value.cells[0]["text"] == "9"


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ({"kind": "turn"}, "kind: expected one of"),
        ({"kind": "join", "cells": []}, "two numbers or more"),
        ({"kind": "join", "cells": 3}, "cells: expected a list"),
        ({"kind": "join", "cells": [{"id": 1}]}, 'expected {"id", "version"}'),
        ({"kind": "delete", "cell": None}, 'expected {"id", "version"}'),
        ({"kind": "add", "text": 5}, "expected a text"),
        ({"kind": "add", "text": "5", "line": 9}, "line: expected 1 to 3"),
        ({"kind": "add", "text": "5", "line": "1"}, "whole numbers as line"),
        ({"kind": "add", "text": "5", "box": [400, 0, 10, 10]}, "beside it"),
        ({"kind": "add", "text": "5", "box": [1.5, 0, 10, 10]}, "four whole numbers"),
        ({"kind": "join_lines", "line": 3}, "line: expected 1 to 3, got 4"),
        ({"kind": "join_lines", "line": None}, "expected the number of a line"),
    ],
)
def test_an_edit_that_is_not_possible_is_refused(store, page_id, operation, sentence):
    before = store.page(page_id)
    with pytest.raises(ReviewError, match=sentence):
        store.edit(page_id, operation, ANN)
    assert store.page(page_id) == before


def test_a_cell_of_another_page_is_refused(store, page_id, reading, image):
    document = store.add_documents(store.page(page_id)["batch_id"], [("b.png", b"b")])[0]
    store.start_pages(document["id"], 1)
    other = store.next_work().page_id
    with pytest.raises(ReviewError, match="was not read"):
        store.edit(other, {"kind": "add", "text": "5"}, ANN)
    store.save_page(other, reading, image, 1.0)
    cell = find(store.page(page_id), "4")
    with pytest.raises(NotThere, match="no such cell on this page"):
        store.edit(other, {"kind": "delete", "cell": seen(cell)}, ANN)
