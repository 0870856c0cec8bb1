"""Batches read in the background: results that cannot be kept are kept later, others go on."""

import logging
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from digitus.errors import DatabaseError, WriteError
from digitus.review.store import ReviewStore
from digitus.web.limits import Limits
from digitus.web.metrics import Metrics
from digitus.web.work import batch_reading
from digitus.web.work.batch_reading import BatchReading
from digitus.web.work.worker_pool import PoolSettings, WorkerPool

SOON_S = 120
DIGIT = Path(__file__).parents[3] / "examples" / "7-light-on-dark.png"


@pytest.fixture
def store(tmp_path):
    made = ReviewStore.open(None, tmp_path / "review")
    yield made
    made.close()


@pytest.fixture
def reading(store, monkeypatch):
    """Read the batches of the store, looking often."""
    often = replace(batch_reading.INTERVALS, look_s=0.05, retry_s=0.05, renew_s=0.05)
    monkeypatch.setattr(batch_reading, "INTERVALS", often)
    pool = WorkerPool(PoolSettings(1, 2000, SOON_S, 10))
    made = BatchReading(store, pool, pool, Limits(workers=1), None, Metrics())
    made.start()
    yield made
    pool.stop()
    made.stop()


@pytest.fixture
def finished(store, monkeypatch):
    """Set when a page has been saved."""
    saved, save = Event(), store.save_page

    def save_page(*arguments):
        found = save(*arguments)
        saved.set()
        return found

    monkeypatch.setattr(store, "save_page", save_page)
    return saved


def add(store):
    batch = store.make_batch("a")["id"]
    store.add_documents(batch, [("7.png", DIGIT)])
    return batch


@pytest.mark.parametrize("error", [WriteError("the disk is full"), DatabaseError("it is away")])
def test_a_page_that_cannot_be_kept_is_kept_later(
    store, finished, reading, monkeypatch, caplog, error
):
    failures, save = [error] * 3, store.save_page

    def save_page(*arguments):
        if failures:
            raise failures.pop()
        return save(*arguments)

    monkeypatch.setattr(store, "save_page", save_page)
    with caplog.at_level(logging.WARNING):
        batch = add(store)
        assert finished.wait(SOON_S)
    (page,) = store.pages(batch)
    assert page["state"] == "read"
    assert [one.getMessage() for one in caplog.records] == [
        f"{error}; tried again until it succeeds"
    ]


def test_a_batch_that_is_deleted_while_it_is_read_stops_nothing(
    store, finished, reading, monkeypatch
):
    first, going = add(store), Event()
    submit = reading._submit

    def submit_and_tell(work):
        future = submit(work)
        if work.page_id is not None:
            going.set()
        return future

    monkeypatch.setattr(reading, "_submit", submit_and_tell)
    assert going.wait(SOON_S)
    store.delete_batch(first)
    second = add(store)
    assert finished.wait(SOON_S)
    assert [page["state"] for page in store.pages(second)] == ["read"]


def test_an_error_of_our_own_fails_the_page_and_stops_nothing(
    store, finished, reading, monkeypatch, capfd
):
    calls, save = [], store.save_page

    def save_page(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("a fault")
        return save(*arguments)

    monkeypatch.setattr(store, "save_page", save_page)
    first, second = add(store), add(store)
    assert finished.wait(SOON_S)
    (failed,), (read,) = store.pages(first), store.pages(second)
    assert (failed["state"], read["state"]) == ("failed", "read")
    assert failed["error"] == "internal error; the server's terminal shows why"
    assert "RuntimeError: a fault" in capfd.readouterr().err
