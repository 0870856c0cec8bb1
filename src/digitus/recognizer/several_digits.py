"""Whether an image holds more than one digit: evidence of two networks, and a learned decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, exp, log
from typing import TYPE_CHECKING

import numpy as np

from digitus.data.samples import CLASSES
from digitus.imaging.arrays import Ink
from digitus.recognizer.digit_model import DigitModel
from digitus.recognizer.split_evidence import (
    WritingShape,
    may_be_several,
    shape_of,
    split_confidence,
)

if TYPE_CHECKING:
    from digitus.nn.network import Network


@dataclass(frozen=True)
class DecisionParameters:
    """Logistic regression on the evidence for several digits.

    Fitted by ``python benchmarks/choose_several.py`` on synthetic images and digits of
    MNIST's training rows 55,000 to 59,999, which no shipped network was trained on, with the
    evidence of `cnn` and of `mlp`. The threshold was chosen on other images of the same making.

    Attributes:
        sequence: weight of the log odds of the sequence network that there are two digits or more.
        whole: weight of the log odds that the whole is one digit.
        split: weight of the log odds that it can be divided into two.
        aspect: weight of the logarithm of width over height, which counts up to ``widest``.
        offset: the constant.
        threshold: least probability of several digits.
        widest: four digits are mostly wider.
        least: probabilities are cut off at this distance from 0 and 1.
        widths: columns of the sequence network's input are a multiple of this.
        most_cols: greatest number of its columns; what lies beyond is not read.
    """

    sequence: float = 0.718
    whole: float = -0.145
    split: float = 0.167
    aspect: float = 1.309
    offset: float = -1.011
    threshold: float = 0.698
    widest: float = 4.0
    least: float = 1e-4
    widths: int = 64
    most_cols: int = 1024


DECISION = DecisionParameters()


def holds_several(model: DigitModel, writing: Ink, confidence: float) -> bool:
    """Return whether writing holds more than one digit.

    Args:
        model: reads single digits.
        writing: (rows, cols), 0.0 paper to 1.0 full ink, not blank.
        confidence: of the model that the whole writing is one digit.
    """
    shape = shape_of(writing)
    if not may_be_several(shape, confidence):
        return False
    return probability_of_several(evidence(model, shape, confidence)) >= DECISION.threshold


def evidence(model: DigitModel, shape: WritingShape, confidence: float) -> tuple[float, ...]:
    """Return what the decision weighs: sequence, whole, split and aspect, in this order.

    Args:
        model: reads single digits.
        shape: of the writing.
        confidence: of the model that the whole writing is one digit.
    """
    return (
        log_odds(_sequence_probability(shape.ink)),
        log_odds(confidence),
        log_odds(split_confidence(model, shape)),
        log(min(shape.aspect, DECISION.widest)),
    )


def probability_of_several(found: Sequence[float]) -> float:
    """Return the probability of several digits, from the evidence."""
    weights = DECISION.sequence, DECISION.whole, DECISION.split, DECISION.aspect
    odds = sum(weight * one for weight, one in zip(weights, found, strict=True))
    return 1 / (1 + exp(-odds - DECISION.offset))


def log_odds(probability: float) -> float:
    """Return log(p / (1 - p)), of a p that is cut off near 0 and 1."""
    p = min(max(probability, DECISION.least), 1 - DECISION.least)
    return log(p / (1 - p))


def _sequence_probability(ink: Ink) -> float:
    """Return the probability of the sequence network that cropped ink holds two digits or more."""
    from digitus.models.sequence.line_image_format import (
        N_CLASSES,  # most images of one digit need none
    )
    from digitus.models.sequence.line_input import line_input
    from digitus.nn.ctc import count_probabilities

    line, _ = line_input(ink, float(ink.shape[0]))
    cols = min(DECISION.widths * ceil(line.shape[1] / DECISION.widths), DECISION.most_cols)
    padded = np.zeros((line.shape[0], cols), np.float32)
    padded[:, : line.shape[1]] = line[:, :cols]
    output = _network(cols).probabilities(padded.reshape(1, -1))
    by_place = output.reshape(-1, N_CLASSES + 1)
    return float(count_probabilities(by_place, CLASSES, 2)[2])


@cache
def _network(cols: int) -> "Network":
    """Return the shipped sequence network for line images of a width; at most 16 are made."""
    from digitus.models.sequence.line_image_format import N_CLASSES
    from digitus.models.sequence.sequence_file import shipped_sequence_weights
    from digitus.models.sequence.sequence_network import sequence_network

    weights = shipped_sequence_weights()
    return sequence_network(cols, N_CLASSES, channels=weights.channels, parameters=weights.network)
