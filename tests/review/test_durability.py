"""What was confirmed survives a kill; a full disk gives a sentence and loses nothing."""

import signal
import subprocess
import sys

import pytest

from digitus.errors import WriteError

CONFIRM_WITHOUT_END = """
import sys
from pathlib import Path
from digitus.review.store import ReviewStore

store = ReviewStore.open(sys.argv[1], Path(sys.argv[2]))
print("claimed", store.next_work().page_id, flush=True)
n = 0
while True:
    for cell in store.cells(int(sys.argv[3]))["cells"]:
        n += 1
        confirmed = store.confirm(cell["id"], str(n), cell["version"], "Ann")
        print(cell["id"], confirmed["text"], flush=True)
"""


def texts(store, batch_id):
    return {cell["id"]: cell["text"] for cell in store.cells(batch_id)["cells"]}


def test_what_was_confirmed_survives_a_kill_and_its_pages_wait_again(
    url, open_store, store, batch_id
):
    document = store.add_documents(batch_id, [("next.png", b"next")])[0]
    store.start_pages(document["id"], 1)
    arguments = [url, str(store.folder), str(batch_id)]
    server = subprocess.Popen(
        [sys.executable, "-c", CONFIRM_WITHOUT_END, *arguments], stdout=subprocess.PIPE, text=True
    )
    with server:
        claimed = server.stdout.readline()
        lines = [server.stdout.readline() for _ in range(20)]
        server.send_signal(signal.SIGKILL)
        lines += server.stdout.readlines()
    acknowledged = dict(map(int, line.split()) for line in lines if line.endswith("\n"))
    found = {key: int(text) for key, text in texts(open_store(), batch_id).items()}
    assert found.keys() == acknowledged.keys()
    newer = [key for key in found if found[key] != acknowledged[key]]
    assert len(newer) <= 1  # the one whose answer was on its way
    assert all(found[key] > acknowledged[key] for key in newer)
    assert claimed == f"claimed {open_store().next_work().page_id}\n"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_full_disk_gives_a_sentence_and_loses_nothing(store, batch_id, full_disk):
    cells = store.cells(batch_id)["cells"]
    store.confirm(cells[0]["id"], "1", cells[0]["version"], "Ann")
    before = texts(store, batch_id)
    with full_disk(), pytest.raises(WriteError, match=r"review\.db: cannot be written .* free"):
        store.confirm(cells[1]["id"], "2", cells[1]["version"], "Ann")
    assert texts(store, batch_id) == before
    assert store.confirm(cells[1]["id"], "2", cells[1]["version"], "Ann")["text"] == "2"


def test_a_document_that_finds_no_space_is_not_half_kept(store, batch_id, full_disk):
    before = store.batch(batch_id)
    files = sorted(store.folder.rglob("*"))
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.add_documents(batch_id, [("large.png", b"x" * 10_000)])
    assert store.batch(batch_id) == before
    assert sorted(store.folder.rglob("*")) == files
    assert store.add_documents(batch_id, [("large.png", b"x" * 10_000)])[0]["state"] == "waiting"


def test_of_several_documents_all_are_kept_or_none(store, batch_id, full_disk):
    before = store.batch(batch_id)
    files = sorted(path for path in store.folder.rglob("*") if path.is_file())
    sent = [("small.png", b"small"), ("large.png", b"x" * 10_000)]
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.add_documents(batch_id, sent)
    assert store.batch(batch_id) == before
    assert sorted(path for path in store.folder.rglob("*") if path.is_file()) == files
    assert [one["name"] for one in store.add_documents(batch_id, sent)] == [n for n, _ in sent]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_page_that_finds_no_space_is_read_again(store, reading, image, batch_id, full_disk):
    document = store.add_documents(batch_id, [("b.png", b"b")])[0]
    store.start_pages(document["id"], 1)
    page_id = store.next_work().page_id
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.save_page(page_id, reading, image, 1.0)
    store.release_claims()
    assert store.next_work().page_id == page_id
    assert store.save_page(page_id, reading, image, 1.0)["state"] == "read"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_batch_that_cannot_be_deleted_keeps_its_files(store, batch_id, page_id, full_disk):
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.delete_batch(batch_id)
    assert store.page_image(page_id).path.exists()
    assert store.batch(batch_id)["counts"]["numbers"] == 6
    store.delete_batch(batch_id)


def test_crops_are_shown_on_a_full_disk(store, batch_id, full_disk, image):
    cell = store.cells(batch_id)["cells"][0]
    with full_disk():
        assert store.cell_crop(cell["id"]).startswith(b"\x89PNG")
