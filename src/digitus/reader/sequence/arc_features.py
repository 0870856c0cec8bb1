"""Features of arcs: both networks' probabilities, the form of the ink, and its place in the line.

Lengths are in digit heights. Divisors and multipliers in the formulas only bring features to the
order of 1; the scorer normalizes each by its mean and standard deviation in training.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.reader.sequence.arc_scores import DIGITS, ArcProbabilities
from digitus.reader.sequence.arcs import Arcs, InkRanges
from digitus.reader.sequence.cuts import PARAMETERS as CUT_PARAMETERS

Floats = NDArray[np.float64]

PROBABILITY_NAMES = (
    "log odds of a digit by the classifier",
    "log of the classifier's best digit",
    "log of the classifier's runner-up",
    "not classified",
    "log of the sequence network's best digit",
    "log of the sequence network's runner-up",
    "log of one digit by the sequence network",
    "log of a mark by the sequence network",
    "log of another symbol by the sequence network",
    "log of nothing by the sequence network",
    "log of several symbols by the sequence network",
    "best digit of both networks",
    *(f"probability of {digit} by the sequence network" for digit in range(DIGITS)),
)
GEOMETRY_NAMES = (
    "width",
    "height",
    "log of width by height",
    "length of stroke",
    "top below the line's",
    "bottom below the line's",
    "price of the left cut",
    "price of the right cut",
    "shared ink",
    "components",
    "cheapest cut inside",
    "widest gap inside",
    "gap on the left",
    "gap on the right",
    "stroke width",
    "height over that of the tallest",
    "is first",
    "is last",
    "other ink in its box",
)
NAMES = (*PROBABILITY_NAMES, *GEOMETRY_NAMES)


@dataclass(frozen=True)
class FeatureParameters:
    """Parameters of the features.

    Set by hand: limits that keep outliers from dominating a feature. The weights of the scorer
    were trained with these values. Lengths are in digit heights.

    Attributes:
        min_probability: least probability whose logarithm is taken.
        middle: least share of a range's ink on either side of a cut that passes through its middle.
        min_tall: least height over that of the tallest component for a component to count for the
            top and bottom of the line's digits.
        max_side: limit for width and height.
        min_side: lower limit of width and height in their ratio.
        max_length: limit for the length of the stroke.
        gaps: lowest and highest value of a gap; an overlap is below 0, the end of the line highest.
        max_other_ink: limit for the other ink in its box, over its own.
        min_mass: least ink that others are divided by.
        shares_ink: value added to the shared ink where there is any, with its sign.
    """

    min_probability: float = 1e-4
    middle: float = 0.2
    min_tall: float = 0.6
    max_side: float = 3.0
    min_side: float = 0.05
    max_length: float = 8.0
    gaps: tuple[float, float] = (-0.5, 1.0)
    max_other_ink: float = 2.0
    min_mass: float = 1e-6
    shares_ink: float = 0.3


PARAMETERS = FeatureParameters()


def features_of(arcs: Arcs, probabilities: ArcProbabilities) -> Floats:
    """Return the features (m, len(NAMES)) of every arc.

    Args:
        arcs: arcs of one line.
        probabilities: probabilities of the same arcs.
    """
    ranges = arcs.ranges
    geometry = _geometry(ranges)[arcs.range]
    features = np.column_stack([*_probability_features(probabilities), geometry])
    before = arcs.nodes.ink_before
    shared = before[arcs.start] - before[ranges.first[arcs.range]]  # below 0: skipped
    mass = np.maximum(ranges.mass()[arcs.range], PARAMETERS.min_mass)
    size = PARAMETERS.shares_ink + np.abs(shared) / mass
    features[:, NAMES.index("shared ink")] = np.sign(shared) * size
    return features


def _probability_features(probabilities: ArcProbabilities) -> list[Floats]:
    least = PARAMETERS.min_probability
    classified = probabilities.p_digit > 0
    p_digit = np.clip(probabilities.p_digit, least, 1 - least)
    classifier = np.sort(np.maximum(probabilities.classifier, least), axis=1)
    digits = probabilities.sequence[:, :DIGITS]
    mark = probabilities.sequence[:, DIGITS:-1].sum(axis=1)
    ranked = np.sort(digits, axis=1)
    digit, other = ranked.sum(axis=1), probabilities.sequence[:, -1]
    several = 1 - digit - mark - other
    read = (ranked[:, -1], ranked[:, -2], digit, mark, other, probabilities.nothing, several)
    return [
        np.where(classified, np.log(p_digit / (1 - p_digit)), 0) / 4,
        np.log(classifier[:, -1]),
        np.log(classifier[:, -2]) / 4,
        ~classified,
        *(np.log(np.maximum(probability, least)) / 4 for probability in read),
        (probabilities.classifier * digits).max(axis=1),
        digits,
    ]


def _geometry(ranges: InkRanges) -> Floats:
    """Return the features (n, len(GEOMETRY_NAMES)) of every range; "shared ink" is 0."""
    return np.column_stack([*_form(ranges), *_place(ranges)])


def _form(ranges: InkRanges) -> list[Floats]:
    """Return the features from "width" to "bottom below the line's"."""
    line = ranges.nodes.components
    left, top, right, bottom = ranges.boxes.T / line.height_px
    width, height = (np.minimum(side, PARAMETERS.max_side) for side in (right - left, bottom - top))
    length = ranges.mass() / (line.stroke_px * line.height_px)
    line_top, line_bottom = _line_extent(ranges)
    least = PARAMETERS.min_side
    ratio = np.log(np.maximum(width, least) / np.maximum(height, least))
    length = np.minimum(length, PARAMETERS.max_length) / 4
    return [width, height, ratio, length, top - line_top, bottom - line_bottom]


def _line_extent(ranges: InkRanges) -> tuple[float, float]:
    """Return the median top and bottom of the line's tall components, in digit heights."""
    line = ranges.nodes.components
    top, bottom = line.boxes[:, 1] / line.height_px, line.boxes[:, 3] / line.height_px
    tall = bottom - top >= PARAMETERS.min_tall * (bottom - top).max()
    return float(np.median(top[tall])), float(np.median(bottom[tall]))


def _place(ranges: InkRanges) -> list[Floats]:
    """Return the features from "price of the left cut" to "other ink in its box"."""
    nodes, first, last = ranges.nodes, ranges.first, ranges.last
    line = nodes.components
    first_component = nodes.component[first]
    last_component = nodes.component[last] - (nodes.cut[last] == 0)
    gaps = _gaps_before(line.boxes) / line.height_px
    overlap, widest = PARAMETERS.gaps
    gaps = np.concatenate([[widest], np.clip(gaps, overlap, widest), [widest]])
    inside = [
        gaps[a + 1 : b + 1].max(initial=overlap)
        for a, b in zip(first_component, last_component, strict=True)
    ]
    tallest = (line.boxes[:, 3] - line.boxes[:, 1]).max()
    return [
        nodes.price[first] / 2,
        nodes.price[last] / 2,
        np.zeros(len(first)),
        (last_component - first_component).astype(float),
        _cheapest_inside(ranges) / 2,
        np.array(inside),
        np.where(nodes.cut[first] > 0, overlap, gaps[first_component]),
        np.where(nodes.cut[last] > 0, overlap, gaps[nodes.component[last]]),
        np.full(len(first), line.stroke_px / line.height_px * 5),
        (ranges.boxes[:, 3] - ranges.boxes[:, 1]) / tallest,
        first == 0,
        last == len(nodes) - 1,
        _other_ink(ranges),
    ]


def _gaps_before(boxes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the columns (n - 1,) between each component after the first and all before it."""
    right = np.maximum.accumulate(boxes[:, 2])
    left = np.minimum.accumulate(boxes[::-1, 0])[::-1]
    return np.asarray(left[1:] - right[:-1])


def _other_ink(ranges: InkRanges) -> Floats:
    """Return the ink (n,) within the box of each range that is not its own, over its own."""
    total = cv2.integral(ranges.nodes.components.ink)
    left, top, right, bottom = ranges.boxes.T
    within = total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
    mass = ranges.mass()
    shares = (within - mass) / np.maximum(mass, PARAMETERS.min_mass)
    other: Floats = np.minimum(shares, PARAMETERS.max_other_ink)
    return other


def _cheapest_inside(ranges: InkRanges) -> Floats:
    """Return the price (n,) of the cheapest cut through the middle of each range.

    It is the greatest price that a cut may have where there is none.
    """
    nodes, most = ranges.nodes, CUT_PARAMETERS.max_price
    before = nodes.ink_before
    price = np.where(nodes.cut > 0, nodes.price, 0)
    cheapest = np.full(len(ranges), most)
    for number, (a, b) in enumerate(zip(ranges.first, ranges.last, strict=True)):
        margin = PARAMETERS.middle * (before[b] - before[a])
        ink = before[a + 1 : b]
        inner = (ink > before[a] + margin) & (ink < before[b] - margin)
        cheapest[number] = price[a + 1 : b][inner].min(initial=most)
    return cheapest
