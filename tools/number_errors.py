"""Measure how often whole numbers are wrong by confidence; write what --max-error of pages reads.

python tools/number_errors.py [PAGES]
"""

import sys
from pathlib import Path

import numpy as np

import digitus.reader
from digitus.data import load
from digitus.models import load_model
from digitus.recipes.number_errors import measure_numbers, write_curve

PAGES = 400
HELD_OUT = 2_000  # the last training rows, which nothing was learned from
SEED = 6


def main() -> int:
    """Measure and write."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    model, train = load_model("cnn"), load("mnist").train
    held_out = train.rows(np.arange(len(train) - HELD_OUT, len(train)))
    curve = measure_numbers(model, held_out, np.random.default_rng(SEED), pages=pages)
    target = Path(digitus.reader.__file__).with_name("number_errors.json")
    write_curve(target, model, curve)
    sys.stdout.write(f"{curve.n} numbers, {len(curve.confidence)} wrong\n")
    for share in (0.005, 0.01, 0.02, 0.05):
        threshold = curve.threshold(share)
        kept = 0 if threshold is None else curve.kept_above(threshold)
        sys.stdout.write(f"at most {share:.1%} wrong: {kept / curve.n:.1%} kept ({threshold})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
