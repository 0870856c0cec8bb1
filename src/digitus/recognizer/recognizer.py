"""Recognize a single digit: from one image to one `Prediction`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from os import PathLike
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Ink, Patch
from digitus.imaging.data_uri import levels_of, png_data_uri
from digitus.imaging.ink.digit_ink import is_blank
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.patch.patch import PATCH_PX, make_patch
from digitus.imaging.preprocessing import Preprocessed, preprocess, writing_of_page
from digitus.imaging.strokes import Strokes, render_strokes
from digitus.percent import percent
from digitus.recognizer.digit_model import (
    FULL_INK_IN_MNIST,
    DigitModel,
    ModelSource,
    load_digit_model,
)
from digitus.recognizer.several_digits import holds_several

Verdict: TypeAlias = Literal["digit", "blank", "not_a_digit", "several_digits"]

Floats: TypeAlias = NDArray[np.floating[Any]]

ALMOST_ONE = float(np.nextafter(1.0, 0.0))
"""The largest number below 1: rounding alone makes a network's probability 1."""


ManyImages: TypeAlias = list[Any] | tuple[Any, ...]


@dataclass(frozen=True)
class Prediction:
    """The result for one image.

    Attributes:
        verdict: ``digit``, ``blank`` (nothing is written), ``not_a_digit`` or ``several_digits``;
            `digitus.read` reads these.
        digit: 0 to 9; None unless the verdict is ``digit``.
        confidence: calibrated probability that the image is a digit and ``best_guess`` the right
            one; None for a blank.
        best_guess: the likeliest digit, also if it was declined; None for a blank.
        p_digit: calibrated probability that the image is a digit at all; None for a blank.
        runner_up: the second likeliest digit and its probability; None for a blank.
        probabilities: probabilities of the digits 0 to 9, given that the image is a digit; they sum
            to one; None for a blank.
        patch: (28, 28), the input of the network, 0.0 paper to 1.0 full ink; that of all digits
            together if there are several; None for a blank.
        too_doubtful: whether it passed for a digit but was declined for its low confidence.
    """

    verdict: Verdict
    digit: int | None = None
    confidence: float | None = None
    best_guess: int | None = None
    p_digit: float | None = None
    runner_up: tuple[int, float] | None = None
    probabilities: tuple[float, ...] | None = None
    patch: Patch | None = field(default=None, repr=False, compare=False)
    too_doubtful: bool = False

    def __repr__(self) -> str:
        """Return the answer and its confidence."""
        if self.confidence is None:
            return f"<Prediction: {self.verdict}>"
        sure = percent(self.confidence)
        if self.digit is not None:
            return f"<Prediction: {self.digit} ({sure})>"
        if self.verdict == "several_digits":
            return "<Prediction: several_digits, use digitus.read>"
        return f"<Prediction: {self.verdict}, {self.best_guess} at best ({sure})>"

    def _repr_html_(self) -> str:
        """Return the patch and the likeliest answers as a table, for notebooks."""
        if self.patch is None:
            return f"<b>{self.verdict}</b>"
        uri = png_data_uri(levels_of(1 - self.patch))
        image = (
            f'<img src="{uri}" alt="what the network sees" '
            'style="width: 112px; image-rendering: pixelated; border: 1px solid gray">'
        )
        rows = "".join(
            f"<tr><th>{name}</th><td>{share}</td></tr>" for name, share in self._shares()
        )
        if self.verdict == "several_digits":
            return f"<div>{image}<p>more than one digit; use <code>digitus.read</code></p></div>"
        title = self.verdict if self.digit is None else self.digit
        return f"<div>{image}<table><tr><th>answer</th><td>{title}</td></tr>{rows}</table></div>"

    def _shares(self) -> list[tuple[str, str]]:
        """Return the two likeliest digits and "not a digit", each with its probability as text."""
        if self.confidence is None or self.p_digit is None or self.runner_up is None:
            return []
        second, share = self.runner_up
        shares = {
            f"{self.best_guess}": self.confidence,
            f"{second}": share * self.p_digit,
            "not a digit": 1 - self.p_digit,
        }
        return [(name, percent(value)) for name, value in shares.items()]

    def to_json(self, source: str) -> dict[str, Any]:
        """Return one of the results of ``digitus predict --json``."""
        runner_up = self.runner_up and dict(
            zip(("digit", "probability"), self.runner_up, strict=True)
        )
        return {
            "source": source,
            "verdict": self.verdict,
            "digit": self.digit,
            "confidence": self.confidence,
            "best_guess": self.best_guess,
            "p_digit": self.p_digit,
            "runner_up": runner_up,
            "probabilities": self.probabilities and list(self.probabilities),
        }


BLANK = Prediction("blank")


class Recognizer:
    """Reads single digits with one model, which is loaded once.

    Args:
        model: a shipped name, a model file or a loaded model; None is the default model.
        min_confidence: answers with a lower confidence are declined: their verdict is
            ``not_a_digit`` and their ``digit`` None; ``best_guess`` keeps the digit.

    Raises:
        ModelFileError: if there is no such model.
        ValueError: if ``min_confidence`` is not from 0 to 1.
    """

    def __init__(
        self,
        model: str | PathLike[str] | DigitModel | None = None,
        *,
        min_confidence: float = 0.0,
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"a confidence lies in 0 to 1; got {min_confidence}")
        self.model, self.min_confidence = load_digit_model(model), min_confidence

    def __repr__(self) -> str:
        """Return the model's name and the threshold, if one is set."""
        name = getattr(self.model, "name", type(self.model).__name__)
        least = f", min_confidence={self.min_confidence!r}" if self.min_confidence else ""
        return f"Recognizer({name!r}{least})"

    @overload
    def predict(self, image: ImageSource) -> Prediction: ...
    @overload
    def predict(self, image: ManyImages) -> list[Prediction]: ...
    def predict(self, image: ImageSource | ManyImages) -> Prediction | list[Prediction]:
        """Read the digit in an image: a path, bytes, a file, a PIL image or an array.

        A list or tuple of images gives a list of predictions.

        A row of 784 values from 0 to 255, as in a data set, goes to the network without
        preprocessing; several digits are not looked for in it. A row of floats whose largest value
        is 1.0 or less is refused, because it may have been scaled already.

        Raises:
            ImageError: if the image cannot be opened.
            ValueError: if an array has the wrong shape, type or range.
        """
        if isinstance(image, list | tuple):
            return [self.predict(one) for one in image]
        if isinstance(image, np.ndarray) and image.ndim == 1:
            return self.predict_patches(_patch_of_row(image)[None])[0]
        return self.predict_preprocessed(preprocess(image))

    def predict_preprocessed(self, preprocessed: Preprocessed) -> Prediction:
        """Read an image that ``imaging.preprocess`` has reduced to its patch."""
        if preprocessed.patch is None:
            return BLANK
        writing, ink = preprocessed.writing, preprocessed.ink
        found = self._predict_writing(preprocessed.patch, writing, is_alone=writing is ink)
        if found.verdict != "not_a_digit" or found.too_doubtful:
            return found
        # Lines that are left in the ink join digits to each other.
        page = writing_of_page(preprocessed.grey)
        again = BLANK if page is None else self._predict_writing(make_patch(page), page)
        return again if again.verdict == "several_digits" else found

    def predict_strokes(
        self, strokes: Strokes, *, width: int, height: int, pen_px: float
    ) -> Prediction:
        """Read the digit that a pen drew on a canvas; all lengths in pixels.

        Raises:
            ValueError: if a size is not positive, or a point is not a pair of numbers.
        """
        ink = render_strokes(strokes, width=width, height=height, pen_px=pen_px)
        return self.predict_inks([ink])[0]

    def predict_inks(self, inks: Sequence[Ink]) -> list[Prediction]:
        """Read drawings in one batch, each its ink (rows, cols), 0.0 paper to 1.0 full ink."""
        if not inks:
            return []
        empty = np.zeros((PATCH_PX, PATCH_PX), np.float32)
        patches = [empty if is_blank(ink) else make_patch(ink) for ink in inks]
        found = self.predict_patches(np.stack(patches))
        return [self._unless_several(one, one, ink) for one, ink in zip(found, inks, strict=True)]

    def predict_patches(self, patches: ArrayLike) -> list[Prediction]:
        """Read patches (n, 28, 28), 0.0 paper to 1.0 full ink, in one batch.

        Raises:
            ValueError: if the patches have another shape or range.
        """
        patches = _checked_patches(patches)
        has_ink = np.array([not is_blank(patch) for patch in patches], bool)
        predictions = [BLANK] * len(patches)
        if has_ink.any():
            pixels = patches[has_ink].reshape(-1, PATCH_PX**2) * FULL_INK_IN_MNIST
            probabilities, p_digit = self.model.classify(pixels)
            for row, index in enumerate(np.flatnonzero(has_ink)):
                predictions[index] = self._decide(probabilities[row], p_digit[row], patches[index])
        return predictions

    def _decide(self, probabilities: Floats, p_digit: float, patch: Patch) -> Prediction:
        """Return the likeliest digit, or decline it by the threshold or the confidence."""
        row = tuple(min(float(value), ALMOST_ONE) for value in probabilities)
        best, second = sorted(range(len(row)), key=row.__getitem__, reverse=True)[:2]
        confidence = row[best] * float(p_digit)
        passes = p_digit >= self.model.digit_threshold
        is_confident = confidence >= self.min_confidence
        accepted = passes and is_confident
        return Prediction(
            verdict="digit" if accepted else "not_a_digit",
            digit=best if accepted else None,
            confidence=confidence,
            best_guess=best,
            p_digit=float(p_digit),
            runner_up=(second, row[second]),
            probabilities=row,
            patch=patch,
            too_doubtful=bool(passes and not is_confident),
        )

    def _predict_writing(self, patch: Patch, writing: Ink, *, is_alone: bool = True) -> Prediction:
        """Read a patch, unless the writing around it is several digits.

        Args:
            patch: (28, 28) of the digit.
            writing: (rows, cols), ink of the digit and its neighbors.
            is_alone: whether there are no neighbors; then the patch is that of the writing.
        """
        patches = [patch] if is_alone else [patch, make_patch(writing)]
        found, *neighbors = self.predict_patches(np.stack(patches))
        return self._unless_several(found, neighbors[0] if neighbors else found, writing)

    def _unless_several(self, found: Prediction, whole: Prediction, writing: Ink) -> Prediction:
        """Return what was found, unless the whole writing is several digits."""
        is_blank = found.verdict == "blank"
        if is_blank or not holds_several(self.model, writing, whole.confidence or 0.0):
            return found
        return replace(whole, verdict="several_digits", digit=None, too_doubtful=False)


@overload
def predict(image: ImageSource, *, model: ModelSource = None) -> Prediction: ...
@overload
def predict(image: ManyImages, *, model: ModelSource = None) -> list[Prediction]: ...
def predict(
    image: ImageSource | ManyImages, *, model: ModelSource = None
) -> Prediction | list[Prediction]:
    """Read the digit in an image with the default model, or with another one.

    Args:
        image: a path, bytes, a file, a PIL image or an array, or a list of these, which gives a
            list of predictions; see `Recognizer.predict`.
        model: see `Recognizer`.

    Raises:
        ImageError: if the image cannot be opened.
        ModelFileError: if there is no such model.
    """
    return (_default_recognizer() if model is None else Recognizer(model)).predict(image)


@cache
def _default_recognizer() -> Recognizer:
    return Recognizer()


def _checked_patches(patches: ArrayLike) -> NDArray[np.float32]:
    array = np.asarray(patches, np.float32)
    if array.ndim != 3 or array.shape[1:] != (PATCH_PX, PATCH_PX):
        raise ValueError(f"patches have the shape (n, 28, 28); got {array.shape}")
    if not ((array >= 0) & (array <= 1)).all():  # false for NaN too
        raise ValueError("patches hold ink from 0.0 to 1.0, without NaN; scale them first")
    return array


def _patch_of_row(row: NDArray[Any]) -> Patch:
    _refuse_other_rows(row)
    patch: Patch = np.divide(row, FULL_INK_IN_MNIST, dtype=np.float32)
    return patch.reshape(PATCH_PX, PATCH_PX)


def _refuse_other_rows(row: NDArray[Any]) -> None:
    wanted = "a row of pixels has 784 values from 0 to 255"
    if row.shape != (PATCH_PX**2,) or row.dtype.kind not in "buif":
        raise ValueError(f"{wanted}; got {row.size} of type {row.dtype}")
    unfit = np.flatnonzero(~((row >= 0) & (row <= FULL_INK_IN_MNIST)))  # NaN too
    if unfit.size:
        raise ValueError(f"{wanted}; got {row[unfit[0]]} at index {unfit[0]}, correct it")
    if row.dtype.kind not in "iu" and 0 < row.max() <= 1:
        raise ValueError(
            f"{wanted}; the largest of this {row.dtype} row is {row.max()}: "
            "multiply it by 255 if 1 is full ink, or convert it to integers if 255 is"
        )
