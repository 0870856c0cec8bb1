"""Which way up a page is: the turn at which its marks are the likeliest digits."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink, Page
from digitus.imaging.patch import make_patch
from digitus.recognizer import DigitModel

TURNS = 4
FIRST_MARKS = 8  # judged as they stand; if these are digits, nothing is turned
MOST_MARKS = 24
SURELY_UPRIGHT = -0.35  # mean log-likelihood from which nothing else is tried
LEAST_LIKELY = 1e-2  # one mark tells no more than this against a turn
LEAST_GAIN = 5.0  # nats that a turn gains: more than any single mark can tell
LEAST_MEAN = -1.5  # of the marks' log-likelihoods: most of them are digits after the turn
SLENDER = 2.0  # times as long as wide: a 1 upright is a dash on its side, a string is no digit
CLEARLY = 1.5  # times nearer to one axis than to the other
MOST_NEIGHBOURS = 300
NEIGHBOUR_NATS = 0.5  # that a neighbour beside a mark tells for lines along the rows
MOST_NATS = 8.0
LEAST_MEAN_GAIN = 0.25  # nats, so that a few among many marks do not turn the page
INKED = 0.3
LEAST_SIDE_PX = 6
SIMILAR = 0.5  # of the middle size: smaller marks are dots, larger ones drawings
FULL_INK = 255


def turned(page: Page, turns: int) -> Page:
    """Turn a page or its ink by quarter turns counterclockwise, -3 to 3."""
    return np.ascontiguousarray(np.rot90(page, turns)) if turns % TURNS else page


def quarter_turns(model: DigitModel, ink: Ink) -> int:
    """Tell by how many quarter turns counterclockwise ink (rows, cols) becomes upright, 0 to 3.

    Not the page but its marks are turned and judged. 0, 1, 8 and a 6 that may be a 9 are as
    likely upside down, so they count for nothing, and slender marks are left out. If the first
    marks are surely digits as they stand, no others are judged. Lines that run along the columns
    tell for a turn too: neighbours stand nearer in a line than lines do.

    Args:
        model: judges patches.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    marks, across = _digit_like(ink)
    if not marks:
        return 0
    some = marks[:: -(-len(marks) // FIRST_MARKS)]  # from all over the page
    first = np.stack([make_patch(mark) for mark in some])
    if likelihoods(model, first).mean() >= SURELY_UPRIGHT:
        return 0
    return likeliest_turn(model, marks, lines_across=across)


def likeliest_turn(model: DigitModel, marks: list[Ink], *, lines_across: float = 0.0) -> int:
    """Give the quarter turns counterclockwise at which marks are the likeliest digits, 0 to 3.

    Args:
        model: judges patches.
        marks: ink (rows, cols) of single marks.
        lines_across: nats for lines along the rows, negative for lines along the columns.
    """
    patches = np.stack(
        [make_patch(turned(mark, turns)) for turns in range(TURNS) for mark in marks]
    )
    likely = likelihoods(model, patches).reshape(TURNS, len(marks)).sum(axis=1)
    totals = likely - np.array([0, lines_across, 0, lines_across])
    best = int(totals.argmax())
    gains = totals[best] - totals[0] >= max(LEAST_GAIN, LEAST_MEAN_GAIN * len(marks))
    return best if gains and likely[best] >= LEAST_MEAN * len(marks) else 0


def likelihoods(model: DigitModel, patches: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the log-likelihood (n,) of patches (n, 28, 28) as their likeliest digits."""
    judged = model.judge(patches.reshape(len(patches), -1) * np.float32(FULL_INK))
    likely = np.asarray(judged.probabilities).max(axis=1) * np.asarray(judged.digit)
    return np.asarray(np.log(np.maximum(likely, LEAST_LIKELY)), np.float64)


def _digit_like(ink: Ink) -> tuple[list[Ink], float]:
    """Cut out marks that stand alone and may be digits; tell which way the lines run."""
    mask = (ink > INKED).astype(np.uint8)
    _, labelled, stats, _ = cv2.connectedComponentsWithStats(mask)
    labels, boxes = np.asarray(labelled, np.int32), np.asarray(stats, np.int32)
    similar = _of_middle_size(boxes, ink.shape)
    if not len(similar):
        return [], 0.0
    square = boxes[similar, 2:4].max(axis=1) <= SLENDER * boxes[similar, 2:4].min(axis=1)
    chosen = similar[square]
    if len(chosen) > MOST_MARKS:
        chosen = chosen[np.linspace(0, len(chosen) - 1, MOST_MARKS).astype(int)]
    marks = [_cut(ink, labels, boxes[label], label) for label in chosen]
    return marks, _lines_across(boxes[similar])


def _of_middle_size(boxes: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Choose the components, without the background, that touch no border and are alike in size."""
    sizes = boxes[:, 2:4].max(axis=1)
    far = boxes[:, :2] + boxes[:, 2:4]
    fit = (sizes >= LEAST_SIDE_PX) & (boxes[:, :2] > 0).all(axis=1)
    fit &= (far < np.array(shape[::-1])).all(axis=1)
    fit[0] = False
    chosen: NDArray[np.intp] = np.flatnonzero(fit)
    if not len(chosen):
        return chosen
    order = chosen[np.argsort(sizes[chosen])]
    weights = np.cumsum(boxes[order, 4])
    middle = sizes[order][np.searchsorted(weights, weights[-1] / 2)]
    similar = (sizes[chosen] >= SIMILAR * middle) & (sizes[chosen] <= middle / SIMILAR)
    return np.asarray(chosen[similar])


def _lines_across(boxes: NDArray[np.int32]) -> float:
    """Count the marks whose nearest neighbour is beside them, less those where it is above."""
    centers = boxes[:MOST_NEIGHBOURS, :2] + boxes[:MOST_NEIGHBOURS, 2:4] / 2
    apart = np.abs(centers[:, None] - centers[None])
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    x, y = apart[np.arange(len(centers)), distance.argmin(axis=1)].T
    votes = np.count_nonzero(x > CLEARLY * y) - np.count_nonzero(y > CLEARLY * x)
    return float(np.clip(NEIGHBOUR_NATS * votes, -MOST_NATS, MOST_NATS))


def _cut(ink: Ink, labels: NDArray[np.int32], box: NDArray[np.int32], label: int) -> Ink:
    left, top, width, height = (int(side) for side in box[:4])
    window = (slice(top, top + height), slice(left, left + width))
    return np.where(labels[window] == label, ink[window], np.float32(0))
