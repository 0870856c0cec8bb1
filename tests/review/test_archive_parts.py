"""Parts of an archive as batches: doubtful pages with their cells, the others counted."""

from dataclasses import replace

import pytest

from digitus.errors import NotThere
from digitus.review import archive_parts
from digitus.review.archive_parts import PageToCheck, Part

SETTINGS = {"decimal": "point", "min_confidence": 0.0, "max_error": None}
ANN = "Ann"


@pytest.fixture
def part(reading):
    """Make a part with a page for each of some names; the contents are the names."""

    def make(name, *files, page=1, **facts):
        pages = [
            PageToCheck(one, f"/srv/{one}", one, replace(reading, source=one, page=page))
            for one in files
        ]
        counts = {"n_sure_pages": 0, "n_sure_numbers": 0, "n_failed": 0} | facts
        return Part("result", name, "out", SETTINGS, pages, **counts)

    return make


def names_of(store, batch_id):
    return [(one["source"], one["page"]) for one in store.pages(batch_id)]


def test_doubtful_pages_are_listed_and_the_others_counted(store, part):
    first = part("a", "1.png", n_sure_pages=61, n_sure_numbers=300, n_failed=2)
    batch_id = store.take_part(first)
    assert store.take_part(part("b", n_sure_pages=64, n_sure_numbers=100)) == batch_id
    batch = store.batch(batch_id)
    assert (batch["name"], batch["state"], batch["settings"]) == ("out", "done", SETTINGS)
    assert batch["counts"] == {
        **{"documents": 1, "pages": 128, "waiting": 0, "read": 126, "failed": 2},
        **{"numbers": 406, "to_check": 2, "confirmed": 0, "sure_pages": 125},
    }
    assert names_of(store, batch_id) == [("1.png", 1)]


def test_a_result_without_doubts_is_a_batch_that_is_done(store, part):
    batch = store.batch(store.take_part(part("a", n_sure_pages=64, n_sure_numbers=9)))
    assert (batch["state"], batch["counts"]["pages"], batch["counts"]["numbers"]) == ("done", 64, 9)


def test_only_what_is_to_check_is_asked_for_and_a_confirmation_is_kept(store, part):
    batch_id = store.take_part(part("a", "1.png"))
    found = store.cells(batch_id, "to_check")["cells"]
    assert [cell["text"] for cell in found] == ["7", ""]
    store.confirm(found[0]["id"], "1", found[0]["version"], ANN)
    assert store.take_part(part("a", "1.png")) is None  # a second start takes nothing
    assert store.batch(batch_id)["counts"]["confirmed"] == 1
    exported = store.export(batch_id, "csv")
    try:
        row = next(one for one in exported.path.read_text().splitlines() if ',"yes"' in one)
    finally:
        exported.delete()
    assert '"1.png"' in row
    assert '"1"' in row


def test_a_workbook_of_pages_that_nobody_has_looked_at_is_written(store, part):
    exported = store.export(store.take_part(part("a", "1.png")), "xlsx")
    try:
        assert exported.path.stat().st_size > 0
    finally:
        exported.delete()


def test_pages_of_one_file_in_two_parts_are_one_document(store, part):
    batch_id = store.take_part(part("a", "1.tif", page=1))
    store.take_part(part("b", "1.tif", page=2))
    assert names_of(store, batch_id) == [("1.tif", 1), ("1.tif", 2)]
    assert store.batch(batch_id)["counts"]["documents"] == 1


def test_a_page_in_two_parts_is_taken_once(store, part):
    batch_id = store.take_part(part("a", "1.png", "2.png"))
    store.take_part(part("b", "2.png", "3.png"))
    assert [name for name, _ in names_of(store, batch_id)] == ["1.png", "2.png", "3.png"]


def test_another_batch_begins_when_one_is_full(store, part, monkeypatch):
    monkeypatch.setattr(archive_parts, "MOST_PAGES", 2)
    batches = [store.take_part(part(name, f"{name}.png")) for name in "abcde"]
    assert len(set(batches)) == 3
    assert [one["name"] for one in store.list_batches()] == ["out 3", "out 2", "out"]
    assert store.taken_parts("result") == set("abcde")


def test_deleted_batches_are_gone_with_their_parts(store, part):
    batch_id = store.take_part(part("a", "1.png"))
    store.delete_batch(batch_id)
    assert store.taken_parts("result") == set()
    assert store.list_batches() == []


def test_the_source_of_an_image_is_known_until_the_image_is_kept(store, part, reading, image):
    page_id = store.pages(store.take_part(part("a", "1.png")))[0]["id"]
    source = store.image_source(page_id)
    assert (source.location, source.sha256, source.page) == ("/srv/1.png", "1.png", 1)
    assert sorted(source.boxes) == sorted(number.box for number in reading.numbers)
    with pytest.raises(NotThere, match="no image"):
        store.page_image(page_id)
    store.keep_image(page_id, image)
    assert store.image_source(page_id) is None
    assert store.page_image(page_id).path.read_bytes() == image


def test_no_answer_says_where_a_file_lies(store, part):
    batch_id = store.take_part(part("a", "1.png"))
    page_id = store.pages(batch_id)[0]["id"]
    said = [store.batch(batch_id), store.pages(batch_id), store.page(page_id)]
    assert "/srv" not in repr([*said, store.cells(batch_id)])


def test_pages_that_were_read_here_have_no_other_source(store, page_id):
    assert store.image_source(page_id) is None


def test_servers_that_take_one_part_at_a_time_take_it_once(open_store, part):
    from concurrent.futures import ThreadPoolExecutor

    stores = [open_store() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(lambda one: one.take_part(part("a", "1.png")), stores))
    assert sum(one is not None for one in taken) == 1
    assert len(stores[0].list_batches()) == 1
