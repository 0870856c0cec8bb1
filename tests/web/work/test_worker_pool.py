"""Workers: a page that takes too long, too much memory or its process fails alone."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitus.web.work.tasks import CountPages, ReadDigit, ReadingSettings, ReadPage, TaskError
from digitus.web.work.worker_pool import Busy, PoolSettings, Stopped, WorkerPool, all_of

SOON_S = 120
PAGES = Path(__file__).parents[3] / "examples" / "pages"


def pool_of(**changes):
    usual = {"n": 1, "memory_mb": 2000, "task_s": SOON_S, "most_waiting": 100}
    return WorkerPool(PoolSettings(**usual | changes))


@pytest.fixture
def stopped():
    """Stop a pool at the end."""
    pools = []
    yield lambda pool: pools.append(pool) or pool
    for pool in pools:
        pool.stop()


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "secret" / "a.png"
    path.parent.mkdir()
    Image.fromarray(np.full((40, 60), 255, np.uint8)).save(path)
    return path


def read_page(path=PAGES / "grid.jpg", **changes):
    wanted = {"page": 1, "n_pages": 1, "settings": ReadingSettings(), "most_pixels": 10**8}
    return ReadPage(path, "grid.jpg", **wanted | changes)


def count(path):
    return CountPages(path, "a.png", 10)


def test_tasks_are_done_in_another_process(stopped, image):
    pool = stopped(pool_of())
    assert pool.submit(count(image)).result(SOON_S) == 1
    blank = pool.submit(ReadDigit(image, "a.png", 10**8)).result(SOON_S)
    assert (blank["source"], blank["verdict"]) == ("a.png", "blank")
    assert (pool.n_processes, pool.n_replaced) == (1, 0)


def test_a_page_that_takes_too_long_is_given_up_and_its_worker_replaced(stopped, image):
    pool = stopped(pool_of(task_s=0.3))
    pool.submit(count(image)).result(SOON_S)  # the start of a process is not counted
    with pytest.raises(
        TaskError, match=r"^grid\.jpg: not finished after 0\.3 s, given up; try again"
    ):
        pool.submit(read_page()).result(SOON_S)
    assert pool.submit(count(image)).result(SOON_S) == 1
    assert pool.n_replaced == 1


def test_a_page_whose_process_is_killed_fails_alone(stopped, image):
    pool = stopped(pool_of())
    pool.submit(count(image)).result(SOON_S)
    (process,) = pool._processes
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(TaskError, match=r"^grid\.jpg: its process was killed"):
        pool.submit(read_page()).result(SOON_S)
    assert pool.submit(count(image)).result(SOON_S) == 1


def test_a_page_that_needs_too_much_memory_fails_alone(stopped, image, tmp_path):
    large = tmp_path / "large.png"
    Image.new("RGB", (7000, 7000), "white").save(large, compress_level=1)  # 147 MB of pixels
    pool = stopped(pool_of(memory_mb=620))
    with pytest.raises(TaskError, match=r"^a\.png: .*memory.*reduce the image"):
        pool.submit(ReadDigit(large, "a.png", 10**8)).result(SOON_S)
    assert pool.submit(count(image)).result(SOON_S) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="others do not limit the address space")
@pytest.mark.parametrize(
    "use",
    [
        "numpy.ones(2**28)",
        "cv2.resize(numpy.ones((4, 4), numpy.uint8), (40000, 40000))",
        "PIL.Image.new('RGB', (30000, 30000))",
    ],
)
def test_the_limit_on_memory_holds_for_the_libraries(use):
    code = f"""
import numpy, cv2, PIL.Image
from digitus.web.work.worker_process import limit_memory
limit_memory(1000)
try:
    {use}
except (MemoryError, cv2.error) as error:
    print("refused", getattr(error, "code", None) in (None, cv2.Error.StsNoMem))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "refused True\n"


def test_a_message_names_the_file_as_its_sender_does(stopped, image):
    image.write_bytes(b"no image")
    pool = stopped(pool_of())
    for task in (count(image), ReadDigit(image, "a.png", 10**8), read_page(image, n_pages=3)):
        with pytest.raises(TaskError) as caught:
            pool.submit(task).result(SOON_S)
        assert "secret" not in str(caught.value)
        assert str(caught.value).startswith(task.title)
    assert str(caught.value).startswith("grid.jpg, page 1: ")


def test_too_many_pages_or_pixels_are_refused(stopped, image, tmp_path):
    tiff = tmp_path / "many.tif"
    one = Image.open(image)
    one.save(tiff, save_all=True, append_images=[one] * 4)
    pool = stopped(pool_of())
    with pytest.raises(TaskError, match=r"^b\.tif: 5 pages; at most 4 are read"):
        pool.submit(CountPages(tiff, "b.tif", 4)).result(SOON_S)
    with pytest.raises(TaskError, match=r"at most 0 million are read"):
        pool.submit(read_page(image, most_pixels=2000)).result(SOON_S)
    with pytest.raises(TaskError, match=r"^a\.png: "):
        pool.submit(ReadDigit(image, "a.png", most_pixels=2000)).result(SOON_S)


def test_a_page_is_read_with_its_image_in_color(stopped):
    pool = stopped(pool_of())
    found = pool.submit(read_page(keeps_image=True)).result(SOON_S)
    upright = Image.open(io.BytesIO(found.image))
    assert (upright.format, upright.mode) == ("JPEG", "RGB")
    assert upright.size == (found.reading.width, found.reading.height)
    assert found.reading.source == "grid.jpg"
    assert found.seconds > 0


def test_more_tasks_than_may_wait_are_refused_unless_they_are_claimed(stopped, image):
    pool = stopped(pool_of(most_waiting=0))
    with pytest.raises(Busy, match="send it again later"):
        pool.submit(count(image))
    assert pool.submit(count(image), is_claimed=True).result(SOON_S) == 1


def run_apart(answers: Coroutine[Any, Any, Any]) -> Any:
    """Run in a loop of another thread: that of Playwright may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, answers).result()


def test_if_one_of_several_tasks_is_not_taken_the_others_are_not_done_either(stopped, image):
    pool = stopped(pool_of(most_waiting=3))
    with pytest.raises(Busy):
        run_apart(all_of(pool, [count(image)] * 10))
    assert pool.submit(count(image), is_claimed=True).result(SOON_S) == 1
    assert pool.n_waiting == 0


def test_several_tasks_are_answered_in_their_order(stopped, image, tmp_path):
    (tmp_path / "b").write_bytes(b"no image")
    pool = stopped(pool_of())
    found = run_apart(all_of(pool, [count(image), count(tmp_path / "b"), count(image)]))
    assert [found[0], type(found[1]), found[2]] == [1, TaskError, 1]


def test_tasks_of_a_lower_rank_are_done_first(stopped, image):
    pool = stopped(pool_of())
    order = []
    first = pool.submit(read_page())
    for rank in (2, 0, 1):
        future = pool.submit(count(image), rank=rank)
        future.add_done_callback(lambda _, rank=rank: order.append(rank))
    first.result(SOON_S)
    pool.submit(count(image), rank=3).result(SOON_S)
    assert order == [0, 1, 2]


def test_a_stopped_pool_ends_its_processes_and_its_tasks(image):
    pool = pool_of()
    pool.submit(count(image)).result(SOON_S)
    (process,) = pool._processes
    running, waiting = pool.submit(read_page()), pool.submit(read_page())
    while not running.running():
        pass
    pool.stop()
    assert not process.is_alive()
    assert isinstance(running.exception(), Stopped)
    assert waiting.cancelled()
    with pytest.raises(Stopped):
        pool.submit(count(image))
