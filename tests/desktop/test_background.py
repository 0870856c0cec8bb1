"""Tasks in the background: progress, result, failure, stopping."""

from threading import Event, current_thread, main_thread
from weakref import finalize

import pytest

from digitus.data.sources.watching import Watch
from digitus.desktop.background import Task, stop_all
from digitus.errors import Cancelled, DataError


def test_the_result_of_another_thread_arrives_in_this_one(qtbot):
    threads = []
    task = Task(lambda watch: threads.append(current_thread()) or 42)
    task.done.connect(lambda result: threads.append(current_thread()))
    with qtbot.waitSignal(task.done) as found:
        task.start()
    assert found.args == [42]
    assert threads[0] is not main_thread()
    assert threads[1] is main_thread()


def test_progress_is_reported_before_the_result(qtbot):
    events = []

    def work(watch: Watch):
        watch.report("images", 1, 2)
        watch.report("images", 2, 2)

    task = Task(work)
    task.progressed.connect(lambda *given: events.append(given))
    task.done.connect(lambda _: events.append("done"))
    with qtbot.waitSignal(task.done):
        task.start()
    assert events == [("images", 1, 2), ("images", 2, 2), "done"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(DataError("a.idx: damaged"), "a.idx: damaged"), (KeyError("x"), "KeyError: 'x'")],
)
def test_a_failure_is_one_sentence(qtbot, error, sentence):
    def fail(watch: Watch):
        raise error

    task = Task(fail)
    with qtbot.waitSignal(task.failed) as found:
        task.start()
    assert found.args == [sentence]


def test_a_stopped_task_emits_nothing_and_its_work_can_end(qtbot):
    begun, ended = Event(), Event()

    def work(watch: Watch):
        begun.set()
        while not watch.cancelled():
            pass
        ended.set()
        raise Cancelled("stopped")

    task = Task(work)
    task.start()
    qtbot.waitUntil(begun.is_set)
    with qtbot.assertNotEmitted(task.done, wait=20), qtbot.assertNotEmitted(task.failed):
        task.stop()
        assert ended.wait(10)
    assert task.is_stopped


def linger(watch: Watch):
    """Return this thread, which waits a moment after that: for as long as an event is awaited."""
    finalize(watch, Event().wait, 0.1)
    return current_thread()


def test_the_thread_has_ended_when_its_result_arrives(qtbot):
    alive = []
    task = Task(linger)
    task.done.connect(lambda thread: alive.append(thread.is_alive()))
    with qtbot.waitSignal(task.done):
        task.start()
    assert alive == [False]


def test_a_task_is_deleted_in_the_thread_that_made_it(qtbot):
    threads = []
    finalize(Task(linger).start(), lambda: threads.append(current_thread()))
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [main_thread()]


def test_stopping_all_tasks_waits_for_their_threads(qtbot):
    threads = []

    def work(watch: Watch):
        threads.append(current_thread())
        while not watch.cancelled():
            pass

    tasks = [Task(work).start(), Task(work).start()]
    qtbot.waitUntil(lambda: len(threads) == 2)
    stop_all()
    assert [thread.is_alive() for thread in threads] == [False, False]
    assert all(task.is_stopped for task in tasks)
