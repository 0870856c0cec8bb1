"""Whether other programs compute at the same time.

Two threads that share a product wait for one another in a loop. If something else holds one of the
cores, they wait for whole time slices, and an epoch takes many times as long as on a quiet machine.
"""

from pathlib import Path
from time import monotonic, sleep

TICKS = Path("/proc/stat")
SAMPLE_S = 0.3
BUSY_CORES = 0.3
"""More than this, while our own processes sleep, is not quiet."""


def busy_cores() -> float:
    """Return how many cores compute on average over a moment of ours asleep; 0 if not told."""
    if not TICKS.exists():  # other systems than Linux
        sleep(SAMPLE_S)
        return 0.0
    before = busy_and_all()
    sleep(SAMPLE_S)
    busy, everything = (now - then for now, then in zip(busy_and_all(), before, strict=True))
    return busy / max(everything, 1) * n_cores()


def busy_and_all() -> tuple[int, int]:
    """Return the ticks of all cores since the start: computing, and all."""
    ticks = [int(word) for word in TICKS.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)  # less idle and waiting for disks


def n_cores() -> int:
    """Count the cores that the ticks are of."""
    lines = TICKS.read_text(encoding="ascii").splitlines()
    return sum(line.startswith("cpu") for line in lines) - 1


def wait_for_quiet(at_most_s: float) -> float:
    """Sleep until nothing else computes, or for so long; give the cores still busy then."""
    end = monotonic() + at_most_s
    while (busy := busy_cores()) > BUSY_CORES and monotonic() < end:
        pass
    return busy
