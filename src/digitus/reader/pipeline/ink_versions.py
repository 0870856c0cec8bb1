"""Merge the readings of one page with and without its ruled lines.

Removing ruled lines repairs some digits and damages others, so the better reading is chosen region
by region.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.reader.layout.boxes import grouped, near_pairs, overlap
from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.results.reading import Line, Number


@dataclass(frozen=True)
class VersionParameters:
    """When lines of two versions are readings of the same ink.

    Set by hand: readings of one number share most of their boxes, neighboring lines hardly any.

    Attributes:
        min_shared: share of the smaller box that they have in common, above which they are.
        min_left: least share of the ink of a number of 1s that is left without ruled lines; of a
            part of a ruled line nothing is left, of a 1 on one its other pixels.
    """

    min_shared: float = 0.3
    min_left: float = 0.25


VERSIONS = VersionParameters()

Lines: TypeAlias = Sequence[Line]


@dataclass(frozen=True)
class _VersionLine:
    """A line, the number of its version, and its place among the lines of that version."""

    line: Line
    version: int
    place: int


def merge_versions(versions: Sequence[Lines]) -> list[Line]:
    """Choose in each region of a page the version with the highest expected score.

    Lines are ordered as in the version with the highest score for the whole page; lines that it
    lacks are inserted by their height on the page.
    """
    every = [
        _VersionLine(line, version, place)
        for version, lines in enumerate(versions)
        for place, line in enumerate(lines)
    ]
    if not every:
        return []
    best = max(range(len(versions)), key=lambda version: expected_score(versions[version]))
    regions = sorted(_regions(every), key=lambda region: _position(region, versions[best], best))
    return [line for region in regions for line in _best_of(region)]


def without_ruled_ones(lines: Lines, ink: Ink, without_lines: Ink) -> list[Line]:
    """Leave out the numbers of 1s alone that are parts of ruled lines.

    Args:
        lines: of a version of the page's ink.
        ink: (rows, cols) of this version.
        without_lines: (rows, cols) of the version without ruled lines.
    """

    def is_ruled(number: Number) -> bool:
        if any(digit.digit != 1 for digit in number.digits):
            return False
        left, top, width, height = number.box
        place = np.s_[top : top + height, left : left + width]
        return bool(without_lines[place].sum() < VERSIONS.min_left * ink[place].sum())

    kept = [[one for one in line.numbers if not is_ruled(one)] for line in lines]
    return [join_numbers(numbers) for numbers in kept if numbers]


def expected_score(lines: Lines) -> float:
    """Return the expected number of right minus wrong digits, by their confidence.

    A number whose division is in doubt loses the probability that it is wrong: of two readings of
    the same digits, the one with the clearer gaps counts.
    """
    return sum(_score_of(number) for line in lines for number in line.numbers)


def _score_of(number: Number) -> float:
    confidences = [digit.confidence for digit in number.digits]
    p_complete = number.confidence / max(prod(confidences), sys.float_info.min)
    return sum(2 * confidence - 1 for confidence in confidences) + p_complete - 1


def _best_of(region: Sequence[_VersionLine]) -> list[Line]:
    """Return the lines of the version with the highest score in a region, the first on a tie."""
    versions = sorted({one.version for one in region})
    candidates = [[one.line for one in region if one.version == version] for version in versions]
    return max(candidates, key=expected_score)


def _position(region: Sequence[_VersionLine], lines: Lines, version: int) -> float:
    """Return a region's place among the lines of a version, between two where it has none."""
    places = [one.place for one in region if one.version == version]
    if places:
        return min(places)
    middle = min(_middle(one.line) for one in region)
    return sum(_middle(line) < middle for line in lines) - 0.5


def _middle(line: Line) -> float:
    return line.box[1] + line.box[3] / 2


def _regions(lines: Sequence[_VersionLine]) -> Iterator[list[_VersionLine]]:
    """Group lines of different versions whose boxes overlap, directly or through others."""
    boxes = np.array([one.line.box for one in lines])
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    first, second = near_pairs(corners, 0.0)
    one, other = corners[first], corners[second]
    shared = np.maximum(overlap(one, other, 0), 0) * np.maximum(overlap(one, other, 1), 0)
    areas, version = boxes[:, 2:].prod(axis=1), np.array([line.version for line in lines])
    linked = shared > VERSIONS.min_shared * np.minimum(areas[first], areas[second])
    linked &= version[first] != version[second]
    group = grouped(len(boxes), (first[linked], second[linked]))
    for number in range(int(group.max()) + 1):
        yield [lines[place] for place in np.flatnonzero(group == number).tolist()]
