"""Memory of training: of `digitus train`, and its growth with the number of images.

    python benchmarks/memory.py [--quick] [--json] [--threads N]

1. `digitus train --preset mlp --no-augmentation` on all 60,000 images: peak anonymous memory
   compared with the 188 MB of the images as float32. Anonymous memory is what the process has
   allocated; it excludes the pages of program files and mapped data, which the system can reclaim.
2. One epoch of the same network and batch size with the engine, in its own process, on 60,000,
   240,000 and 960,000 rows made by repetition in one memory-mapped float32 file: seconds per
   60,000 rows, and peak anonymous memory. Time should be linear, additional memory constant.

Linux records the peak of resident memory (VmHWM) but not of its anonymous part, which is therefore
read from /proc (RssAnon) every few milliseconds. On other systems only the peak of resident memory
is reported. A MB is 10^6 bytes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

MNIST_ROWS, PIXELS, CLASSES = 60_000, 784, 10
FLOAT_IMAGES_MB = MNIST_ROWS * PIXELS * 4 / 1e6
RESIDENT_AT_MOST_MB, ABOVE_AT_MOST_MB, LINEAR_WITHIN = 600, 100, 0.15
PAUSE_S = 0.003


@dataclass
class Usage:
    """Peak memory of a process in MB; None where the system does not report it."""

    resident_mb: float
    anonymous_mb: float | None
    printed: str = ""


class AnonymousPeak(threading.Thread):
    """Thread that records the peak anonymous memory of a process."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._status, self._ended = Path(f"/proc/{pid}/status"), threading.Event()
        self.peak_kb = 0

    def run(self) -> None:
        """Read the memory every few milliseconds."""
        while not self._ended.wait(PAUSE_S):
            try:
                lines = self._status.read_text().splitlines()
            except OSError:  # the process has ended, or this is not Linux
                return
            found = [int(line.split()[1]) for line in lines if line.startswith("RssAnon:")]
            self.peak_kb = max([self.peak_kb, *found])

    def end(self) -> float | None:
        """Stop the thread; return the peak in MB."""
        self._ended.set()
        self.join()
        return self.peak_kb * 1024 / 1e6 if self.peak_kb else None


def run(command: list[str]) -> Usage:
    """Run a command; return its peak memory."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    watch = AnonymousPeak(process.pid)
    watch.start()
    printed = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    anonymous = watch.end()
    if status:
        raise SystemExit(f"{' '.join(command[:3])} failed with status {status}")
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return Usage(usage.ru_maxrss * scale / 1e6, anonymous, printed)


def train_from_the_command_line(epochs: int, threads: int) -> Usage:
    """Train preset `mlp` on all 60,000 images without augmentation."""
    with tempfile.TemporaryDirectory() as folder:
        executable = str(Path(sys.executable).with_name("digitus"))
        options = [
            "--preset",
            "mlp",
            "--no-augmentation",
            "--validation",
            "0",
            "--epochs",
            str(epochs),
        ]
        options += ["--threads", str(threads), "--out", f"{folder}/mlp.safetensors"]
        return run([executable, "train", *options])


def write_rows(folder: Path, n: int) -> None:
    """Write n rows and their targets as .npy files, repeating MNIST's 60,000."""
    import numpy as np

    from digitus.data import load, one_hot

    train = load("mnist").train
    parts = (
        ("x", train.pixels.astype(np.float32) / np.float32(255)),
        ("targets", one_hot(train.labels)),
    )
    for name, values in parts:
        shape = (n, values.shape[1])
        file = np.lib.format.open_memmap(
            folder / f"{name}.npy", mode="w+", dtype=np.float32, shape=shape
        )
        for start in range(0, n, MNIST_ROWS):
            file[start : start + MNIST_ROWS] = values[: n - start]
        file.flush()


def train_one_epoch(folder: Path, n: int, threads: int) -> None:
    """Train one epoch on the first n rows of the mapped files; print the seconds."""
    from dataclasses import replace

    import numpy as np
    from threadpoolctl import threadpool_limits

    from digitus.models.config import build_network, make_optimizer, make_schedule, make_settings
    from digitus.models.presets import PRESETS
    from digitus.nn.fitting.examples import Examples
    from digitus.nn.fitting.trainer import Trainer

    mapped = (np.load(folder / f"{name}.npy", mmap_mode="r")[:n] for name in ("x", "targets"))
    config = replace(PRESETS["mlp"].config, epochs=1, threads=threads)
    trainer = Trainer(
        build_network(config),
        Examples(*map(np.asarray, mapped)),
        optimizer=make_optimizer(config),
        schedule=make_schedule(config),
        settings=make_settings(config),
    )
    with threadpool_limits(threads, user_api="blas"):
        print(trainer.run()[-1].seconds)


def grow(sizes: list[int], runs: int, threads: int) -> list[dict[str, Any]]:
    """Train on each number of rows, alternating; return seconds and memory by size."""
    found: dict[int, list[Usage]] = {n: [] for n in sizes}
    with tempfile.TemporaryDirectory() as folder:
        this = [sys.executable, __file__, "--threads", str(threads)]
        run([*this, "--write", folder, "--rows", str(max(sizes))])
        for _ in range(runs):
            for n in sizes:
                found[n].append(run([*this, "--train", folder, "--rows", str(n)]))
    return [summary(n, usages) for n, usages in found.items()]


def summary(n: int, usages: list[Usage]) -> dict[str, Any]:
    """Return median seconds and largest memory of one size."""
    seconds = median(float(usage.printed) for usage in usages)
    anonymous = [usage.anonymous_mb for usage in usages if usage.anonymous_mb is not None]
    return {
        "rows": n,
        "seconds": seconds,
        "seconds_per_60000": seconds * MNIST_ROWS / n,
        "resident_mb": max(usage.resident_mb for usage in usages),
        "anonymous_mb": max(anonymous, default=None),
    }


def print_command(usage: Usage) -> None:
    """Print the memory of `digitus train`."""
    print(
        f"training mlp on 60,000 images: peak {usage.resident_mb:.0f} MB resident"
        f" (at most {RESIDENT_AT_MOST_MB})"
    )
    if usage.anonymous_mb is not None:
        print(
            f"of it {usage.anonymous_mb:.0f} MB anonymous:"
            f" {usage.anonymous_mb - FLOAT_IMAGES_MB:+.0f} MB above the images as float32,"
            f" {FLOAT_IMAGES_MB:.0f} MB (at most {ABOVE_AT_MOST_MB:+d})"
        )


def print_growth(rows: list[dict[str, Any]]) -> None:
    """Print seconds and memory by number of rows."""
    print("   rows   seconds  per 60,000   to the first   anonymous      more   resident")
    first = rows[0]
    for row in rows:
        apart = row["seconds_per_60000"] / first["seconds_per_60000"] - 1
        memory = "      not reported     "
        if row["anonymous_mb"] is not None and first["anonymous_mb"] is not None:
            more = row["anonymous_mb"] - first["anonymous_mb"]
            memory = f"{row['anonymous_mb']:8.1f} MB {more:+6.1f} MB"
        print(
            f"{row['rows']:>7,} {row['seconds']:7.2f} s {row['seconds_per_60000']:8.3f} s"
            f" {apart:>+14.1%} {memory} {row['resident_mb']:7.0f} MB"
        )
    print(f"time should be linear within {LINEAR_WITHIN:.0%}; resident includes the mapped file")


def main() -> None:
    """Print both parts and their limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1 epoch not 3; up to 240,000 rows")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=2)
    for hidden in ("--write", "--train"):  # used when this script runs itself
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        return write_rows(options.write, options.rows)
    if options.train:
        return train_one_epoch(options.train, options.rows, options.threads)
    command = train_from_the_command_line(1 if options.quick else 3, options.threads)
    sizes = [MNIST_ROWS, 4 * MNIST_ROWS] if options.quick else [n * MNIST_ROWS for n in (1, 4, 16)]
    growth = grow(sizes, 1 if options.quick else 3, options.threads)
    if options.as_json:
        facts = {"resident_mb": command.resident_mb, "anonymous_mb": command.anonymous_mb}
        print(json.dumps({**facts, "images_mb": FLOAT_IMAGES_MB, "growth": growth}, indent=2))
        return None
    print_command(command)
    return print_growth(growth)


if __name__ == "__main__":
    main()
