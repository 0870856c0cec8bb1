"""What the digit model says of the parts of an image: as a whole, and divided into digits.

The page in the browser computes the same (`web/static/split_evidence.js`), held equal by test.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import find_components
from digitus.imaging.patch.centering import cropped
from digitus.imaging.patch.patch import PATCH_PX, make_patch
from digitus.recognizer.digit_model import FULL_INK_IN_MNIST, DigitModel


@dataclass(frozen=True)
class SplitParameters:
    """Parameters of the evidence.

    The gate was set by hand on synthetic images: about half of those of one digit pass it, most
    because they were broken or have dots, and three of 1,000 of several digits do not.

    Attributes:
        faintest_edge: share of the darkest ink below which pixels do not count for the box.
        digit_size: least size of a component that may be a digit, as a share of the largest one's.
        most_components: number of such components that are classified, the largest first.
        cuts: number of columns at which the writing is divided in two.
        cut_range: range of these columns, as shares of the width.
        cut_blur: half of the window over which the ink of columns is averaged, as a share of the
            width.
        cut_apart: least distance of two cuts, as a share of the width.
        sure: confidence of the whole from which writing is one digit, if it is one component and
            narrow.
        narrow: width over height up to which writing is narrow.
    """

    faintest_edge: float = 0.3
    digit_size: float = 0.4
    most_components: int = 6
    cuts: int = 3
    cut_range: tuple[float, float] = (0.2, 0.8)
    cut_blur: float = 0.025
    cut_apart: float = 0.1
    sure: float = 0.99
    narrow: float = 0.8


SPLIT = SplitParameters()


@dataclass(frozen=True, eq=False)
class WritingShape:
    """The ink of all writing in an image, cropped, and its digit-sized components.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        components: ink (rows, cols) of each component of a digit's size, the largest first.
    """

    ink: Ink
    components: list[Ink]

    @property
    def aspect(self) -> float:
        """Width over height."""
        rows, cols = self.ink.shape
        return float(cols / rows)


def shape_of(writing: Ink) -> WritingShape:
    """Crop writing (rows, cols) and find its components of a digit's size.

    Raises:
        ValueError: if no pixel carries ink.
    """
    ink = cropped(writing, least=SPLIT.faintest_edge * float(writing.max()))
    found = find_components(ink)
    spans = found.spans_px
    large = np.flatnonzero(spans >= SPLIT.digit_size * spans.max(initial=0))
    order = large[np.argsort(-spans[large], kind="stable")][: SPLIT.most_components]
    places = order.tolist() if len(order) > 1 else []
    alone = [np.where(found.mask(place), _box(ink, found.boxes[place]), 0) for place in places]
    return WritingShape(ink, [np.asarray(one, np.float32) for one in alone])


def may_be_several(shape: WritingShape, confidence: float) -> bool:
    """Return whether writing is more than one sure, narrow component.

    Args:
        shape: of the writing.
        confidence: of the digit model that the whole is one digit.
    """
    is_sure = confidence >= SPLIT.sure and shape.aspect <= SPLIT.narrow
    return bool(shape.components) or not is_sure


def split_confidence(model: DigitModel, shape: WritingShape) -> float:
    """Return how sure the digit model is of two digits, side by side or as components.

    The confidence of two digits is the lower one of both; of all ways to divide the writing, the
    surest one counts. 0.0 if it cannot be divided.
    """
    halves = _halves(shape.ink)
    inks = [*shape.components, *halves]
    if not inks:
        return 0.0
    patches = np.stack([make_patch(ink) for ink in inks])
    rows = patches.reshape(len(inks), PATCH_PX**2) * np.float32(FULL_INK_IN_MNIST)
    probabilities, p_digit = model.classify(rows)
    confidence = probabilities.max(axis=1) * p_digit
    n = len(shape.components)
    second = np.sort(confidence[:n])[-2:-1]
    pairs = confidence[n:].reshape(-1, 2).min(axis=1)
    return float(np.concatenate([second, pairs]).max(initial=0.0))


def _halves(ink: Ink) -> list[Ink]:
    """Divide ink at the columns with least ink; left and right of each, one after the other."""
    halves: list[Ink] = []
    least = SPLIT.faintest_edge * float(ink.max())
    for col in _cuts(ink):
        left, right = ink[:, :col], ink[:, col:]
        if min(left.max(initial=0), right.max(initial=0)) > least:
            halves += [left, right]
    return halves


def _cuts(ink: Ink) -> list[int]:
    """Return the columns between 20 % and 80 % of the width with least ink, some way apart."""
    cols = ink.shape[1]
    profile = _averaged(ink.sum(axis=0, dtype=np.float64), int(SPLIT.cut_blur * cols))
    low, high = (int(share * cols) for share in SPLIT.cut_range)
    score = profile[max(1, low) : high + 1].copy()
    apart = int(SPLIT.cut_apart * cols)
    cuts: list[int] = []
    while len(cuts) < SPLIT.cuts and np.isfinite(score).any():
        place = int(score.argmin())
        cuts.append(max(1, low) + place)
        score[max(0, place - apart) : place + apart + 1] = np.inf
    return cuts


def _averaged(profile: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return the means (n,) over windows of 2 * reach + 1 values; nothing lies beyond the ends."""
    window = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    return np.convolve(profile, window, mode="same")


def _box(ink: Ink, box: NDArray[np.int64]) -> Ink:
    left, top, right, bottom = box
    return ink[top:bottom, left:right]
