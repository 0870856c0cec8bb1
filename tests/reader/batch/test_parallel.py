"""Many pages are read in order by several processes; a killed one costs one page."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from digitus.reader.batch import parallel
from digitus.reader.batch.page_task import Job, Outcome, Task
from digitus.reader.batch.parallel import read_many


@pytest.fixture
def tasks(tmp_path):
    for i in range(8):
        Image.fromarray(np.full((40 + i, 60), 220, np.uint8)).save(tmp_path / f"{i}.png")
    return [Task(str(tmp_path / f"{i}.png"), 1, 1, str(i)) for i in range(8)]


def never():
    return False


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_outcomes_have_the_order_of_the_tasks(tasks, n_jobs):
    found = list(read_many(tasks, Job(), n_jobs=n_jobs, stop=never))
    assert [one.task for one in found] == tasks
    assert [one.reading.height for one in found if one.reading] == [40 + i for i in range(8)]


def test_tasks_are_consumed_only_as_they_are_needed(tasks):
    consumed = []

    def lazily() -> Iterator[Task]:
        for task in tasks * 10:
            consumed.append(task)
            yield task

    outcomes = read_many(lazily(), Job(), n_jobs=2, stop=never)
    next(outcomes)
    assert len(consumed) < 20
    outcomes.close()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_after_a_stop_no_more_pages_are_started(tasks, n_jobs):
    done: list[Outcome] = []
    for outcome in read_many(tasks * 10, Job(), n_jobs=n_jobs, stop=lambda: len(done) >= 5):
        done.append(outcome)  # stop reads the list while it grows
    assert 5 <= len(done) < 20


def test_a_page_that_kills_its_process_fails_alone(tasks, monkeypatch):
    monkeypatch.setattr(parallel, "_run", _kill_at_fourth)
    found = list(read_many(tasks, Job(), n_jobs=2, stop=never))
    assert [one.task for one in found] == tasks
    errors = [one.error for one in found if one.error]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tasks[3].source}: its process was killed")


def test_a_stop_takes_effect_while_pages_are_read_again_one_by_one(tasks, monkeypatch):
    monkeypatch.setattr(parallel, "_run", _kill_at_first)
    done: list[Outcome] = []
    for outcome in read_many(tasks, Job(), n_jobs=2, stop=lambda: bool(done)):
        done.append(outcome)  # stop reads the list while it grows
    assert len(done) == 1


def _kill_at_first(task: Task) -> Outcome:
    """Kill the process at the first page, as the system does for lack of memory."""
    if task.name == "0":
        os._exit(9)
    return Outcome(task)


def _kill_at_fourth(task: Task) -> Outcome:
    """Kill the process at the fourth page, as the system does for lack of memory."""
    if task.name == "3":
        os._exit(9)
    return Outcome(task)
