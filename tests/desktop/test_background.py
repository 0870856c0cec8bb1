"""Tasks in the background: progress, result, failure, stopping."""

from threading import Event, current_thread, main_thread

import pytest

from digitus.data.sources.watching import Watch
from digitus.desktop.background import Task
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
