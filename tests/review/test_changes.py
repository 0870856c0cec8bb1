"""Whoever watches a batch sees each change once, whichever server made it."""

import pytest

from digitus.errors import NotThere


def kinds(changes):
    return [one["kind"] for one in changes]


def test_each_step_of_a_batch_is_seen(store, reading, image):
    batch = store.make_batch()["id"]
    document = store.add_documents(batch, [("a.png", b"a")])[0]
    store.start_pages(document["id"], 1)
    page_id = store.next_work().page_id
    store.save_page(page_id, reading, image, 1.0)
    store.rename_batch(batch, "b")
    changes = store.changes_since(batch, 0)
    assert kinds(changes) == ["batch", "batch", "page", "page", "batch"]
    assert [one["page_id"] for one in changes if one["kind"] == "page"] == [page_id, page_id]
    assert [one["number"] for one in changes] == [1, 2, 3, 4, 5]


def test_only_what_came_behind_a_number_is_returned(store, open_store, batch_id):
    number = store.change_number(batch_id)
    assert store.changes_since(batch_id, number) == []
    cell = store.cells(batch_id)["cells"][0]
    confirmed = store.confirm(cell["id"], "1", cell["version"], "Ann")
    (change,) = open_store().changes_since(batch_id, number)
    assert change == {
        **{"number": number + 1, "kind": "cell", "page_id": cell["page_id"]},
        **{"cell_id": cell["id"], "version": confirmed["version"]},
    }


def test_a_lock_is_seen_once_and_an_edit_as_its_page(store, batch_id, page_id):
    number = store.change_number(batch_id)
    cell = store.cells(batch_id)["cells"][0]
    store.lock(cell["id"], "Ann")
    store.lock(cell["id"], "Ann")
    store.edit(page_id, {"kind": "break_line", "before": seen(store, batch_id, 1)}, "Ann")
    store.undo(batch_id, "Ann")
    assert kinds(store.changes_since(batch_id, number)) == ["cell", "page", "cell", "page"]


def seen(store, batch_id, at):
    cell = store.cells(batch_id)["cells"][at]
    return {"id": cell["id"], "version": cell["version"]}


def test_other_batches_have_changes_of_their_own(store, batch_id):
    other = store.make_batch()["id"]
    assert store.changes_since(other, 0) == []
    with pytest.raises(NotThere):
        store.changes_since(1_000_000, 0)
