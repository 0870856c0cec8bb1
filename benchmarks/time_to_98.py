"""Time to 98.0 % test accuracy on MNIST from process start: Digitus, PyTorch and JAX.

    python benchmarks/time_to_98.py [--quick] [--json] [--threads N]

Whole processes, alternating (A B C A B C ...), from start to end: imports, reading the same .gz
files of $DIGITUS_DATA, training on all 60,000 images, writing the model, testing on 10,000.
`digitus train` also scores the training images and writes history and curves, as always. The
scripts are in contest/scripts/. All train 784-128-64-10 from He's initialization with Adam and a
one-cycle schedule, with the settings below, which `choose_98.py` has selected on validation rows,
training on 50,000. Every run must reach 98.0 % on the test rows; otherwise its name is printed and
the exit code is 1. Each run has another seed. PyTorch and Digitus use N threads; JAX has no such
setting and uses all cores, unless N is 1.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from contest.interleave import installed, run_in_turn

SETTINGS = {"epochs": 4, "batch-size": 128, "rate": 0.008}
SMOOTHING = 0.1
GOAL, REQUIRED_RATIO = 0.98, 3.0
OURS, TORCH, JAX = "digitus train", "PyTorch script", "JAX script"
SCRIPTS = Path(__file__).with_name("contest") / "scripts"
Command = list[str]


def settings(**more: object) -> Command:
    """Return the settings as command-line options common to all."""
    named = {**SETTINGS, **more}
    return [part for name, value in named.items() for part in (f"--{name}", str(value))]


def digitus(folder: Path, threads: int, seed: int) -> Command:
    """Return the command of Digitus."""
    network = ["--hidden", "128,64", "--optimizer", "adam", "--schedule", "one_cycle"]
    more = {"label-smoothing": SMOOTHING, "threads": threads, "seed": seed}
    executable = str(Path(sys.executable).with_name("digitus"))
    rest = ["--validation", "0", "--json", "--out", str(folder / "ours.safetensors")]
    return [executable, "train", *network, *settings(**more), *rest]


def script(name: str, out: Path, **more: object) -> Command:
    """Return the command of a script."""
    data = os.environ["DIGITUS_DATA"]
    options = settings(smoothing=SMOOTHING, **more)
    return [sys.executable, str(SCRIPTS / name), data, str(out), *options]


def commands(folder: Path, threads: int, seed: int) -> dict[str, Command]:
    """Return the commands of all installed contestants."""
    found = {OURS: digitus(folder, threads, seed)}
    if installed("torch"):
        out = folder / "theirs.pt"
        found[TORCH] = script("torch_mnist.py", out, threads=threads, seed=seed)
    if installed("jax"):
        found[JAX] = script("jax_mnist.py", folder / "theirs.npz", seed=seed)
    return found


def accuracy(name: str, printed: str) -> float:
    """Return the test accuracy that a run printed."""
    return float(json.loads(printed)["scores"]["test"]["accuracy"] if name == OURS else printed)


def measure(runs: int, threads: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return seconds and accuracies of each contestant, alternating, after one warm-up."""
    seconds: dict[str, list[float]] = {}
    accuracies: dict[str, list[float]] = {}

    def note(name: str, printed: str) -> None:
        accuracies.setdefault(name, []).append(accuracy(name, printed))

    with tempfile.TemporaryDirectory() as folder:
        for seed in range(runs):
            turn = commands(Path(folder), threads, seed)
            for name, taken in run_in_turn(turn, 1, check=note, warm_ups=int(seed == 0)).items():
                seconds.setdefault(name, []).extend(taken)
    return seconds, accuracies


def summarize(
    seconds: dict[str, list[float]], accuracies: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """Return median seconds and accuracies of each contestant."""
    ours = median(seconds[OURS])
    return [
        {
            "name": name,
            "median_s": median(each),
            "fastest_s": min(each),
            "times_ours": median(each) / ours,
            "accuracies": accuracies[name],
        }
        for name, each in seconds.items()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    for row in rows:
        limit = f" (at least {REQUIRED_RATIO})" if row["name"] == TORCH else ""
        print(
            f"{row['name']:<15} median {row['median_s']:6.2f} s   fastest {row['fastest_s']:6.2f} s"
            f"   lowest accuracy {min(row['accuracies']):.2%}"
            f"   {row['times_ours']:5.2f} times ours{limit}"
        )


def main() -> None:
    """Print seconds and accuracies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 runs each instead of 7")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if "DIGITUS_DATA" not in os.environ:
        raise SystemExit("set DIGITUS_DATA to the folder with MNIST's four IDX files")
    if options.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    rows = summarize(*measure(3 if options.quick else 7, options.threads))
    if options.as_json:
        print(json.dumps({"threads": options.threads, "contestants": rows}, indent=2))
    else:
        show(rows)
    short = [row["name"] for row in rows if min(row["accuracies"]) < GOAL]
    if short:
        raise SystemExit(f"below {GOAL:.1%} in a run: {', '.join(short)}")


if __name__ == "__main__":
    main()
