"""Start-up side by side: the help against an empty click app, the import against NumPy's.

    python benchmarks/startup.py [--quick] [--json]

Whole processes, A B A B in turn; the ratio is that of the medians.
"""

import argparse
import json
import subprocess
import sys
from statistics import median
from time import perf_counter

EMPTY_APP = "import click; click.command()(lambda: None)(['--help'], standalone_mode=False)"
PAIRS = {
    "digitus --help / empty click app": (
        "from digitus.cli import main; main(['--help'])",
        EMPTY_APP,
        1.2,
    ),
    "import digitus / import numpy": ("import digitus", "import numpy", 1.3),
}


def seconds(code: str) -> float:
    """Time one process that runs the code."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def compare(ours: str, theirs: str, runs: int) -> tuple[float, float]:
    """Give both medians, after one warm-up each."""
    seconds(ours), seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def main() -> None:
    """Print both ratios beside what they may be at most."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="5 runs each instead of 21")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    rows = []
    for name, (ours, theirs, limit) in PAIRS.items():
        a, b = compare(ours, theirs, 5 if options.quick else 21)
        rows.append({"pair": name, "ours_s": a, "theirs_s": b, "ratio": a / b, "at_most": limit})
    if options.as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(
            f"{row['pair']:<34} {row['ours_s'] * 1e3:6.0f} ms {row['theirs_s'] * 1e3:6.0f} ms"
            f"   ratio {row['ratio']:.2f} (at most {row['at_most']})"
        )


if __name__ == "__main__":
    main()
