"""What is known of a candidate: the networks' probabilities, its form, and its place in the run."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.reader.sequence.arc_scores import DIGITS, ArcProbabilities
from digitus.reader.sequence.arcs import Candidates
from digitus.reader.sequence.cuts import DEAREST

Floats = NDArray[np.float64]

OPINION = (
    "log odds of being a digit",
    "log of the model's best digit",
    "log of the model's runner-up",
    "not judged by the model",
    "log of the strip's best digit",
    "log of the strip's runner-up",
    "log of one digit in the strip",
    "log of any mark in the strip",
    "log of something else in the strip",
    "log of nothing in the strip",
    "log of several things in the strip",
    "best digit of both",
    *(f"probability of {digit}" for digit in range(10)),
)
GEOMETRY = (
    "width",
    "height",
    "log of width by height",
    "length of stroke",
    "top below the line's",
    "bottom below the line's",
    "cut on the left",
    "cut on the right",
    "shared ink",
    "parts",
    "cheapest cut inside",
    "widest gap inside",
    "space on the left",
    "space on the right",
    "stroke",
    "height beside the tallest",
    "is first",
    "is last",
    "other ink in its box",
)
NAMES = (*OPINION, *GEOMETRY)
LEAST = 1e-4
MIDDLE = 0.2  # of a range's ink that lies on either side of a cut through its middle


def geometry_of(candidates: Candidates) -> Floats:
    """Describe the form and place of every range (n, len(GEOMETRY)); in digit heights."""
    return np.column_stack([*_form(candidates), *_place(candidates)])


def features_of(candidates: Candidates, probabilities: ArcProbabilities) -> Floats:
    """Describe every arc (m, len(NAMES)); lengths are in digit heights.

    Args:
        candidates: of a run.
        probabilities: on its arcs.
    """
    geometry = geometry_of(candidates)[candidates.range]
    features = np.column_stack([*_opinion(probabilities), geometry])
    before = candidates.nodes.ink_before
    shared = before[candidates.start] - before[candidates.first[candidates.range]]
    whole = np.maximum(candidates.mass()[candidates.range], 1e-6)
    features[:, NAMES.index("shared ink")] = np.sign(shared) * (0.3 + np.abs(shared) / whole)
    return features


def _opinion(probabilities: ArcProbabilities) -> list[Floats]:
    asked = probabilities.is_digit > 0
    digit = np.clip(probabilities.is_digit, LEAST, 1 - LEAST)
    model = np.sort(np.maximum(probabilities.model, LEAST), axis=1)
    digits, marks = probabilities.strip[:, :DIGITS], probabilities.strip[:, DIGITS:-1].sum(axis=1)
    ranked = np.sort(digits, axis=1)
    one, else_ = ranked.sum(axis=1), probabilities.strip[:, -1]
    seen = (ranked[:, -1], ranked[:, -2], one, marks, else_, probabilities.nothing)
    several = 1 - one - marks - else_
    return [
        np.where(asked, np.log(digit / (1 - digit)), 0) / 4,
        np.log(model[:, -1]),
        np.log(model[:, -2]) / 4,
        ~asked,
        *(np.log(np.maximum(share, LEAST)) / 4 for share in (*seen, several)),
        (probabilities.model * digits).max(axis=1),
        digits,
    ]


def _form(candidates: Candidates) -> list[Floats]:
    parts = candidates.nodes.parts
    left, top, right, bottom = candidates.boxes.T / parts.height_px
    width, height = np.minimum(right - left, 3), np.minimum(bottom - top, 3)
    length = candidates.mass() / (parts.stroke_px * parts.height_px)
    line_top, line_bottom = _line(candidates)
    beside = (top - line_top, bottom - line_bottom)
    ratio = np.log(np.maximum(width, 0.05) / np.maximum(height, 0.05))
    return [width, height, ratio, np.minimum(length, 8) / 4, *beside]


def _line(candidates: Candidates) -> tuple[float, float]:
    """Where tall parts of the run begin and end, in digit heights."""
    parts = candidates.nodes.parts
    top, bottom = parts.boxes[:, 1] / parts.height_px, parts.boxes[:, 3] / parts.height_px
    tall = bottom - top >= 0.6 * (bottom - top).max()
    return float(np.median(top[tall])), float(np.median(bottom[tall]))


def _place(candidates: Candidates) -> list[Floats]:
    nodes, first, last = candidates.nodes, candidates.first, candidates.last
    parts, boxes = nodes.parts, nodes.parts.boxes
    height, n = parts.height_px, len(parts)
    end = nodes.part[last] - (nodes.cut[last] == 0)  # the last part of each range
    right = np.maximum.accumulate(boxes[:, 2])
    left = np.minimum.accumulate(boxes[::-1, 0])[::-1]
    gaps = np.full(n + 1, 1.0)  # before each part
    gaps[1:-1] = np.clip((left[1:] - right[:-1]) / height, -0.5, 1)
    inside = [
        gaps[a + 1 : b + 1].max(initial=-0.5) for a, b in zip(nodes.part[first], end, strict=True)
    ]
    tallest = (boxes[:, 3] - boxes[:, 1]).max()
    return [
        nodes.price[first] / 2,
        nodes.price[last] / 2,
        np.zeros(len(first)),
        (end - nodes.part[first]).astype(float),
        _cheapest_inside(candidates) / 2,
        np.array(inside),
        np.where(nodes.cut[first] > 0, -0.5, gaps[nodes.part[first]]),
        np.where(nodes.cut[last] > 0, -0.5, gaps[nodes.part[last]]),
        np.full(len(first), parts.stroke_px / height * 5),
        (candidates.boxes[:, 3] - candidates.boxes[:, 1]) / tallest,
        first == 0,
        last == len(nodes) - 1,
        _other_ink(candidates),
    ]


def _other_ink(candidates: Candidates) -> Floats:
    """Ink within the box of each range (n,) that is not its own, beside its own."""
    total = cv2.integral(candidates.nodes.parts.ink)
    left, top, right, bottom = candidates.boxes.T
    within = total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
    mass = candidates.mass()
    other: Floats = np.minimum((within - mass) / np.maximum(mass, 1e-6), 2)
    return other


def _cheapest_inside(candidates: Candidates) -> Floats:
    """Price (n,) of the cheapest cut through the middle of each range; dear where there is none."""
    nodes = candidates.nodes
    before = nodes.ink_before
    price = np.where(nodes.cut > 0, nodes.price, 0)
    cheapest = np.full(len(candidates), DEAREST)
    for number, (a, b) in enumerate(zip(candidates.first, candidates.last, strict=True)):
        margin = MIDDLE * (before[b] - before[a])
        ink = before[a + 1 : b]
        inner = (ink > before[a] + margin) & (ink < before[b] - margin)
        cheapest[number] = price[a + 1 : b][inner].min(initial=DEAREST)
    return cheapest
