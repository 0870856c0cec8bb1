"""Strings of 2 to 10 MNIST test digits: share read without error, and check of the error bound.

    python benchmarks/strings.py [--n 1000] [--model cnn] [--max-error 0.01] [--seed 6] [--quick]
                                 [--json] [--sheet FILE.png]

Each string is an image of its own, black on white with digits 40 px high, and is read as a page.
  apart        the boxes of neighbors are 15 % to 50 % of their mean width apart
  boxes meet   no gap between the boxes
  touching     each digit is moved to the left until its ink touches the string, often far below or
               above its neighbor, so that all ink is one connected component
  overlapping  the boxes overlap by 20 % of their mean width; the darker ink is kept
A string is right if the digits read equal those written. It is read again with the error bound
--max-error: it is accepted if none of its numbers is flagged; "wrong" is the share of the accepted
strings that are not right. Intervals are 95 % (Wilson 1927). The sheet shows the mistakes; keep it
in an ignored folder, such as build/.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.data import load
from digitus.synthesis.lines.digit_strings import as_image, random_text, write_string
from digitus.synthesis.pen.writers import PatchWriter, Writer
from reading.engines import PageReader, digits_of, numbers_of
from reading.scores import edit_distance, share
from reading.sheet import caption, draw_sheet

HEIGHT_PX, QUICK, SEED = 40, 60, 6
MAX_ERROR = 0.02  # a bound of 1 % cannot be met
GAPS: dict[str, Callable[[np.random.Generator], float | None]] = {
    "apart": lambda rng: rng.uniform(0.15, 0.5),
    "boxes meet": lambda _: 0.0,
    "touching": lambda _: None,
    "overlapping": lambda _: -0.2,
}


@dataclass(frozen=True, eq=False)
class Answer:
    """One string and what was read, without and with an error bound.

    Attributes:
        truth: what is written.
        found: what was read.
        found_with_bound: what was read with the error bound.
        is_accepted: whether none of its numbers was flagged then.
        image: (rows, cols) uint8.
    """

    truth: str
    found: str
    found_with_bound: str
    is_accepted: bool
    image: NDArray[np.uint8]

    @property
    def right(self) -> bool:
        """Whether all digits are right."""
        return self.found == self.truth


def images(kind: str, n: int, writer: Writer, seed: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield the text and the image of n strings of a kind."""
    for number in range(n):
        rng = np.random.default_rng([seed, list(GAPS).index(kind), number])
        written = write_string(random_text(rng), writer, rng, gap=GAPS[kind](rng))
        yield written.text, as_image(written)[0]


def read_string(
    image: NDArray[np.uint8], truth: str, reader: PageReader, with_bound: PageReader
) -> Answer:
    """Read a string by two readers, without and with an error bound."""
    found, bounded = reader.read(image), with_bound.read(image)
    numbers = numbers_of(bounded)
    accepted = bool(numbers) and not any(number.to_check for number in numbers)
    return Answer(truth, digits_of(found), digits_of(bounded), accepted, image)


def score(answers: list[Answer]) -> dict[str, Any]:
    """Score the strings of one kind."""
    accepted = [answer for answer in answers if answer.is_accepted]
    wrong = sum(edit_distance(answer.found, answer.truth) for answer in answers)
    return {
        "right": share(sum(answer.right for answer in answers), len(answers)),
        "digit_error_rate": wrong / sum(len(answer.truth) for answer in answers),
        "coverage": share(len(accepted), len(answers)),
        "wrong": share(sum(one.found_with_bound != one.truth for one in accepted), len(accepted)),
    }


def show(scores: dict[str, Any], max_error: float) -> None:
    """Print the scores of all kinds."""
    print(f"{'':14}{'wholly right':>30}{'digit errors':>14}   at --max-error {max_error:.2%}:")
    for kind, found in scores.items():
        print(
            f"{kind:<14}{_format_share(found['right'])}{found['digit_error_rate']:14.2%}"
            f"   accepted {_format_share(found['coverage'])}"
            f"   wrong {_format_share(found['wrong'])}"
        )


def _format_share(part: dict[str, Any]) -> str:
    if part["share"] is None:
        return f"{'none':>30}"
    low, high = part["interval"]
    return f"{part['hits']:5d} {part['share']:7.2%} ({low:6.2%} to {high:6.2%})"


def measure(
    n: int, seed: int, reader: PageReader, with_bound: PageReader
) -> dict[str, list[Answer]]:
    """Read n strings of each kind, of MNIST test digits."""
    test = load("mnist").test
    if test is None:
        raise SystemExit("this benchmark needs MNIST's test part")
    writer = PatchWriter(test, HEIGHT_PX)
    return {
        kind: [
            read_string(image, truth, reader, with_bound)
            for truth, image in images(kind, n, writer, seed)
        ]
        for kind in GAPS
    }


def main() -> None:
    """Read the strings and print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=1000, help="strings of each kind")
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--max-error", type=float, default=MAX_ERROR)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} strings of each kind")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw the mistakes")
    options = parser.parse_args()
    from digitus.reader import Reader

    readers = Reader(options.model), Reader(options.model, max_error=options.max_error)
    answers = measure(QUICK if options.quick else options.n, options.seed, *readers)
    scores = {kind: score(found) for kind, found in answers.items()}
    print(json.dumps(scores, indent=1)) if options.as_json else show(scores, options.max_error)
    if options.sheet is not None:
        entries = (
            (Image.fromarray(one.image), caption(one.truth, one.found, kind))
            for kind, found in answers.items()
            for one in found
            if not one.right
        )
        draw_sheet(entries, options.sheet)


if __name__ == "__main__":
    main()
