"""Connected components of ink, and the likelihood of each as one digit."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.patch import make_patch
from digitus.reader.layout.boxes import Boxes, Floats
from digitus.recognizer import FULL_INK_IN_MNIST, DigitModel


@dataclass(frozen=True)
class InkComponentParameters:
    """Parameters of ink components. Log-likelihoods are in nats.

    Set by hand: ``letter_nats`` is about the log-likelihood of a digit with confidence 0.37.

    Attributes:
        min_ink: least ink of the pixels that connect. It is higher than for digits that are read,
            because fainter ink would join the letters of print.
        min_likelihood: least likelihood of a component as a digit, so that a single one never
            decides.
        letter_nats: log-likelihood of a letter; components that are less likely digits are letters.
    """

    min_ink: float = 0.3
    min_likelihood: float = 1e-2
    letter_nats: float = -1.0


PARAMETERS = InkComponentParameters()


@dataclass(frozen=True, eq=False)
class InkComponents:
    """The connected components of an ink map.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        labels: (rows, cols) 0 for paper, i + 1 in component i.
        boxes: (n, 4) left, top, right, bottom in pixels; right and bottom are exclusive.
        areas_px: (n,) number of inked pixels.
    """

    ink: Ink
    labels: NDArray[np.int32]
    boxes: Boxes
    areas_px: NDArray[np.int64]

    def crop(self, place: int) -> Ink:
        """Return the ink of one component, cropped to its box, without its neighbors."""
        left, top, right, bottom = self.boxes[place].tolist()
        window = (slice(top, bottom), slice(left, right))
        return np.where(self.labels[window] == place + 1, self.ink[window], np.float32(0))


def find_ink_components(ink: Ink) -> InkComponents:
    """Label the connected components of ink (rows, cols)."""
    mask = (ink > PARAMETERS.min_ink).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    table = np.asarray(stats, np.int64)[1:]
    boxes = table[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return InkComponents(ink, np.asarray(labels, np.int32), boxes, table[:, 4])


def digit_log_likelihoods(model: DigitModel, inks: Sequence[Ink]) -> Floats:
    """Return the log-likelihood (n,) of each component as its likeliest digit, in nats.

    Args:
        model: classifies single digits.
        inks: n components (rows, cols).
    """
    if not inks:
        return np.zeros(0)
    rows = np.stack([make_patch(ink) for ink in inks]).reshape(len(inks), -1)
    classified = model.classify(rows * np.float32(FULL_INK_IN_MNIST))
    best = np.asarray(classified.probabilities).max(axis=1) * np.asarray(classified.p_digit)
    return np.asarray(np.log(np.maximum(best, PARAMETERS.min_likelihood)), np.float64)
