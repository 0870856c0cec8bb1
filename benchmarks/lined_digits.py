"""MNIST test digits on lined paper: what is read right, by the kind and the width of the lines.

    python benchmarks/lined_digits.py [--n 100] [--model cnn] [--seed 1] [--json]

Each image is a test digit, enlarged to 60 % of a square of 100 to 600 pixels, in dark ink on noisy
paper. Two or three lines cross the square, and on "squared" paper as many run down it; their width
is a share of the side. "right" counts the verdict `digit` with the true digit, "wrong" another.
"""

import argparse
import json
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus import Recognizer
from digitus.data import load

SIDES_PX = (100, 160, 300, 600)
WIDTHS = (0.0, 0.007, 0.02, 0.04)
"""Of the side; 0.0 draws no lines."""
TONES = {"pale": 0.25, "dark": 0.9}
"""Darkness of the lines; that of the ink is 0.85."""
INK, NOISE = 0.85, 0.01


def draw(
    digit: NDArray[np.uint8],
    rng: np.random.Generator,
    *,
    width: float,
    tone: float,
    squared: bool,
) -> NDArray[np.uint8]:
    """Draw one image (side, side) of a test digit (28, 28)."""
    side = int(rng.choice(SIDES_PX))
    high = round(0.6 * side)
    large = cv2.resize(digit / np.float32(255), (high, high), interpolation=cv2.INTER_CUBIC)
    ink = np.zeros((side, side), np.float32)
    top, left = rng.integers(round(0.1 * side), round(0.3 * side), 2)
    ink[top : top + high, left : left + high] = np.clip(4 * large - 1.5, 0, 1)
    lines = np.zeros((side, side), np.uint8)
    width_px, pitch = round(width * side), side / rng.uniform(2, 3)
    for at in np.arange(rng.uniform(0.1, 0.3) * side, side, pitch) if width_px else ():
        fall = rng.uniform(-0.02, 0.02) * side
        ends = (0, round(at)), (side, round(at + fall))
        cv2.line(lines, *ends, 255, width_px, cv2.LINE_AA)
        if squared:
            cv2.line(lines, *(end[::-1] for end in ends), 255, width_px, cv2.LINE_AA)
    darkness = np.maximum(INK * ink, tone / 255 * lines)
    grey = 0.92 * (1 - darkness) + rng.normal(scale=NOISE, size=ink.shape)
    return np.asarray(np.rint(255 * np.clip(grey, 0, 1)), np.uint8)


def measure(recognizer: Recognizer, n: int, seed: int) -> list[dict[str, Any]]:
    """Read n images of each kind; return a row for each."""
    test = load("mnist").test
    kinds = [(False, width, tone) for width in WIDTHS[1:] for tone in TONES]
    kinds = [(False, 0.0, "pale"), *kinds, *((True, *kind[1:]) for kind in kinds)]
    rows = []
    for number, (squared, width, tone) in enumerate(kinds):
        rng = np.random.default_rng([seed, number])
        chosen = rng.choice(len(test.pixels), n, replace=False)
        right = wrong = 0
        for row in chosen.tolist():
            digit = test.pixels[row].reshape(28, 28)
            image = draw(digit, rng, width=width, tone=TONES[tone], squared=squared)
            found = recognizer.predict(image).digit
            right += found == test.labels[row]
            wrong += found is not None and found != test.labels[row]
        paper = "squared" if squared else "ruled" if width else "plain"
        rows.append({"paper": paper, "width": width, "lines": tone, "right": right, "wrong": wrong})
    return rows


def main() -> None:
    """Print how many images of each kind are right and wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100, help="images of each kind")
    parser.add_argument("--model", default="cnn", metavar="NAME|FILE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    rows = measure(Recognizer(options.model), options.n, options.seed)
    if options.as_json:
        print(json.dumps(rows, default=int))
        return
    for row in rows:
        lines = f"{row['lines']} lines of {100 * row['width']:.1f} %" if row["width"] else ""
        print(f"{row['paper']:8} {lines:20} {row['right']:4} right {row['wrong']:4} wrong")
    print(f"of {len(rows) * options.n:,} images {sum(row['right'] for row in rows):,} right")


if __name__ == "__main__":
    main()
