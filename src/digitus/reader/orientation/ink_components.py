"""Single marks: connected ink that may be one digit or letter, and its likelihood as a digit."""

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
class MarkParameters:
    """Parameters of single marks. Log-likelihoods are in nats.

    Attributes:
        min_ink: ink of the pixels that connect. Higher than for digits that are read: fainter ink
            would join the letters of print.
        min_likelihood: least likelihood of a mark as a digit, so that no single mark decides.
        letter_nats: log-likelihood of a letter: marks that are less likely digits are letters.
    """

    min_ink: float = 0.3
    min_likelihood: float = 1e-2
    letter_nats: float = -1.0


PARAMETERS = MarkParameters()


@dataclass(frozen=True, eq=False)
class ConnectedMarks:
    """The connected marks of some ink.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        labels: (rows, cols) 0 for paper, i + 1 in mark i.
        boxes: (n, 4) left, top, right, bottom in pixels; right and bottom are exclusive.
        areas_px: (n,) inked pixels.
    """

    ink: Ink
    labels: NDArray[np.int32]
    boxes: Boxes
    areas_px: NDArray[np.int64]

    def crop(self, place: int) -> Ink:
        """Return the ink of one mark, cropped to its box, without its neighbours."""
        left, top, right, bottom = self.boxes[place].tolist()
        window = (slice(top, bottom), slice(left, right))
        return np.where(self.labels[window] == place + 1, self.ink[window], np.float32(0))


def connected_marks(ink: Ink) -> ConnectedMarks:
    """Label the connected marks of ink (rows, cols)."""
    mask = (ink > PARAMETERS.min_ink).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    table = np.asarray(stats, np.int64)[1:]
    boxes = table[:, :4].copy()
    boxes[:, 2:] += boxes[:, :2]
    return ConnectedMarks(ink, np.asarray(labels, np.int32), boxes, table[:, 4])


def digit_log_likelihoods(model: DigitModel, inks: Sequence[Ink]) -> Floats:
    """Return the log-likelihood (n,) of each mark as its likeliest digit, in nats.

    Args:
        model: classifies single digits.
        inks: n marks (rows, cols).
    """
    if not inks:
        return np.zeros(0)
    rows = np.stack([make_patch(ink) for ink in inks]).reshape(len(inks), -1)
    classified = model.classify(rows * np.float32(FULL_INK_IN_MNIST))
    best = np.asarray(classified.probabilities).max(axis=1) * np.asarray(classified.p_digit)
    return np.asarray(np.log(np.maximum(best, PARAMETERS.min_likelihood)), np.float64)
