"""Strings of 2 to 10 MNIST test digits: how many are wholly right, and what a promise is worth.

    python benchmarks/strings.py [--n 1000] [--model cnn] [--max-error 0.01] [--seed 6] [--quick]
                                 [--json] [--sheet FILE.png]

Each string is an image of its own, black on white, its digits 40 px high, and is read as a page.
  apart        the boxes of neighbours are 15 % to 50 % of their mean width apart
  boxes meet   no gap between the boxes
  touching     each digit is slid to the left until its ink meets the string, often far below or
               above its neighbour; so all is one piece of ink
  overlapping  the boxes overlap by 20 % of their mean width; the darker ink counts
A string is wholly right if the digits that were read are those that were written, none more and
none less. Then the reader promises an error of at most --max-error: a string counts as accepted if
no number of it is to be checked; "wrong" is the share of those that are not wholly right. Intervals
are 95 % (Wilson 1927). The sheet shows the mistakes; keep it in an ignored folder, such as build/.
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
MAX_ERROR = 0.02  # the program refuses to promise 1 %
GAPS: dict[str, Callable[[np.random.Generator], float | None]] = {
    "apart": lambda rng: rng.uniform(0.15, 0.5),
    "boxes meet": lambda _: 0.0,
    "touching": lambda _: None,
    "overlapping": lambda _: -0.2,
}


@dataclass(frozen=True, eq=False)
class Answer:
    """One string, what was read, and what was accepted under the promise.

    Attributes:
        truth: what is written.
        found: what was read.
        promised: what was read under the promise.
        is_accepted: whether no number of it is to be checked.
        image: (rows, cols) uint8.
    """

    truth: str
    found: str
    promised: str
    is_accepted: bool
    image: NDArray[np.uint8]

    @property
    def right(self) -> bool:
        """Whether all digits are right."""
        return self.found == self.truth


def images(kind: str, n: int, writer: Writer, seed: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Write n strings of a kind; give each one's text and image."""
    for number in range(n):
        rng = np.random.default_rng([seed, list(GAPS).index(kind), number])
        written = write_string(random_text(rng), writer, rng, gap=GAPS[kind](rng))
        yield written.text, as_image(written)[0]


def read_string(
    image: NDArray[np.uint8], truth: str, reader: PageReader, careful: PageReader
) -> Answer:
    """Read a string twice: as it is, and by a reader that promises few errors."""
    found, promised = reader.read(image), careful.read(image)
    numbers = numbers_of(promised)
    accepted = bool(numbers) and not any(number.to_check for number in numbers)
    return Answer(truth, digits_of(found), digits_of(promised), accepted, image)


def score(answers: list[Answer]) -> dict[str, Any]:
    """Score the strings of one kind."""
    accepted = [answer for answer in answers if answer.is_accepted]
    wrong = sum(edit_distance(answer.found, answer.truth) for answer in answers)
    return {
        "right": share(sum(answer.right for answer in answers), len(answers)),
        "digit_error_rate": wrong / sum(len(answer.truth) for answer in answers),
        "coverage": share(len(accepted), len(answers)),
        "wrong": share(sum(one.promised != one.truth for one in accepted), len(accepted)),
    }


def show(scores: dict[str, Any], max_error: float) -> None:
    """Print the scores of all kinds."""
    print(f"{'':14}{'wholly right':>30}{'digit errors':>14}   at --max-error {max_error:.2%}:")
    for kind, found in scores.items():
        print(
            f"{kind:<14}{_say(found['right'])}{found['digit_error_rate']:14.2%}"
            f"   accepted {_say(found['coverage'])}   wrong {_say(found['wrong'])}"
        )


def _say(part: dict[str, Any]) -> str:
    if part["share"] is None:
        return f"{'none':>30}"
    low, high = part["interval"]
    return f"{part['hits']:5d} {part['share']:7.2%} ({low:6.2%} to {high:6.2%})"


def measure(n: int, seed: int, reader: PageReader, careful: PageReader) -> dict[str, list[Answer]]:
    """Read n strings of each kind, of MNIST test digits."""
    test = load("mnist").test
    if test is None:
        raise SystemExit("this benchmark needs MNIST's test part")
    writer = PatchWriter(test, HEIGHT_PX)
    return {
        kind: [
            read_string(image, truth, reader, careful)
            for truth, image in images(kind, n, writer, seed)
        ]
        for kind in GAPS
    }


def main() -> None:
    """Read the strings and print or dump the scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=1000, help="strings of each kind")
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--max-error", type=float, default=MAX_ERROR)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} strings of each kind")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="the mistakes")
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
