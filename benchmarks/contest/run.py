"""Measuring a cell: all contestants start from the same weights and alternate epochs."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from shutil import which
from time import sleep

from contest.cells import Cell, initial_weights
from contest.quiet import wait_for_quiet
from contest.result import COMPILED, FLOOR, OURS, Result
from contest.rows import Rows, mean_loss
from contest.worker import ContestantProcess, Entry

ENTRIES = (
    Entry(FLOOR, "floor", "Floor"),
    Entry(OURS, "digitus_engine", "DigitusEngine"),
    Entry(COMPILED, "digitus_engine", "DigitusEngine", "numba", {"compiled": True}),
    Entry("PyTorch foreach", "pytorch", "PyTorch", "torch", {"variant": "foreach"}),
    Entry("PyTorch fused", "pytorch", "PyTorch", "torch", {"variant": "fused"}),
    Entry("PyTorch compiled", "pytorch", "PyTorch", "torch", {"variant": "compiled"}),
    Entry("JAX", "jax_scan", "JaxScan", "jax"),
    Entry("scikit-learn", "sklearn_mlp", "SklearnMLP", "sklearn"),
)
COMPILERS = ("g++", "clang++")
PAUSE_S = 0.05
"""Pause between two contestants: idle threads of a pool spin before they sleep."""


def choose_entries(say: Callable[[str], None], *, quick: bool) -> list[Entry]:
    """Return the contestants that can run here; report the others and why."""
    missing = sorted({entry.needs for entry in ENTRIES if find_spec(entry.needs) is None})
    if missing:
        say(f"not installed and left out: {', '.join(missing)}; `make bench-peers` installs them")
    left_out = set()
    if not any(map(which, COMPILERS)):
        say(f"no C++ compiler ({' or '.join(COMPILERS)}) found: torch.compile is left out")
        left_out = {"compiled"}
    if quick:
        say("quick: of PyTorch, only the fused optimizer is measured")
        left_out = {"foreach", "compiled"}
    present = [entry for entry in ENTRIES if entry.needs not in missing]
    return [entry for entry in present if entry.options.get("variant") not in left_out]


def can_train(entry: Entry, cell: Cell) -> bool:
    """Return whether a contestant has the cell's activation."""
    return not (entry.needs == "sklearn" and cell.shape.hidden == "leaky_relu")


def run_cell(
    cell: Cell, workers: Sequence[ContestantProcess], rows: Rows, *, epochs: int, wait_s: float
) -> Result:
    """Train one warm-up epoch and then ``epochs``, alternating; return times and final losses."""
    workers = [worker for worker in workers if can_train(worker.entry, cell)]
    result = Result(cell)
    first = initial_weights(cell.shape)
    for worker in workers:
        if compile_s := worker.begin(cell, first):
            result.compile_s[worker.entry.name] = compile_s
    for number in range(epochs + 1):
        result.busy_cores.append(wait_for_quiet(wait_s))
        for worker in workers:
            sleep(PAUSE_S)
            seconds, loss = worker.epoch()
            result.add_loss(worker.entry.name, loss)
            if number:
                result.times.setdefault(worker.entry.name, []).append(seconds)
    for worker in workers:
        if (weights := worker.weights()) is not None:
            result.final_losses[worker.entry.name] = mean_loss(cell.shape, weights, rows)
    return result
