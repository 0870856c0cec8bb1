"""No thread waits for one that does not come."""

import numpy as np
from numba import njit

from digitus.nn.compiled import barrier


@njit(nogil=True)
def wait(counts: np.ndarray, n_threads: int, most_yields: int) -> bool:
    return barrier.wait(counts, n_threads, most_yields)


def test_a_thread_that_waits_alone_gives_up_and_tells_the_others():
    counts = np.zeros(2, np.int64)
    assert not wait(counts, 2, 3)
    assert counts[barrier.FAILED]


def test_a_thread_does_not_wait_for_one_that_has_failed():
    counts = np.array([0, 1])
    assert not wait(counts, 2, 2**62)


def test_the_last_to_arrive_goes_on_at_once_and_one_thread_waits_for_none():
    assert wait(np.array([1, 0]), 2, 0)
    assert wait(np.array([5, 0]), 2, 0)
    assert wait(np.zeros(2, np.int64), 1, 0)
