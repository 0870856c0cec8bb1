"""Photos of one digit on a sheet of paper that lies on a table: right, declined and wrong answers.

    python benchmarks/table_digits.py [--n 40] [--model cnn] [--seed 12] [--json]

Synthetic photos (`digitus.synthesis.digit_images.on_a_table`) of six kinds: a black table, dark and
light wood, sheets tilted by 4 to 15 degrees, seen in perspective, and in the shadow of an arm; a
third of the sheets is ruled or squared. The digits are those of the synthetic pen. Each photo is
read twice: as it is, and with its sheet cut out of the photo. Intervals are 95 % (Wilson 1927).
"""

import argparse
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from digitus import Recognizer
from digitus.imaging import preprocessing
from digitus.recognizer import Prediction
from digitus.synthesis.digit_images.on_a_table import TABLE_KINDS, digit_height_px, digit_on_table
from digitus.synthesis.digit_images.written_digits import pen_digit
from reading.scores import share

SEED = 12


def photos(kind: str, n: int, seed: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the digit and the photo of n scenes of a kind."""
    for number in range(n):
        rng = np.random.default_rng([seed, TABLE_KINDS.index(kind), number])
        digit = number % 10
        ink = pen_digit(digit, digit_height_px(rng), rng)
        yield digit, digit_on_table(ink, kind, rng)


def read(recognizer: Recognizer, photo: NDArray[np.uint8]) -> dict[str, Prediction]:
    """Read a photo as it is, and with its sheet cut out."""
    with patch.object(preprocessing, "find_sheet", return_value=None):
        whole = recognizer.predict(photo)
    return {"as it is": whole, "cut out": recognizer.predict(photo)}


def score(answers: list[tuple[int, Prediction]]) -> dict[str, Any]:
    """Count the right, the declined and the wrong answers."""
    n = len(answers)
    right = sum(found.digit == digit for digit, found in answers)
    declined = sum(found.digit is None for _, found in answers)
    return {
        "right": share(right, n),
        "declined": share(declined, n),
        "wrong": share(n - right - declined, n),
    }


def measure(recognizer: Recognizer, n: int, seed: int) -> dict[str, dict[str, Any]]:
    """Read n photos of each kind in both ways."""
    found = {
        kind: [(digit, read(recognizer, photo)) for digit, photo in photos(kind, n, seed)]
        for kind in TABLE_KINDS
    }
    found["all"] = [answer for answers in found.values() for answer in answers]
    return {
        kind: {
            how: score([(digit, both[how]) for digit, both in answers])
            for how in ("as it is", "cut out")
        }
        for kind, answers in found.items()
    }


def show(scores: dict[str, dict[str, Any]]) -> None:
    """Print the scores of all kinds."""
    print(f"{'':24}{'right':>30}{'declined':>10}{'wrong':>8}")
    for kind, ways in scores.items():
        for how, found in ways.items():
            low, high = found["right"]["interval"]
            right = f"{found['right']['hits']} of {found['right']['n']} ({low:.1%} to {high:.1%})"
            declined, wrong = found["declined"]["hits"], found["wrong"]["hits"]
            print(f"{kind:<14}{how:<10}{right:>30}{declined:>10}{wrong:>8}")


def main() -> None:
    """Read the photos and print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=40, help="photos of each kind")
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    scores = measure(Recognizer(options.model), options.n, options.seed)
    print(json.dumps(scores, indent=1)) if options.as_json else show(scores)


if __name__ == "__main__":
    main()
