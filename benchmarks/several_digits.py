"""Images of one digit that count as several, and images of several digits that do.

    python benchmarks/several_digits.py [--n 20000] [--several 400] [--mnist 10000] [--model cnn]
                                        [--seed 31] [--quick] [--jobs 2] [--json]

single      random images of one digit by the synthetic pen and of MNIST's training rows 55,000 to
            59,999: whole, with broken strokes, with dots and specks beside it; drawings, scans,
            photos, ruled paper. The decision was chosen on other images of the same making
            (choose_several.py).
mnist       MNIST's test images, as images of 28 x 28 pixels; nothing was chosen on them.
several     two to four digits by the pen or of the same rows, of each kind of gap: far apart,
            apart, boxes meet, touching, overlapping by 6 to 20 % of their width.
"several" is the verdict `several_digits`; of the others, "answered" were read as one digit. Of
single digits, "lost" are those that would have been read right. Intervals are 95 % (Wilson 1927).
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from digitus import Recognizer
from digitus.data import load
from digitus.data.samples import Samples
from digitus.imaging.preprocessing import preprocess
from digitus.synthesis.digit_images.random_images import (
    DigitImage,
    image_of_one,
    image_of_several,
)
from digitus.synthesis.digit_images.written_digits import GAPS
from reading.scores import share

SEED, QUICK, PORTION = 31, 100, 100
HELD_OUT = slice(55_000, 60_000)


@dataclass(frozen=True)
class Answer:
    """The verdict on an image.

    Attributes:
        groups: kinds that it is counted in.
        verdict: of the recognizer.
        is_lost: whether it is one digit that would have been read right but counts as several.
    """

    groups: tuple[str, ...]
    verdict: str
    is_lost: bool


def random_image(part: str, number: int, seed: int, samples: Samples) -> DigitImage:
    """Make one image of a part: ``single``, or the name of a gap."""
    if part == "single":
        return image_of_one(np.random.default_rng([seed, 0, number]), samples)
    place = list(GAPS).index(part)
    return image_of_several(np.random.default_rng([seed, 1 + place, number]), samples, part)


def groups_of(part: str, one: DigitImage) -> tuple[str, ...]:
    """Return the groups that an image is counted in."""
    if part == "single":
        return ("single", f"single, {one.kind}", f"single, {one.look}")
    return ("several", part, f"{one.n_digits} digits", f"several, {one.look}")


def answer(recognizer: Recognizer, groups: tuple[str, ...], one: DigitImage) -> Answer:
    """Read an image."""
    found = preprocess(one.image)
    verdict = recognizer.predict_preprocessed(found).verdict
    alone = None
    if one.digit is not None and verdict == "several_digits" and found.patch is not None:
        alone = recognizer.predict_patches(found.patch[None])[0].digit
    return Answer(groups, verdict, alone is not None and alone == one.digit)


def read_portion(model: str | None, seed: int, task: tuple[str, int, int]) -> list[Answer]:
    """Make and read the images of a part from one number to another."""
    part, start, end = task
    recognizer = Recognizer(model)
    if part == "mnist":
        test = load("mnist").test
        assert test is not None
        return [
            answer(recognizer, ("mnist",), image_of_row(test, row)) for row in range(start, end)
        ]
    samples = load("mnist").train.rows(np.arange(HELD_OUT.start, HELD_OUT.stop))
    made = (random_image(part, number, seed, samples) for number in range(start, end))
    return [answer(recognizer, groups_of(part, one), one) for one in made]


def image_of_row(samples: Samples, row: int) -> DigitImage:
    """Return a row of MNIST as an image, light on dark."""
    image = samples.pixels[row].reshape(28, 28)
    assert samples.labels is not None
    return DigitImage(image, 1, "whole", "light on dark", "patches", int(samples.labels[row]))


def tasks(n: int, several: int, mnist: int) -> Iterator[tuple[str, int, int]]:
    """Yield the portions of all parts."""
    counts = {"single": n, "mnist": mnist, **dict.fromkeys(GAPS, several)}
    for part, count in counts.items():
        for start in range(0, count, PORTION):
            yield part, start, min(start + PORTION, count)


def score(answers: list[Answer]) -> dict[str, dict[str, Any]]:
    """Count the verdicts of each group."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        for group in one.groups:
            groups[group].append(one)
    return {
        group: {
            "several": share(sum(one.verdict == "several_digits" for one in found), len(found)),
            "answered": share(sum(one.verdict == "digit" for one in found), len(found)),
            "lost": sum(one.is_lost for one in found),
        }
        for group, found in sorted(groups.items(), key=_order)
    }


def _order(group: tuple[str, list[Answer]]) -> tuple[int, str]:
    first = ("single", "mnist", "several", *GAPS)
    name = group[0]
    return (first.index(name) if name in first else len(first), name)


def show(scores: dict[str, dict[str, Any]]) -> None:
    """Print the scores of all groups."""
    print(f"{'':24}{'several digits':>34}{'answered':>18}{'lost':>6}")
    for group, found in scores.items():
        part, read = found["several"], found["answered"]
        low, high = part["interval"]
        print(
            f"{group:<24}{part['hits']:6d} of {part['n']:5d} {part['share']:7.2%} "
            f"({low:.2%} to {high:.2%}){read['hits']:8d} {read['share']:7.2%}{found['lost']:6d}"
        )


def measure(run: Callable[..., Any], options: argparse.Namespace) -> list[Answer]:
    """Read all portions with ``run``, a function like ``map``."""
    read = partial(read_portion, options.model, options.seed)
    portions = run(read, list(tasks(options.n, options.several, options.mnist)))
    return [one for portion in portions for one in portion]


def main() -> None:
    """Read the images and print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=20_000, help="synthetic images of one digit")
    parser.add_argument("--several", type=int, default=400, help="images of each kind of gap")
    parser.add_argument("--mnist", type=int, default=10_000, help="MNIST's test images")
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} images of each")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the work")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    if options.quick:
        options.n = options.several = options.mnist = QUICK
    if options.jobs > 1:
        with ProcessPoolExecutor(options.jobs) as pool:
            answers = measure(pool.map, options)
    else:
        answers = measure(map, options)
    scores = score(answers)
    print(json.dumps(scores, indent=1)) if options.as_json else show(scores)


if __name__ == "__main__":
    main()
