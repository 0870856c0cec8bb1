"""One batch of pages, read in a process of its own as a worker of a cluster does."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from digitus.errors import ModelFileError
from digitus.models import load_model
from digitus.processes import worker_pool
from digitus.reader.batch.page_task import Job
from digitus.reader.cluster.archive_pages import ArchivePage, inspect
from digitus.reader.cluster.batch_task import ClusterJob, models_fingerprint, read_batch
from digitus.reader.cluster.parts import Archive, ArchivePages

GRID = Path(__file__).parents[3] / "examples" / "pages" / "grid.jpg"


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """A page, one that is damaged behind its header, and one whose file is gone."""
    folder = tmp_path_factory.mktemp("batch")
    shutil.copy(GRID, folder / "good.jpg")
    (folder / "bad.jpg").write_bytes(GRID.read_bytes()[:2000])
    pages = [
        ArchivePage(str(folder / "bad.jpg"), "bad", 1, 1, 10),
        *inspect(str(folder / "good.jpg")),
        ArchivePage(f"memory://{folder.name}/gone.jpg", "gone", 1, 1, 10),
    ]
    (folder / "out").mkdir()
    archive = Archive(str(folder / "out"), "settings", "cnn")
    job = ClusterJob(Job(), archive, models_fingerprint(load_model()))
    with worker_pool(1) as pool:
        return pool.submit(read_batch, tuple(pages), job).result(), job, pages


def test_a_page_is_read_beside_one_that_is_damaged_and_one_that_is_gone(batch):
    outcome, job, pages = batch
    assert outcome.n_pages == 3
    assert [error.source for error in outcome.errors] == [pages[0].source]
    assert [page for page, _ in outcome.unread] == [pages[2]]
    (reading,) = ArchivePages(job.archive.folder)
    assert reading.source == pages[1].source
    assert len(list(reading.numbers)) == 26
    assert outcome.n_to_check == sum(number.to_check for number in reading.numbers)


def test_what_could_not_be_fetched_is_not_done_and_the_rest_is(batch):
    _, job, pages = batch
    assert job.archive.done() == {page.key for page in pages[:2]}


def test_a_worker_of_another_version_or_model_is_refused(batch):
    _, job, pages = batch
    other = replace(job, fingerprint="another", archive=Archive(job.archive.folder, "new", "cnn"))
    with pytest.raises(ModelFileError, match="install the same version"), worker_pool(1) as pool:
        pool.submit(read_batch, tuple(pages), other).result()


def test_the_fingerprint_tells_models_apart():
    assert models_fingerprint(load_model("cnn")) != models_fingerprint(load_model("mlp"))
