import pytest

from digitus.errors import NotThere, ReviewError

ANN, BOB = "Ann", "Bob"


def texts(found):
    return [cell["text"] for cell in found["cells"]]


def test_cells_are_listed_in_reading_order_with_those_of_grids_to_check(store, batch_id):
    found = store.cells(batch_id)
    assert texts(found) == ["204", "7", "20", "4", "-3.5", "13", ""]
    assert found["total"] == 7


def test_cells_are_listed_by_state_digit_and_length(store, batch_id):
    assert texts(store.cells(batch_id, state="to_check")) == ["7", ""]
    assert texts(store.cells(batch_id, digit=2)) == ["204", "20"]
    assert texts(store.cells(batch_id, length=2)) == ["20", "-3.5", "13"]
    assert texts(store.cells(batch_id, digit=3, length=2)) == ["-3.5", "13"]
    seven = store.cells(batch_id, state="to_check")["cells"][0]
    store.confirm(seven["id"], "1", seven["version"], ANN)
    assert texts(store.cells(batch_id, state="confirmed")) == ["1"]
    assert texts(store.cells(batch_id, state="read", length=1)) == ["4"]


def test_the_lowest_confidence_comes_first_and_none_last(store, batch_id):
    found = store.cells(batch_id, order="confidence")
    assert texts(found)[0] == "7"
    assert texts(found)[-1] == ""


def test_a_long_list_comes_in_parts(store, batch_id):
    whole = store.cells(batch_id)["cells"]
    parts = [store.cells(batch_id, offset=at, limit=3) for at in (0, 3, 6)]
    assert [cell for part in parts for cell in part["cells"]] == whole
    assert {part["total"] for part in parts} == {7}


def test_deleted_and_added_cells_have_lists_of_their_own(store, batch_id, page_id):
    four = store.cells(batch_id, length=1)["cells"][1]
    seen = {"id": four["id"], "version": four["version"]}
    store.edit(page_id, {"kind": "delete", "cell": seen}, ANN)
    store.edit(page_id, {"kind": "add", "line": 1, "text": "55"}, ANN)
    assert texts(store.cells(batch_id, state="deleted")) == ["4"]
    assert texts(store.cells(batch_id, state="added")) == ["55"]
    assert "4" not in texts(store.cells(batch_id))


@pytest.mark.parametrize("words", [{"state": "lost"}, {"order": "random"}])
def test_an_unknown_word_is_refused(store, batch_id, words):
    with pytest.raises(ReviewError, match="expected one of"):
        store.cells(batch_id, **words)


def test_a_batch_that_does_not_exist_has_no_cells(store):
    with pytest.raises(NotThere):
        store.cells(1_000_000)


def test_the_first_to_lock_a_cell_has_it_until_the_lock_ends(open_store, store, batch_id):
    cell = store.cells(batch_id)["cells"][0]
    assert store.lock(cell["id"], ANN)["locked_by"] == ANN
    assert store.lock(cell["id"], BOB)["locked_by"] == ANN
    store.unlock(cell["id"], BOB)
    assert store.cell(cell["id"])["locked_by"] == ANN
    store.unlock(cell["id"], ANN)
    assert store.lock(cell["id"], BOB)["locked_by"] == BOB
    assert store.cell(cell["id"])["version"] == cell["version"]


def test_a_lock_that_has_ended_is_none(open_store, store, batch_id):
    from digitus.review.store import Times

    short = open_store(times=Times(lock_s=-1))
    cell = store.cells(batch_id)["cells"][0]
    short.lock(cell["id"], ANN)
    assert store.cell(cell["id"])["locked_by"] is None
    assert store.lock(cell["id"], BOB)["locked_by"] == BOB


def test_confirming_ends_the_lock_and_a_lock_hinders_nobody(store, batch_id):
    cell = store.cells(batch_id)["cells"][0]
    store.lock(cell["id"], ANN)
    assert store.confirm(cell["id"], "1", cell["version"], BOB)["locked_by"] is None
