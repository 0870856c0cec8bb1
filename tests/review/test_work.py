import pytest

from digitus.errors import NotThere, ReviewError
from digitus.review.storage.schema import Page
from digitus.review.store import Times


@pytest.fixture
def batch_id(store):
    """A batch of two documents that wait."""
    made = store.make_batch("Scores", decimal="comma", min_confidence=0.5, max_error=0.01)["id"]
    for name in ("a.pdf", "b.png"):
        store.add_documents(made, [(name, name.encode())])
    return made


@pytest.fixture
def count_pages(store, batch_id):
    """Count the pages of the two documents: two and one."""

    def count_all(server=store):
        for n_pages in (2, 1):
            server.start_pages(server.next_work().document_id, n_pages)

    return count_all


def states(store, batch_id):
    return [page["state"] for page in store.pages(batch_id)]


def test_documents_are_counted_first_then_their_pages_are_read_in_order(store, count_pages):
    first = store.next_work()
    assert (first.page_id, first.name, first.path.read_bytes()) == (None, "a.pdf", b"a.pdf")
    assert first.settings == {"decimal": "comma", "min_confidence": 0.5, "max_error": 0.01}
    store.release_claims()
    count_pages()
    work = [store.next_work() for _ in range(4)]
    assert [(one.name, one.page) for one in work[:3]] == [("a.pdf", 1), ("a.pdf", 2), ("b.png", 1)]
    assert work[3] is None


def test_a_batch_says_how_far_it_is(store, batch_id, count_pages, reading, image):
    assert store.batch(batch_id)["counts"]["documents"] == 2
    count_pages()
    pages = [store.next_work().page_id for _ in range(2)]
    assert store.batch(batch_id)["seconds_left"] is None
    store.save_page(pages[0], reading, image, 3.0)
    assert store.batch(batch_id)["seconds_left"] == 6.0
    assert store.batch(batch_id)["state"] == "reading"
    store.fail_page(pages[1], "cannot be decoded")
    store.save_page(store.next_work().page_id, reading, image, 3.0)
    batch = store.batch(batch_id)
    assert (batch["state"], batch["seconds_left"]) == ("done", None)
    assert batch["counts"] == {
        **{"documents": 2, "pages": 3, "waiting": 0, "read": 2, "failed": 1},
        **{"numbers": 12, "to_check": 4, "confirmed": 0, "sure_pages": 0},
    }
    failed = store.pages(batch_id)[1]
    assert (failed["source"], failed["page"], failed["position"]) == ("a.pdf", 2, 2)
    assert failed["error"] == "cannot be decoded"


def test_two_servers_never_read_the_same_page(open_store, store, count_pages):
    count_pages()
    other = open_store()
    work = [one.next_work() for one in (store, other, store, other)]
    assert len({one.page_id for one in work[:3]}) == 3
    assert work[3] is None


def test_a_claim_that_has_ended_is_taken_over_and_the_first_result_counts(
    open_store, batch_id, count_pages, reading, image
):
    slow, other = open_store(times=Times(claim_s=-1)), open_store()
    count_pages(other)
    page_id = slow.next_work().page_id
    assert other.next_work().page_id == page_id
    other.save_page(page_id, reading, image, 1.0)
    slow.save_page(page_id, reading, image, 99.0)
    assert slow.batch(batch_id)["counts"]["numbers"] == 6


def test_a_renewed_claim_is_not_taken_over(open_store, count_pages):
    slow, other = open_store(times=Times(claim_s=-1)), open_store()
    count_pages(other)
    page_id = slow.next_work().page_id
    slow._claims.seconds = 60
    slow.renew_claims()
    assert other.next_work().page_id != page_id


def test_pages_of_a_killed_server_wait_again_when_one_starts(open_store, store, count_pages):
    count_pages()
    page_id = store.next_work().page_id
    dead = store._claims.server.split(":")[0] + f":{2**22 + 1}:0"
    with store._database.writing() as session:
        session.get(Page, page_id).claimed_by = dead
    assert open_store().next_work().page_id == page_id


def test_pages_of_a_running_server_do_not_wait_again_when_another_starts(
    open_store, store, count_pages
):
    count_pages()
    page_id = store.next_work().page_id
    assert open_store().next_work().page_id != page_id


def test_a_cancelled_batch_waits_until_something_is_added(store, batch_id, count_pages):
    count_pages()
    store.next_work()
    assert store.cancel_batch(batch_id)["state"] == "cancelled"
    store.release_claims()
    assert store.next_work() is None
    store.add_documents(batch_id, [("c.png", b"c")])
    assert store.batch(batch_id)["state"] == "reading"
    assert store.next_work().name == "c.png"


def test_a_document_that_cannot_be_opened_is_a_failed_page_and_can_be_retried(store, batch_id):
    work = store.next_work()
    page = store.fail_document(work.document_id, "not an image")
    assert (page["source"], page["state"], page["error"]) == ("a.pdf", "failed", "not an image")
    assert store.next_work().name == "b.png"
    assert store.retry_page(page["id"])["state"] == "waiting"
    again = store.next_work()
    assert (again.document_id, again.page_id) == (work.document_id, None)


def test_only_a_page_that_failed_is_retried(store, batch_id):
    page = store.pages(batch_id)[0]
    with pytest.raises(ReviewError, match="expected a page that failed, this one is waiting"):
        store.retry_page(page["id"])


def test_what_is_read_of_a_deleted_page_is_not_kept(store, batch_id, count_pages, reading, image):
    count_pages()
    page_id = store.next_work().page_id
    store.delete_batch(batch_id)
    with pytest.raises(NotThere, match="may have been deleted"):
        store.save_page(page_id, reading, image, 1.0)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_an_image_of_another_format_is_refused(store, count_pages, reading):
    count_pages()
    with pytest.raises(ReviewError, match="expected a PNG or JPEG"):
        store.save_page(store.next_work().page_id, reading, b"GIF89a", 1.0)
