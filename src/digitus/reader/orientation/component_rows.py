"""Rows of marks: which way they run, which marks make a word, and which way up print is."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from digitus.reader.layout.boxes import Boxes, Floats, Places, grouped, near_pairs, overlap

Groups: TypeAlias = Places
"""(n,) number of the word that each mark belongs to."""


@dataclass(frozen=True)
class RowParameters:
    """Parameters of the direction of rows. Distances are in the longer side of a mark.

    Attributes:
        min_ratio: distance along one axis over that along the other, from which a neighbour counts
            as beside or as below.
        max_marks: marks that are compared with each other; bounds the time of crowded pages.
        max_close: distance of two middles within a word or number.
        nats_per_neighbour: evidence of one neighbour, in nats.
        max_far_nats: evidence of all neighbours farther off; cells of a table may be low and wide.
        max_close_nats: evidence of all close neighbours.
        min_agreement: neighbours for one direction minus those for the other, as a share of all;
            with less the page is a texture, and there is no evidence.
    """

    min_ratio: float = 1.5
    max_marks: int = 300
    max_close: float = 1.1
    nats_per_neighbour: float = 0.5
    max_far_nats: float = 8.0
    max_close_nats: float = 20.0
    min_agreement: float = 0.3


@dataclass(frozen=True)
class WordParameters:
    """Parameters of words of print.

    Attributes:
        max_gap: columns between two marks of a word, in the shorter mark's longer side; wide enough
            to join all words of a line of print.
        max_ratio: longer side of one mark over that of the other; capitals are less than twice as
            tall as small letters.
        level: rows that neighbours share, in heights of the lower one.
        min_letters: letters of a word that is evidence for its upright side.
        unevenness: share of the letters' height by which the tops and bottoms of handwriting are
            uneven.
        max_nats: evidence of one word, in nats.
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
    """Return boxes as they lie when their page (rows, cols) is turned counterclockwise.

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
    """Return the evidence in nats that rows run across the page; negative if they run along it.

    The nearest neighbour of a mark stands beside it in its row. Close neighbours, of one word or
    number, count more: cells of a table may be nearer to the cell below than to the one beside.

    Args:
        boxes: (n, 4) of marks of one size.
    """
    if len(boxes) < 2:
        return 0.0
    boxes = boxes[:: -(-len(boxes) // ROW.max_marks)]
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    spans = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    apart = np.abs(centers[:, None] - centers[None])
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    nearest = (np.arange(len(boxes)), distance.argmin(axis=1))
    x, y = apart[nearest].T
    votes = (x > ROW.min_ratio * y).astype(float) - (y > ROW.min_ratio * x)
    close = distance[nearest] <= ROW.max_close * np.maximum(spans, spans[nearest[1]])
    return _nats(votes[close], ROW.max_close_nats) + _nats(votes[~close], ROW.max_far_nats)


def _nats(votes: Floats, most: float) -> float:
    """Return the evidence of votes (n,) of -1 to 1; 0.0 where they do not agree."""
    net = float(votes.sum())
    agree = abs(net) >= ROW.min_agreement * len(votes)
    return float(np.clip(ROW.nats_per_neighbour * net, -most, most)) if agree else 0.0


def group_into_words(boxes: Boxes) -> Groups:
    """Number the words and numbers (n,): marks close together in rows across the page.

    Args:
        boxes: (n, 4) of the marks.
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
        boxes: (n, 4) of the marks.
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
