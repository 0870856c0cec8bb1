"""Choose the decision that an image holds several digits: weights and threshold.

    python benchmarks/choose_several.py [--n 2000] [--seed 17] [--save DIR | --saved DIR]

Prints the weights and the threshold that `digitus.recognizer.several_digits.DECISION` holds, and
those of the page in the browser, which has no sequence network. The evidence is that of `cnn` and
of `mlp` on synthetic images and on digits of MNIST's training rows 55,000 to 59,999, which no
shipped network was trained on, and on images without digits: letters, signs, scribbles, words.
One half of the images fits the weights, the other one chooses the threshold: the lowest at which at
most 0.2 % of the images of one digit and at most 2 % of those without any count as several. The
page leaves ruled lines in the ink, so its threshold is chosen without ruled paper, and on images of
one digit alone.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from digitus.data import load
from digitus.data.samples import Samples
from digitus.imaging.patch.centering import cropped
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.preprocessing import preprocess
from digitus.models.shipped import SHIPPED
from digitus.plots.fonts import font_files
from digitus.recognizer import Recognizer
from digitus.recognizer.several_digits import evidence
from digitus.recognizer.split_evidence import may_be_several, shape_of
from digitus.synthesis.digit_images.image_of_ink import LOOKS, image_of
from digitus.synthesis.digit_images.random_images import (
    DigitImage,
    image_of_one,
    image_of_several,
)
from digitus.synthesis.digit_images.written_digits import GAPS
from digitus.synthesis.lines.printed_words import print_word, random_word
from digitus.synthesis.negatives.negatives import negative_patches

HELD_OUT = slice(55_000, 60_000)
"""Rows of MNIST's training part that no shipped network was trained on."""
MOST_WRONG, MOST_NEGATIVE = 0.002, 0.02
"""Greatest share of the images of one digit, and of those without any, that count as several: two
thirds of the aim, and what the shipped threshold of ``p_digit`` gives."""
NEGATIVE_WEIGHT = 0.3
"""Weight of an image without digits beside the others: it is not answered in either case."""
AMBIGUOUS = ("cut digit", "neighbors", "several digits")
"""Kinds of negatives that are digits, or parts of them."""
WORDS = 0.3
"""Share of words among the images without digits."""
NAMES = ("fitting", "choosing")
FEATURES = ("sequence", "whole", "split", "aspect")

Rows = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence on images that pass the gate, by both models.

    Attributes:
        rows: (n, 4) evidence.
        n_digits: (n,) number of digits, 0 for none.
        looks: (n,) of the images.
        n_single: number of images of one digit times models, with those that the gate stops.
        n_negative: the same of those without digits.
    """

    rows: Rows
    n_digits: NDArray[np.int64]
    looks: NDArray[np.str_]
    n_single: int
    n_negative: int


@dataclass(frozen=True, eq=False)
class Fit:
    """A decision: weights of its features, constant and threshold, and what they give."""

    weights: dict[str, float]
    offset: float
    threshold: float
    caught: float
    wrong: float
    negative: float

    def __str__(self) -> str:
        """Return the decision as the arguments of a dataclass."""
        values = {**self.weights, "offset": self.offset, "threshold": self.threshold}
        arguments = ", ".join(f"{name}={value:.3f}" for name, value in values.items())
        return (
            f"({arguments})\n  several digits that pass the gate: {self.caught:.2%} caught; "
            f"one digit: {self.wrong:.2%}, no digit: {self.negative:.2%} count as several"
        )


def make_images(n: int, seed: int, samples: Samples) -> list[DigitImage]:
    """Make n images of one digit, two thirds as many of several, half as many of none."""
    kinds = list(GAPS)
    single = [image_of_one(np.random.default_rng([seed, 0, i]), samples) for i in range(n)]
    several = [
        image_of_several(np.random.default_rng([seed, 1, i]), samples, kinds[i % len(kinds)])
        for i in range(2 * n // 3)
    ]
    return single + several + negatives(n // 2, np.random.default_rng([seed, 2]))


def negatives(n: int, rng: np.random.Generator) -> list[DigitImage]:
    """Make n images without digits: words, and enlarged patches of negatives."""
    fonts = font_files("DejaVuSans", "DejaVuSerif", "STIXGeneralItalic", "cmr10", "cmti10")
    patches, kinds = negative_patches(n, rng, fonts=fonts)
    inks = [enlarged(patch) for patch, kind in zip(patches, kinds, strict=True) if fits(kind)]
    inks += [print_word(random_word(rng), 40, rng, fonts) for _ in range(int(WORDS * n))]
    looks = [LOOKS[rng.integers(len(LOOKS))] for _ in inks]
    return [
        DigitImage(image_of(ink, look, rng), 0, "negative", look, "pen")
        for ink, look in zip(inks, looks, strict=True)
        if ink.max() > 0.5
    ]


def fits(kind: str) -> bool:
    """Return whether a kind of negatives holds no digit."""
    return kind not in AMBIGUOUS


def enlarged(patch: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a patch (28, 28) four times as large, cropped."""
    large = cv2.resize(patch, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    return cropped(np.asarray(np.clip(large, 0, 1), np.float32), least=0.1)


def collect(images: list[DigitImage]) -> Evidence:
    """Collect the evidence of the shipped models on images."""
    recognizers = [Recognizer(name) for name in SHIPPED]
    rows, n_digits, looks = [], [], []
    for one in images:
        found = preprocess(one.image)
        if found.patch is None:
            continue
        shape = shape_of(found.writing)
        for recognizer in recognizers:
            whole = recognizer.predict_patches(make_patch(found.writing)[None])[0]
            confidence = whole.confidence or 0.0
            if may_be_several(shape, confidence):
                rows.append(evidence(recognizer.model, shape, confidence))
                n_digits.append(one.n_digits)
                looks.append(one.look)
    counts = [len(recognizers) * sum(one.n_digits == n for one in images) for n in (1, 0)]
    return Evidence(np.array(rows), np.array(n_digits), np.array(looks), *counts)


def evidence_on(n: int, samples: Samples, seed: int) -> Evidence:
    """Collect the evidence on n images of one digit and on others."""
    return collect(make_images(n, seed, samples))


def fit(features: tuple[str, ...], fitting: Evidence, choosing: Evidence) -> Fit:
    """Fit the weights on some images, and choose the threshold on others."""
    chosen = [FEATURES.index(name) for name in features]
    regression = LogisticRegression(max_iter=2000)
    weights = np.where(fitting.n_digits == 0, NEGATIVE_WEIGHT, 1.0)
    regression.fit(fitting.rows[:, chosen], fitting.n_digits > 1, sample_weight=weights)
    p = regression.predict_proba(choosing.rows[:, chosen])[:, 1]
    threshold = threshold_of(p, choosing, page=features != FEATURES)
    single, negative, several = (
        p[choosing.n_digits == 1],
        p[choosing.n_digits == 0],
        p[choosing.n_digits > 1],
    )
    named = dict(zip(features, regression.coef_[0].tolist(), strict=True))
    wrong = float((single >= threshold).sum()) / choosing.n_single
    found = float((negative >= threshold).sum()) / choosing.n_negative
    caught = float((several >= threshold).mean())
    return Fit(named, float(regression.intercept_[0]), threshold, caught, wrong, found)


def threshold_of(p: Rows, choosing: Evidence, *, page: bool) -> float:
    """Return the lowest threshold on the probabilities (n,) that keeps within the limits."""
    is_single, is_negative = choosing.n_digits == 1, choosing.n_digits == 0
    n_single = choosing.n_single
    if page:
        is_single &= choosing.looks != "ruled"
        n_single -= n_single // len(LOOKS)
    least = exceeded(p[is_single], int(MOST_WRONG * n_single))
    if page:
        return least
    return max(least, exceeded(p[is_negative], int(MOST_NEGATIVE * choosing.n_negative)))


def exceeded(probabilities: Rows, count: int) -> float:
    """Return a threshold that at most ``count`` of the probabilities (n,) reach."""
    ordered = np.sort(probabilities)[::-1]
    return float(ordered[count]) + 1e-3 if count < len(ordered) else 0.0


def main() -> None:
    """Fit both decisions and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=2000, help="images of one digit")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--save", type=Path, metavar="DIR", help="keep the evidence as .npz")
    parser.add_argument("--saved", type=Path, metavar="DIR", help="take the evidence kept there")
    options = parser.parse_args()
    halves = collected(options) if options.saved is None else restored(options.saved)
    if options.save is not None:
        for name, half in zip(NAMES, halves, strict=True):
            np.savez(options.save / f"{name}.npz", **asdict(half))
    print("with the sequence network", fit(FEATURES, *halves))
    print("the page", fit(FEATURES[1:], *halves))


def collected(options: argparse.Namespace) -> list[Evidence]:
    """Collect the evidence to fit on, and that to choose on."""
    samples = load("mnist").train.rows(np.arange(HELD_OUT.start, HELD_OUT.stop))
    make = partial(evidence_on, options.n // 2, samples)
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(make, (options.seed, options.seed + 1)))


def restored(folder: Path) -> list[Evidence]:
    """Read the evidence that ``--save`` has kept."""
    kept = [np.load(folder / f"{name}.npz") for name in NAMES]
    return [
        Evidence(
            one["rows"],
            one["n_digits"],
            one["looks"],
            int(one["n_single"]),
            int(one["n_negative"]),
        )
        for one in kept
    ]


if __name__ == "__main__":
    main()
