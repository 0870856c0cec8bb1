"""Rows of components: their direction, the words that they make, and which way up print is."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from digitus.reader.layout.boxes import Boxes, Floats, Places, grouped, near_pairs, overlap

Groups: TypeAlias = Places
"""(n,) number of the word to which each component belongs."""


@dataclass(frozen=True)
class RowParameters:
    """Parameters of the direction of rows. Distances are in the longer side of a component.

    Set by hand: one neighbor is weak evidence, since cells of a table may be nearer to those below
    than to those beside; only many neighbors, or close ones, may outweigh the digits.

    Attributes:
        min_ratio: least distance along one axis over that along the other for a neighbor to count
            as beside or as below.
        max_components: number of components compared with each other; bounds the time.
        max_close: greatest distance of two middles within a word or number.
        nats_per_neighbor: evidence of one neighbor, in nats.
        max_far_nats: limit for all farther neighbors; cells of a table may be low and wide.
        max_close_nats: limit for all close neighbors.
        min_agreement: least share of neighbors for one direction minus that for the other; with
            less the page is a texture and gives no evidence.
        one_row: width of all writing over its height from which it is one row of numbers, the
            image of an amount for example, rather than columns of single characters on their side.
        one_row_nats: evidence of that.
    """

    min_ratio: float = 1.5
    max_components: int = 300
    max_close: float = 1.1
    nats_per_neighbor: float = 0.5
    max_far_nats: float = 8.0
    max_close_nats: float = 20.0
    min_agreement: float = 0.3
    one_row: float = 2.5
    one_row_nats: float = 5.0


@dataclass(frozen=True)
class WordParameters:
    """Parameters of words of print.

    Set by hand, from the proportions of printed letters.

    Attributes:
        max_gap: greatest gap between two components of a word, in the longer side of the shorter
            one; wide enough to join all words of a line of print.
        max_ratio: greatest ratio of the longer sides of two components; capitals are less than
            twice as tall as small letters.
        level: least number of rows that neighbors share, in heights of the lower one.
        min_letters: least number of letters for a word to be evidence of its upright side.
        unevenness: usual unevenness of the tops and bottoms of handwriting, as a share of the
            height of the letters.
        max_nats: limit for the evidence of one word, in nats.
    """

    max_gap: float = 0.8
    max_ratio: float = 2.2
    level: float = 0.4
    min_letters: int = 4
    unevenness: float = 0.1
    max_nats: float = 4.0


ROW = RowParameters()
WORD = WordParameters()


def boxes_turned(boxes: Boxes, shape: tuple[int, ...], turns: int) -> Boxes:
    """Return the boxes after quarter turns of their page (rows, cols) counterclockwise.

    >>> boxes_turned(np.array([[10, 0, 30, 5]]), (50, 100), 1)
    array([[ 0, 70,  5, 90]])
    """
    rows, cols = shape[:2]
    for _ in range(turns % 4):
        left, top, right, bottom = boxes.T
        boxes = np.stack([top, cols - right, bottom, cols - left], axis=1)
        rows, cols = cols, rows
    return boxes


def rows_across(boxes: Boxes) -> float:
    """Return the evidence in nats that rows run across the page; negative if along it.

    The nearest neighbor of a component stands beside it in its row. Close neighbors, of one word or
    number, count more: cells of a table may be nearer to the cell below than to the one beside.
    Writing that is much wider than high counts besides.

    Args:
        boxes: (n, 4) boxes of components of similar size.
    """
    if len(boxes) < 2:
        return 0.0
    boxes = boxes[:: -(-len(boxes) // ROW.max_components)]
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    spans = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    apart = np.abs(centers[:, None] - centers[None])
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    nearest = (np.arange(len(boxes)), distance.argmin(axis=1))
    x, y = apart[nearest].T
    votes = (x > ROW.min_ratio * y).astype(float) - (y > ROW.min_ratio * x)
    close = distance[nearest] <= ROW.max_close * np.maximum(spans, spans[nearest[1]])
    near, far = _nats(votes[close], ROW.max_close_nats), _nats(votes[~close], ROW.max_far_nats)
    return near + far + (ROW.one_row_nats if _is_one_row(boxes) else 0.0)


def _is_one_row(boxes: Boxes) -> bool:
    """Return whether all writing is much wider than high. A column of digits may be either."""
    width, height = (boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).tolist()
    return bool(width >= ROW.one_row * height)


def _nats(votes: Floats, most: float) -> float:
    """Return the evidence of votes (n,) of -1 to 1; 0.0 where they do not agree."""
    net = float(votes.sum())
    agree = abs(net) >= ROW.min_agreement * len(votes)
    return float(np.clip(ROW.nats_per_neighbor * net, -most, most)) if agree else 0.0


def group_into_words(boxes: Boxes) -> Groups:
    """Number the words and numbers (n,): components close together in rows across the page.

    Args:
        boxes: (n, 4) boxes of the components.
    """
    spans = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    first, second = near_pairs(boxes, WORD.max_gap * float(spans.max(initial=0)))
    low = np.minimum(spans[first], spans[second])
    high = np.maximum(spans[first], spans[second])
    one, other = boxes[first], boxes[second]
    heights = boxes[:, 3] - boxes[:, 1]
    level = overlap(one, other, 1) >= WORD.level * np.minimum(heights[first], heights[second])
    near = level & (high <= WORD.max_ratio * low) & (-overlap(one, other, 0) <= WORD.max_gap * low)
    return grouped(len(boxes), (first[near], second[near]))


def upright_nats(boxes: Boxes, words: Groups) -> Floats:
    """Return the evidence (w,) in nats that each word stands upright; negative for upside down.

    Letters of print stand on a base line and differ in their tops: more letters rise above the
    others than reach below the line.

    Args:
        boxes: (n, 4) boxes of the components.
        words: (n,) word of each.
    """
    count = int(words.max(initial=-1)) + 1
    nats = np.zeros(count)
    for word in np.flatnonzero(np.bincount(words, minlength=count) >= WORD.min_letters):
        own = boxes[words == word].astype(float)
        height = float(np.median(own[:, 3] - own[:, 1]))
        tops, bottoms = (_unevenness(own[:, side]) / height for side in (1, 3))
        nats[word] = WORD.max_nats * (tops - bottoms) / (tops + bottoms + WORD.unevenness)
    return nats


def _unevenness(levels: Floats) -> float:
    """Return the mean distance of levels (m,) from their median."""
    return float(np.abs(levels - np.median(levels)).mean())
