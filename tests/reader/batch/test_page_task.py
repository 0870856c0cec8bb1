"""A task becomes a reading and files, or an error text that names its page."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digitus.errors import ImageError
from digitus.reader.batch.page_task import Job, Task, Worker
from digitus.reader.pipeline.reader import Reader, UprightPage

DEFAULT = Job()


@pytest.fixture
def task(tmp_path):
    """The second of three blank pages."""
    pages = [Image.fromarray(np.full((40 + i, 60), 220, np.uint8)) for i in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    return Task(str(tmp_path / "a.tif"), 2, 3, "a")


@pytest.fixture
def make_worker(monkeypatch, grid_reading, paper):
    """Make a worker whose reader gives one reading, or raises an error."""

    def make(job=DEFAULT, error=None):
        def read_upright(self, page):
            if error is not None:
                raise error
            return UprightPage(
                paper, grid_reading, replace(grid_reading, page=page.page), lambda channel: channel
            )

        monkeypatch.setattr(Reader, "read_upright", read_upright)
        return Worker(job)

    return make


def test_the_page_of_the_task_is_read(task):
    outcome = Worker(DEFAULT).run(task)
    assert outcome.error is None
    assert (outcome.reading.source, outcome.reading.page) == (task.source, 2)
    assert outcome.reading.height == 41


def test_files_are_named_by_the_source_and_its_page(make_worker, task, tmp_path):
    job = Job(overlay=tmp_path, crops=tmp_path / "crops")
    assert make_worker(job).run(task).error is None
    assert (tmp_path / "a-p002.png").exists()
    assert len(list((tmp_path / "crops" / "a").iterdir())) == 2


def test_a_source_of_one_page_names_its_files_without_a_page():
    assert Task("a.png", 1, 1, "a").file_name == "a"


@pytest.mark.parametrize("keeps_crops", [True, False])
def test_crops_are_kept_only_for_a_workbook(make_worker, task, keeps_crops):
    outcome = make_worker(Job(keeps_crops=keeps_crops)).run(task)
    assert bool(outcome.crops) is keeps_crops


def test_a_file_that_cannot_be_written_is_an_error_beside_the_reading(make_worker, task, tmp_path):
    (tmp_path / "nowhere").touch()
    outcome = make_worker(Job(overlay=tmp_path / "nowhere")).run(task)
    assert outcome.reading is not None
    assert "cannot be made" in outcome.error


def test_an_image_error_names_source_and_page_once(make_worker, task):
    outcome = make_worker(error=ImageError(f"{task.source}: damaged")).run(task)
    assert outcome.error == f"{task.source}, page 2: damaged"


def test_lack_of_memory_is_an_error_with_advice(make_worker, task):
    outcome = make_worker(error=MemoryError()).run(task)
    assert outcome.error.endswith("not enough memory for its size; reduce the image")


def test_any_other_exception_is_an_internal_error_of_its_page(make_worker, task):
    outcome = make_worker(error=ZeroDivisionError("oh")).run(task)
    assert outcome.error.startswith(
        f"{task.source}, page 2: internal error (ZeroDivisionError: oh)"
    )


def test_a_page_that_is_missing_by_now_is_an_error(task):
    outcome = Worker(DEFAULT).run(replace(task, page=4, n_pages=4))
    assert "page 4 is missing now, it has 3; read the file again" in outcome.error


def test_a_page_from_bytes_has_no_stamp(task):
    with open(task.source, "rb") as file:
        outcome = Worker(DEFAULT).run(replace(task, data=file.read()))
    assert outcome.reading is not None
    assert outcome.stamp is None
