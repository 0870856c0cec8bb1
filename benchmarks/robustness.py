"""Accuracy on MNIST's test images under ten corruptions.

    python benchmarks/robustness.py [--model NAME|FILE ...] [--rows N] [--json] [--plot FILE]

Each model reads in two ways:
- image: `Recognizer.predict`, each corrupted image as one that comes from outside;
- direct: `Recognizer.predict_patches` on the corrupted pixels, unchanged.
"right" is the share whose likeliest digit is the true one, "taken" the share that is also taken
for a digit, so that a right answer that was declined counts as wrong. The mean is that of the ten
corruptions, without the clean images. What each corruption does stands in `corruptions.py`.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

import cv2
import numpy as np

from corruptions import CORRUPTIONS
from digitus.data import load
from digitus.recognizer import Prediction, Recognizer

Images = np.ndarray
"""(n, 28, 28) uint8."""
Reader = Callable[[Images], list[Prediction]]
Row = dict[str, float]
"""A share by corruption, "clean" and "mean"."""


def load_test(rows: int) -> tuple[Images, np.ndarray]:
    """Return the first test images and their labels."""
    test = load("mnist").test
    return test.pixels[:rows].reshape(-1, 28, 28), test.labels[:rows]


def readers(model: str) -> dict[str, Reader]:
    """Return the two ways to read images with a model."""
    recognizer = Recognizer(model)
    return {
        "image": lambda images: [recognizer.predict(image) for image in images],
        "direct": lambda images: recognizer.predict_patches(images / np.float32(255)),
    }


def shares(predictions: Sequence[Prediction], labels: np.ndarray) -> dict[str, float]:
    """Return the shares of right answers, declined or not, and of right ones that were given."""
    pairs = list(zip(predictions, labels, strict=True))
    return {
        "right": mean(float(one.best_guess == label) for one, label in pairs),
        "taken": mean(float(one.digit == label) for one, label in pairs),
    }


def measure(models: Sequence[str], rows: int) -> dict[str, dict[str, Row]]:
    """Return the shares by model and by way and measure, such as "image right"."""
    images, labels = load_test(rows)
    corrupted = {"clean": images} | {each.__name__: each(images) for each in CORRUPTIONS}
    found: dict[str, dict[str, Row]] = {}
    for model in models:
        found[model] = {}
        for way, read in readers(model).items():
            by_name = {name: shares(read(some), labels) for name, some in corrupted.items()}
            for kind in ("right", "taken"):
                row = {name: both[kind] for name, both in by_name.items()}
                hard = mean(share for name, share in row.items() if name != "clean")
                found[model][f"{way} {kind}"] = row | {"mean": hard}
    return found


def show(found: dict[str, dict[str, Row]]) -> None:
    """Print one column for each model and way."""
    for model, columns in found.items():
        print(f"{Path(model).name:<12}", *(f"{name:>14}" for name in columns))
        for name in next(iter(columns.values())):
            print(f"{name:<12}", *(f"{100 * row[name]:12.2f} %" for row in columns.values()))


def plot(path: Path) -> None:
    """Write a grid: the ten digits as they are in the first row, then a row per corruption."""
    images, labels = load_test(200)
    chosen = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    rows = [images, *(each(images) for each in CORRUPTIONS)]
    framed = [np.pad(row[chosen], ((0, 0), (1, 1), (1, 1)), constant_values=90) for row in rows]
    grid = 255 - np.vstack([np.hstack(list(row)) for row in framed])
    cv2.imwrite(str(path), cv2.resize(grid, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST))


def main() -> None:
    """Print the accuracies, and write the figure where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", nargs="+", default=["cnn", "mlp"], metavar="NAME|FILE")
    parser.add_argument("--rows", type=int, default=10_000, help="take the first N test images")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write a PNG of examples")
    options = parser.parse_args()
    if options.rows < 1:
        parser.error("--rows must be 1 or more")
    if options.plot:
        plot(options.plot)
    found = measure(options.model, options.rows)
    answer = {"rows": options.rows, "models": found}
    print(json.dumps(answer, indent=2)) if options.as_json else show(found)


if __name__ == "__main__":
    main()
