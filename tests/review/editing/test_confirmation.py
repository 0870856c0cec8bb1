import pytest

from digitus.errors import Conflict, NotThere, ReviewError

ANN, BOB = "Ann", "Bob"
NOBODY = 1_000_000


def cells_by_text(store, page_id):
    page = store.page(page_id)
    numbers = [cell for line in page["lines"] for cell in line["cells"]]
    return {cell["text"] or cell["verdict"]: cell for cell in [*numbers, *page["others"]]}


@pytest.fixture
def cells(store, page_id):
    return cells_by_text(store, page_id)


def test_a_confirmed_cell_says_who_confirmed_it_and_is_not_to_be_checked(store, cells):
    seven = cells["7"]
    confirmed = store.confirm(seven["id"], " 1 ", seven["version"], ANN)
    assert (confirmed["text"], confirmed["read_text"], confirmed["value"]) == ("1", "7", 1)
    assert (confirmed["state"], confirmed["confirmed_by"]) == ("confirmed", ANN)
    assert (confirmed["to_check"], confirmed["confidence"]) == (False, None)
    assert confirmed["digits"][0]["digit"] == 1
    assert confirmed["digits"][0]["verified"]


def test_the_second_to_confirm_sees_the_answer_of_the_first(store, page_id, cells):
    seven = cells["7"]
    store.confirm(seven["id"], "1", seven["version"], ANN)
    with pytest.raises(Conflict, match="Ann has changed") as caught:
        store.confirm(seven["id"], "9", seven["version"], BOB)
    assert [(one["text"], one["confirmed_by"]) for one in caught.value.cells] == [("1", ANN)]
    assert "1" in cells_by_text(store, page_id)


def test_undo_gives_back_the_reviewers_own_last_edit(store, batch_id, page_id, cells):
    for text, reviewer in (("7", ANN), ("204", BOB)):
        store.confirm(cells[text]["id"], "1", cells[text]["version"], reviewer)
    undone = store.undo(batch_id, ANN)
    assert undone["undone"] == "confirmed 1"
    again = {key: undone["cells"][0][key] for key in cells["7"] if key != "version"}
    assert again == {key: value for key, value in cells["7"].items() if key != "version"}
    assert undone["cells"][0]["version"] > cells["7"]["version"]
    assert store.undo(batch_id, ANN) == {"undone": None, "cells": []}


def test_a_cell_that_is_named_twice_is_confirmed_once_and_undone(store, batch_id, cells):
    seven = cells["7"]["id"], cells["7"]["version"]
    four = cells["4"]["id"], cells["4"]["version"]
    stale = four[0], four[1] - 1
    found = store.confirm_many(batch_id, [seven, seven, four, stale], ANN)
    assert [one["id"] for one in found["confirmed"]] == [seven[0]]
    assert [one["id"] for one in found["conflicts"]] == [four[0]]
    assert found["confirmed"][0]["version"] == seven[1] + 1
    assert store.undo(batch_id, ANN)["undone"] == "confirmed 1 number"


def test_an_edit_that_another_has_built_on_is_not_undone(store, batch_id, cells):
    first = store.confirm(cells["7"]["id"], "1", cells["7"]["version"], ANN)
    store.confirm(first["id"], "9", first["version"], BOB)
    with pytest.raises(Conflict, match="cannot be undone") as caught:
        store.undo(batch_id, ANN)
    assert caught.value.cells[0]["text"] == "9"
    assert store.undo(batch_id, BOB)["undone"] == "confirmed 9"
    assert store.undo(batch_id, ANN)["undone"] == "confirmed 1"  # it is as she left it again


@pytest.mark.parametrize("text", ["", "n/a", "2?", "1" * 61, "1\x002"])
def test_a_text_that_no_number_has_is_refused(store, page_id, cells, text):
    with pytest.raises(ReviewError, match="text of a number"):
        store.confirm(cells["7"]["id"], text, cells["7"]["version"], ANN)
    assert cells_by_text(store, page_id) == cells


def test_a_cell_that_does_not_exist_is_refused(store, batch_id):
    with pytest.raises(NotThere, match=f"cell {NOBODY}"):
        store.confirm(NOBODY, "1", 1, ANN)
    with pytest.raises(NotThere, match=f"cell {NOBODY}"):
        store.confirm_many(batch_id, [(NOBODY, 1)], ANN)
    with pytest.raises(NotThere, match=f"cell {NOBODY}"):
        store.verify_digits(batch_id, [(NOBODY, 0, 1)], ANN)
