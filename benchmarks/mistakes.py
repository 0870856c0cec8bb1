"""Count and show the mistakes on MNIST's test images and on new synthetic drawings.

    python benchmarks/mistakes.py [--model cnn] [--drawings 20000] [--json] [--plots FOLDER]

An image is misread if its likeliest digit is not the true one, declined or not; "taken" counts the
misread images that were accepted as digits. The figures show them, the most confident first.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from digitus.data import load
from digitus.evaluation.calibration_error import expected_calibration_error, reliability_bins
from digitus.evaluation.scores import wilson_interval
from digitus.models import Model, load_model
from digitus.plots import sample_grid, save_figure
from digitus.synthesis.pen.pen_drawings import pen_patches

SEED = 20_000
"""Not used by any training run."""
Sets = dict[str, tuple[np.ndarray, np.ndarray]]
"""Pixels (n, 784) uint8 and labels (n,) by name."""


def load_sets(drawings: int) -> Sets:
    """Return MNIST's test images, and drawings that were not used in training."""
    test = load("mnist").test
    patches, labels = pen_patches(drawings, np.random.default_rng(SEED))
    drawn = np.rint(255 * patches).astype(np.uint8).reshape(drawings, -1)
    return {"mnist": (test.pixels, test.labels), "pen": (drawn, labels)}


def find(model: Model, pixels: np.ndarray, labels: np.ndarray, plot: Path | None) -> dict[str, Any]:
    """Count the mistakes on a set; draw them if a path is given."""
    probabilities, digit = model.classify(pixels)
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1) * digit
    wrong = np.flatnonzero(answers != labels)
    wrong = wrong[np.argsort(-confidence[wrong])]
    if plot is not None:
        shown = {"predictions": answers[wrong], "confidences": confidence[wrong]}
        save_figure(sample_grid(pixels[wrong], labels[wrong], **shown), plot)
    pairs = Counter(zip(labels[wrong].tolist(), answers[wrong].tolist(), strict=True))
    bins = reliability_bins(confidence, answers == labels)
    return {
        "n": len(labels),
        "misread": len(wrong),
        "taken": int((digit[wrong] >= model.digit_threshold).sum()),
        "declined": int((digit < model.digit_threshold).sum()),
        "ece": expected_calibration_error(bins),
        "pairs": [[*pair, count] for pair, count in pairs.most_common(8)],
    }


def show(name: str, found: dict[str, Any]) -> None:
    """Print the counts of a set."""
    n, right = found["n"], found["n"] - found["misread"]
    low, high = wilson_interval(right, n)
    print(f"{name:<6} {right:,} of {n:,} right: {right / n:.2%} ({low:.2%} to {high:.2%})")
    print(f"       ECE {found['ece']:.2%}; {found['declined']:,} declined as no digit")
    print(f"       {found['misread']} misread, {found['taken']} of them taken for a digit")
    pairs = ", ".join(f"{true} as {read} ({count})" for true, read, count in found["pairs"])
    print(f"       {pairs}")


def main() -> None:
    """Count the mistakes, print the counts and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="cnn", metavar="NAME|FILE")
    parser.add_argument("--drawings", type=int, default=20_000, metavar="N")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write mistakes-*.png there")
    options = parser.parse_args()
    model = load_model(options.model)
    found = {
        name: find(model, *rows, options.plots and options.plots / f"mistakes-{name}.png")
        for name, rows in load_sets(options.drawings).items()
    }
    if options.as_json:
        return print(json.dumps(found, indent=2))
    for name, numbers in found.items():
        show(name, numbers)
    return None


if __name__ == "__main__":
    main()
