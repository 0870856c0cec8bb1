"""Detection of other programs that compute at the same time.

Two threads that share a matrix product wait for each other in a loop. If another program uses one
of the cores, they wait for whole time slices, and an epoch takes many times as long.
"""

from pathlib import Path
from time import monotonic, sleep

TICKS = Path("/proc/stat")
SAMPLE_S = 0.3
BUSY_CORES = 0.3
"""Load of other programs, in cores, above which a measurement counts as disturbed."""


def busy_cores() -> float:
    """Return the number of cores busy while this process sleeps; 0 if it is not known."""
    if not TICKS.exists():  # not Linux
        sleep(SAMPLE_S)
        return 0.0
    before = busy_and_all()
    sleep(SAMPLE_S)
    busy, everything = (now - then for now, then in zip(busy_and_all(), before, strict=True))
    return busy / max(everything, 1) * n_cores()


def busy_and_all() -> tuple[int, int]:
    """Return the ticks of all cores since boot: busy ones, and all."""
    ticks = [int(word) for word in TICKS.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)  # without idle and I/O wait


def n_cores() -> int:
    """Return the number of cores."""
    lines = TICKS.read_text(encoding="ascii").splitlines()
    return sum(line.startswith("cpu") for line in lines) - 1


def wait_for_quiet(at_most_s: float) -> float:
    """Wait until no other program computes, or for ``at_most_s``; return the cores busy then."""
    end = monotonic() + at_most_s
    while (busy := busy_cores()) > BUSY_CORES and monotonic() < end:
        pass
    return busy
