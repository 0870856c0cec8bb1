"""In which thread cyclic garbage is collected."""

import gc
from threading import Thread, current_thread
from weakref import finalize

import pytest

from digitus.desktop.garbage import collect_due, collected_in_this_thread


@pytest.fixture(autouse=True)
def little_to_search():
    """Leave the objects of all the libraries out of the collections."""
    gc.freeze()
    yield
    gc.unfreeze()


class Knot:
    """An object that refers to itself."""

    def __init__(self):
        self.itself = self


def allocate_until_due():
    """Make more garbage than Python lets pass without a collection."""
    for _ in range(2 * gc.get_threshold()[0]):
        Knot()


def in_another_thread(work):
    thread = Thread(target=work)
    thread.start()
    thread.join()


def threads_of_deletion():
    """Leave a knot to the garbage collector; the list will hold the thread that deletes it."""
    threads = []
    finalize(Knot(), lambda: threads.append(current_thread()))
    return threads


def test_another_thread_collects_nothing():
    with collected_in_this_thread():
        threads = threads_of_deletion()
        in_another_thread(allocate_until_due)
        assert threads == []


def test_garbage_is_collected_where_it_is_asked_for():
    with collected_in_this_thread():
        threads = threads_of_deletion()
        in_another_thread(allocate_until_due)
        collect_due()
        assert threads == [current_thread()]


def test_the_end_leaves_no_garbage_to_other_threads():
    with collected_in_this_thread():
        threads = threads_of_deletion()
    assert threads == [current_thread()]


def test_little_garbage_waits():
    with collected_in_this_thread():
        gc.collect()
        threads = threads_of_deletion()
        collect_due()
        assert threads == []


def test_old_garbage_is_collected_once_python_would_have_come_to_it():
    first, second, third = gc.get_threshold()
    with collected_in_this_thread():
        knot, threads = Knot(), []
        finalize(knot, lambda: threads.append(current_thread()))
        gc.collect()  # the knot is in the oldest generation now
        del knot
        collect_due()
        assert threads == []
        alive = [Knot() for _ in range(first * (second + 1) * (third + 1))]
        collect_due()
        assert threads == [current_thread()]
        assert alive


def test_python_collects_by_itself_again_afterwards():
    was_enabled = gc.isenabled()
    gc.enable()
    try:
        with collected_in_this_thread():
            assert not gc.isenabled()
        assert gc.isenabled()
    finally:
        if not was_enabled:
            gc.disable()
