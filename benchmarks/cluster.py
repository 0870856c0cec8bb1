"""Measure what a cluster costs and gains: efficiency, overhead over plain reading, memory.

python benchmarks/cluster.py [--pages 2000]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from distributed import Client, LocalCluster
from PIL import Image

from digitus.imaging import render_strokes
from digitus.models import load_digit_model
from digitus.reader.batch.page_task import Job
from digitus.reader.cluster.archive_run import ArchiveProgress, ArchiveRun
from digitus.reader.cluster.batch_task import ClusterJob, models_fingerprint
from digitus.reader.cluster.parts import Archive
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ROWS, COLS, DIGIT_PX = 12, 14, 44
CORES = (2, 16, 128)
MANY = 1_000_000


def write_pages(folder: Path, n: int) -> None:
    """Write pages of digits in rows, each page different."""
    rng = np.random.default_rng(20)
    for i in range(n):
        strokes = [
            stroke
            for row in range(ROWS)
            for col in range(COLS)
            if col % 5 < 4  # numbers of four digits
            for stroke in place(
                draw_digit(int(rng.integers(10)), rng),
                size=DIGIT_PX,
                left=60 + 60 * col,
                top=60 + 100 * row,
            )
        ]
        ink = render_strokes(strokes, width=120 + 60 * COLS, height=120 + 100 * ROWS, pen_px=5)
        Image.fromarray((235 - 200 * ink).astype(np.uint8)).save(folder / f"{i:05}.png")


def plain(sources: list[str], folder: Path, n_jobs: int) -> float:
    """Return the seconds of `digitus read --jobs`."""
    words = ["read", *sources, "--jobs", str(n_jobs), "--csv", str(folder / f"{time.time()}.csv")]
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "digitus", *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def on_cluster(sources: list[str], folder: Path, n_workers: int) -> tuple[float, float, float]:
    """Return the seconds with and without starting the cluster, and the peak MiB of a worker."""
    job = ClusterJob(
        Job(), Archive(str(folder), "benchmark", "cnn"), models_fingerprint(load_digit_model(None))
    )
    folder.mkdir()
    progress = ArchiveProgress()
    begun = time.perf_counter()
    with (
        LocalCluster(
            n_workers=n_workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        started = time.perf_counter()
        for _ in ArchiveRun(client, job, progress).run(sources, stop=lambda: False):
            pass
        done = time.perf_counter()
        peak = max(client.run(peak_mib).values())
    if progress.n_read != len(sources) or progress.errors:
        sys.exit(f"{progress.n_read} of {len(sources)} pages read; {progress.errors[:1]}")
    return done - begun, done - started, peak


def peak_mib() -> float:
    """Return the peak memory of this process in MiB (Linux)."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    n = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        write_pages(folder / "pages", n)
        sources = sorted(map(str, (folder / "pages").iterdir()))
        pair = plain(sources, folder, 2)
        _, one, _ = on_cluster(sources, folder / "one", 1)
        total, two, peak = on_cluster(sources, folder / "two", 2)
        few_peak = on_cluster(sources[: max(1, n // 10)], folder / "few", 2)[2]
    efficiency = one / two / 2
    print(f"{n:,} pages | seconds | pages/s")
    for what, seconds in (("read --jobs 2", pair), ("one worker", one), ("two workers", two)):
        print(f"{what} | {seconds:.1f} | {n / seconds:.2f}")
    print(f"efficiency of two workers: {efficiency:.0%} (at least 85 % is wanted)")
    print(f"overhead over read --jobs 2: {total / pair - 1:.0%}, starting included (at most 10 %)")
    print(
        f"peak memory of a worker: {few_peak:.0f} MiB at {max(1, n // 10):,} pages, {peak:.0f} MiB "
        f"at {n:,}: {peak / few_peak - 1:+.0%} (flat is wanted)"
    )
    print(f"\n{MANY:,} such pages of {ROWS} x {COLS // 5 * 4 + COLS % 5} digits; assumed:")
    print("- each core as fast as one of two here, and one worker on each")
    print("- the efficiency of two workers, however many there are")
    print("- pages and parts come and go as fast as on this disk")
    for cores in CORES:
        print(f"{cores} cores | {MANY * two * 2 / n / cores / 3600:.1f} hours")


if __name__ == "__main__":
    main()
