"""Many pages by several processes: in order; a killed process costs one page; stops if asked."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from digitus.reader.batch import parallel as many
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
def test_outcomes_come_in_the_order_of_the_tasks(tasks, n_jobs):
    found = list(read_many(tasks, Job(), n_jobs=n_jobs, stop=never))
    assert [one.task for one in found] == tasks
    assert [one.reading.height for one in found if one.reading] == [40 + i for i in range(8)]


def test_tasks_are_asked_for_only_as_they_are_needed(tasks):
    asked = []

    def lazily() -> Iterator[Task]:
        for task in tasks * 10:
            asked.append(task)
            yield task

    outcomes = read_many(lazily(), Job(), n_jobs=2, stop=never)
    next(outcomes)
    assert len(asked) < 20
    outcomes.close()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_after_a_wish_to_stop_no_more_pages_are_begun(tasks, n_jobs):
    done: list[Outcome] = []
    for outcome in read_many(tasks * 10, Job(), n_jobs=n_jobs, stop=lambda: len(done) >= 5):
        done.append(outcome)  # stop looks at the list while it grows
    assert 5 <= len(done) < 20


def test_a_page_that_ends_its_process_costs_that_page_alone(tasks, monkeypatch):
    monkeypatch.setattr(many, "_do", _deadly)
    found = list(read_many(tasks, Job(), n_jobs=2, stop=never))
    assert [one.task for one in found] == tasks
    errors = [one.error for one in found if one.error]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tasks[3].source}: the process that read it was ended")


def test_a_wish_to_stop_is_heard_while_pages_are_done_one_by_one(tasks, monkeypatch):
    monkeypatch.setattr(many, "_do", _deadly_at_once)
    done: list[Outcome] = []
    for outcome in read_many(tasks, Job(), n_jobs=2, stop=lambda: bool(done)):
        done.append(outcome)  # stop looks at the list while it grows
    assert len(done) == 1


def _deadly_at_once(task: Task) -> Outcome:
    """Stand in for a first page that takes more memory than there is."""
    if task.name == "0":
        os._exit(9)
    return Outcome(task)


def _deadly(task: Task) -> Outcome:
    """Stand in for a page that takes more memory than there is."""
    if task.name == "3":
        os._exit(9)
    return Outcome(task)


def test_a_fault_of_the_program_is_told_with_its_page(tasks, monkeypatch):
    def fail(self, sheet):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("digitus.reader.pipeline.reader.Reader.read_upright", fail)
    (found,) = read_many(tasks[:1], Job(), n_jobs=1, stop=never)
    assert found.error is not None
    assert "ZeroDivisionError: oh" in found.error
