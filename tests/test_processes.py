"""Workers end with their parent; one process at a time writes a file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digitus.errors import WriteError
from digitus.processes import alone_with, worker_pool

HOLD = """
import sys
from pathlib import Path
from digitus.processes import alone_with
with alone_with(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of ``out.csv``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "out.csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_file_that_another_process_writes_is_refused_with_its_name(holder, tmp_path):
    wanted = rf"out\.csv: is being written by another run \(process {holder.pid}, since 2"
    with pytest.raises(WriteError, match=wanted), alone_with(tmp_path / "out.csv"):
        pass


def test_another_file_beside_it_is_free(holder, tmp_path):
    with alone_with(tmp_path / "other.csv"):
        assert (tmp_path / ".other.csv.lock").exists()
    assert not (tmp_path / ".other.csv.lock").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_lock_of_a_killed_process_is_free(holder, tmp_path, number):
    holder.send_signal(number)
    holder.wait()
    with alone_with(tmp_path / "out.csv"):
        pass
    assert not (tmp_path / ".out.csv.lock").exists()


def test_a_link_to_the_file_has_the_same_lock(holder, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "out.csv")
    with pytest.raises(WriteError, match="another run"), alone_with(tmp_path / "link.csv"):
        pass


def test_a_folder_that_does_not_exist_is_one_sentence(tmp_path):
    target = tmp_path / "none" / "out.csv"
    with pytest.raises(WriteError, match=r"cannot be written \(No such file"), alone_with(target):
        pass


def test_devices_are_not_locked():
    with alone_with(Path("/dev/null")):
        assert not Path("/dev/.null.lock").exists()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_error_ends_the_workers_at_once():
    numbers = set()

    def fail():
        with worker_pool(2) as pool:
            numbers.add(pool.submit(os.getpid).result())
            pool.submit(time.sleep, 600)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not any(map(is_alive, numbers))


def wait_until(condition, seconds=30.0):
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


PARENT = """
import os, sys, time
from digitus.processes import worker_pool

if __name__ == "__main__":
    with worker_pool(2) as pool:
        for _ in range(2):
            pool.submit(time.sleep, 600)
        print(*pool._processes, flush=True)
        sys.stdin.read()
"""


def test_workers_end_when_their_parent_is_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "parent.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    numbers = [int(word) for word in parent.stdout.readline().split()]
    assert len(numbers) == 2
    assert all(map(is_alive, numbers))
    parent.kill()
    parent.communicate()
    wait_until(lambda: not any(map(is_alive, numbers)))


GROUP = """
import os, signal, sys
from digitus.processes import worker_pool

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: print("asked", flush=True))
    with worker_pool(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        sys.stdin.readline()
        print(pool.submit(os.getpid).result(), flush=True)
"""


def test_a_signal_to_the_group_of_the_parent_spares_its_workers(tmp_path):
    (tmp_path / "parent.py").write_text(GROUP)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "parent.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    worker = parent.stdout.readline()
    os.killpg(parent.pid, signal.SIGTERM)
    assert parent.stdout.readline() == "asked\n"
    rest, _ = parent.communicate("\n")
    assert rest == worker


EARLY = """
import sys
from digitus.processes import new_pool

def stay(path):
    import time
    open(path, "w").write("begun")
    time.sleep(600)

if __name__ == "__main__":
    with new_pool(1, stay, sys.argv[1]) as pool:
        pool.submit(len, "")
        print(*pool._processes, flush=True)
        sys.stdin.read()
"""


def test_a_worker_that_is_not_yet_initialized_ends_with_its_parent(tmp_path):
    (tmp_path / "parent.py").write_text(EARLY)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "parent.py", tmp_path / "begun"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = int(parent.stdout.readline())
    wait_until((tmp_path / "begun").exists)
    parent.kill()
    parent.communicate()
    wait_until(lambda: not is_alive(worker))


def test_the_end_of_the_terminal_spares_the_resource_tracker(tmp_path):
    code = """
import os, signal, sys
from multiprocessing import resource_tracker
from digitus.processes import new_pool

if __name__ == "__main__":
    signal.signal(signal.SIGHUP, lambda *_: None)
    new_pool(1).shutdown()
    os.kill(resource_tracker._resource_tracker._pid, signal.SIGHUP)
    pool = new_pool(1)
    assert pool.submit(abs, -3).result() == 3
    pool.shutdown()
"""
    (tmp_path / "hup.py").write_text(code)
    done = subprocess.run([sys.executable, tmp_path / "hup.py"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
