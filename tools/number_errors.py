"""Measure how often whole numbers are wrong by confidence; write what --max-error of pages reads.

python tools/number_errors.py [PAGES]
"""

import sys
from pathlib import Path

import numpy as np

import digitus.reader
from digitus.data import load
from digitus.models import load_model
from digitus.models.error_bound import ErrorCurve
from digitus.training.sequence.number_errors import measure_numbers, measure_strings, write_curves

PAGES, STRINGS = 210, 2000
HELD_OUT = 2_000  # the last training rows, which nothing was learned from
SEED = 6


def main() -> int:
    """Measure and write."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    model, train = load_model("cnn"), load("mnist").train
    held_out = train.rows(np.arange(len(train) - HELD_OUT, len(train)))
    rng = np.random.default_rng(SEED)
    curves = {
        "numbers on pages": measure_numbers(model, held_out, rng, pages=pages),
        "strings": measure_strings(model, held_out, rng, strings=STRINGS),
    }
    target = Path(digitus.reader.__file__).with_name("number_errors.json")
    write_curves(target, model, *curves.values())
    for name, curve in curves.items():
        _tell(name, curve)
    return 0


def _tell(name: str, curve: ErrorCurve) -> None:
    sys.stdout.write(f"{curve.n} {name}, {len(curve.confidence)} wrong\n")
    for share in (0.005, 0.01, 0.02, 0.05):
        threshold = curve.threshold(share)
        kept = 0 if threshold is None else curve.kept_above(threshold)
        sys.stdout.write(f"at most {share:.1%} wrong: {kept / curve.n:.1%} kept ({threshold})\n")


if __name__ == "__main__":
    sys.exit(main())
