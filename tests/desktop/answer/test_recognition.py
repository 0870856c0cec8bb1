"""Recognition in a thread of its own."""

import threading

import pytest

from digitus.desktop.answer.answer import Answer
from digitus.desktop.answer.recognition import Recognition
from digitus.errors import ImageError
from digitus.recognizer import BLANK, Prediction


@pytest.fixture
def recognition(qtbot):
    made = Recognition()
    yield made
    made.stop()


def job(digit):
    return lambda: Answer(Prediction("digit", digit=digit))


def test_only_the_latest_of_many_requests_is_answered(qtbot, recognition):
    heard, begun, go_on = [], threading.Event(), threading.Event()
    recognition.answered.connect(lambda answer: heard.append(answer.prediction.digit))

    def slow():
        begun.set()
        assert go_on.wait(5)
        return job(0)()

    recognition.request(slow)
    qtbot.waitUntil(begun.is_set)
    for digit in (1, 2, 3):
        recognition.request(job(digit))
    go_on.set()
    qtbot.waitUntil(lambda: recognition.is_idle)
    assert heard == [3]


def test_requests_that_come_together_are_one_job(qtbot, recognition):
    done = []
    for digit in range(5):
        recognition.request(lambda digit=digit: done.append(digit) or Answer(BLANK))
    with qtbot.waitSignal(recognition.answered):
        pass
    assert done == [4]


def test_jobs_run_in_another_thread(qtbot, recognition):
    threads = []
    with qtbot.waitSignal(recognition.answered):
        recognition.request(lambda: threads.append(threading.current_thread()) or Answer(BLANK))
    assert threads != [threading.main_thread()]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImageError("a.png: damaged"), "a.png: damaged"),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_a_failed_job_gives_one_sentence_and_the_next_job_runs(qtbot, recognition, error, words):
    def fail():
        raise error

    with qtbot.waitSignal(recognition.failed) as heard:
        recognition.request(fail)
    assert words in heard.args[0]
    with qtbot.waitSignal(recognition.answered):
        recognition.request(job(1))


def test_a_forgotten_request_is_never_answered(qtbot, recognition):
    recognition.request(job(1))
    recognition.forget()
    with qtbot.assertNotEmitted(recognition.answered, wait=50):
        assert recognition.is_idle


def test_stopping_ends_the_thread(qtbot):
    before = threading.active_count()
    recognition = Recognition()
    recognition.request(job(1))
    recognition.stop()
    assert threading.active_count() == before


def test_only_a_slow_job_is_reported_as_slow(qtbot, recognition):
    go_on = threading.Event()
    with qtbot.assertNotEmitted(recognition.slow), qtbot.waitSignal(recognition.answered):
        recognition.request(job(1))
    with qtbot.waitSignal(recognition.slow):
        recognition.request(lambda: go_on.wait(5) and job(2)())
    with qtbot.waitSignal(recognition.answered):
        go_on.set()
