"""Marks in rows: which way the rows run, what stands close together, and which way up print is."""

from typing import TypeAlias

import numpy as np

from digitus.reader.layout.boxes import Boxes, Floats, Places, grouped, near_pairs, overlap

CLEARLY = 1.5  # times nearer to one axis than to the other
MOST_NEIGHBOURS = 300
CLOSE = 1.1  # longer sides from middle to middle: within a word or a number
NEIGHBOUR_NATS = 0.5  # that a neighbour beside a mark tells for rows across the page
MOST_FAR_NATS = 8.0  # from neighbours farther off: cells of a grid may be low and wide
MOST_CLOSE_NATS = 20.0
LEAST_AGREED = 0.3  # of the neighbours, net of those that speak against the others
WORD_GAP = 0.8  # of the shorter mark's longer side: a line of print is one word
ALIKE = 2.2  # times as long; capitals are less than twice as tall as small letters
LEVEL = 0.4  # of the lower one's height that neighbours share
LEAST_LETTERS = 4  # of a word that tells which way up it is
RAGGED = 0.1  # of the height of letters: the unevenness that a hand has at head and foot
RAGGED_NATS = 4.0  # that a word of print tells at most

Groups: TypeAlias = Places


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
    """Tell by how many nats neighbours speak for rows across the page, negative for along it.

    In a row neighbours stand nearer than rows do. What is so close that it is one word or number
    counts for more: cells of a grid may lie nearer below each other than beside.

    Args:
        boxes: (n, 4) of marks of one size.
    """
    if len(boxes) < 2:
        return 0.0
    boxes = boxes[:: -(-len(boxes) // MOST_NEIGHBOURS)]
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    spans = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    apart = np.abs(centers[:, None] - centers[None])
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    nearest = (np.arange(len(boxes)), distance.argmin(axis=1))
    x, y = apart[nearest].T
    votes = (x > CLEARLY * y).astype(float) - (y > CLEARLY * x)
    close = distance[nearest] <= CLOSE * np.maximum(spans, spans[nearest[1]])
    return _nats(votes[close], MOST_CLOSE_NATS) + _nats(votes[~close], MOST_FAR_NATS)


def _nats(votes: Floats, most: float) -> float:
    """Add up votes (n,) of -1 to 1, unless they are for both ways, as those of a texture."""
    net = float(votes.sum())
    agree = abs(net) >= LEAST_AGREED * len(votes)
    return float(np.clip(NEIGHBOUR_NATS * net, -most, most)) if agree else 0.0


def words_of(boxes: Boxes) -> Groups:
    """Number what stands close together in rows across the page, (n,): words and numbers."""
    spans = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    first, second = near_pairs(boxes, WORD_GAP * float(spans.max(initial=0)))
    low = np.minimum(spans[first], spans[second])
    high = np.maximum(spans[first], spans[second])
    one, other = boxes[first], boxes[second]
    heights = boxes[:, 3] - boxes[:, 1]
    shared = overlap(one, other, 1) >= LEVEL * np.minimum(heights[first], heights[second])
    near = shared & (high <= ALIKE * low) & (-overlap(one, other, 0) <= WORD_GAP * low)
    return grouped(len(boxes), (first[near], second[near]))


def ragged_heads(boxes: Boxes, words: Groups) -> Floats:
    """Tell by how many nats each word (w,) speaks for standing upright, negative for on its head.

    Letters of print stand on one line, and differ in their heads: more rise above the others than
    hang below.

    Args:
        boxes: (n, 4) of the marks.
        words: (n,) the word of each.
    """
    count = int(words.max(initial=-1)) + 1
    nats = np.zeros(count)
    for word in np.flatnonzero(np.bincount(words, minlength=count) >= LEAST_LETTERS):
        mine = boxes[words == word].astype(float)
        height = float(np.median(mine[:, 3] - mine[:, 1]))
        heads, feet = (_unevenness(mine[:, side]) / height for side in (1, 3))
        nats[word] = RAGGED_NATS * (heads - feet) / (heads + feet + RAGGED)
    return nats


def _unevenness(levels: Floats) -> float:
    """Mean distance of levels (m,) from their middle."""
    return float(np.abs(levels - np.median(levels)).mean())
