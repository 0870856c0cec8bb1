"""A model: a trained network with its normalizer, calibration and record."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.error_bound import ErrorCurve
from digitus.nn.arrays import Floats, Ints
from digitus.nn.network import Network

Pixels = npt.NDArray[Any]

_CHUNK_ROWS = 4096
_DIGITS = 10


class Classification(NamedTuple):
    """Probabilities of n images.

    Attributes:
        probabilities: (n, 10) calibrated, of the digits given that it is one; each row's sum 1.
        p_digit: (n,) calibrated probability that it is a digit at all; 1 for networks without the
            eleventh class.
    """

    probabilities: Floats
    p_digit: Floats


@dataclass
class Model:
    """A network, the normalizer fitted on its training rows, and its calibration.

    Attributes:
        name: a shipped name or that of the file.
        network: takes normalized rows (n, 784).
        normalizer: turns pixel values 0..255 into what the network was trained on.
        temperature: divides the logits to calibrate the probabilities (Guo et al. 2017, eq. 9).
        record: how it was trained and what it scored (JSON types).
        digit_threshold: a patch whose ``p_digit`` is lower is not a digit.
        errors: risk-coverage curve on held-out digits; None if none were held out.

    Pixels are values 0..255 in rows (n, 784) or images (n, 28, 28), one or many.

    Raises:
        ValueError: if the temperature is not a number above 0, or pixels have another shape.
    """

    name: str
    network: Network
    normalizer: Normalizer
    temperature: float = 1.0
    record: dict[str, Any] = field(default_factory=dict)
    digit_threshold: float = 0.0
    errors: ErrorCurve | None = None

    def __post_init__(self) -> None:
        """Check temperature and threshold."""
        if not (np.isfinite(self.temperature) and self.temperature > 0):
            raise ValueError(f"the temperature must be finite and above 0, not {self.temperature}")
        if not 0 <= self.digit_threshold < 1:
            raise ValueError(
                f"digit_threshold must be from 0 to below 1, not {self.digit_threshold}"
            )

    def logits(self, pixels: Pixels) -> Floats:
        """Return the network's logits (n, k); k is 10, or 11 with the class "not a digit".

        Raises:
            ModelFileError: if the weights are finite but overflow.
        """
        rows, network = self._as_rows(pixels), self.network
        logits = np.empty((len(rows), network.n_outputs), network.dtype)
        with np.errstate(over="ignore", invalid="ignore"):  # found below
            for start in range(0, len(rows), _CHUNK_ROWS):  # normalized, they take more memory
                part = rows[start : start + _CHUNK_ROWS]
                x = self.normalizer.apply(part, np.empty(part.shape, network.dtype))
                logits[start : start + len(part)] = network.logits(x)
        if not np.isfinite(logits).all():
            self._refuse_overflow(rows)
        return logits

    def _refuse_overflow(self, rows: Pixels) -> NoReturn:
        """Say why an output is NaN or infinite."""
        if rows.dtype.kind == "f" and not np.isfinite(rows).all():
            raise ValueError("expected pixels that are finite, got NaN or infinity")
        raise ModelFileError(
            f"{self.name}: its weights overflow, so that answers cannot be computed; "
            f"train the model again"
        )

    def predict(self, pixels: Pixels) -> Ints:
        """Return the likeliest digit (n,) of each image."""
        digits: Ints = self.logits(pixels)[:, :_DIGITS].argmax(axis=1)
        return digits

    def outputs(self, pixels: Pixels) -> Floats:
        """Return the network's raw outputs (n, k), uncalibrated."""
        logits = self.logits(pixels)
        self.network.loss.probabilities(logits, logits)
        return logits

    def probabilities(self, pixels: Pixels) -> Floats:
        """Return calibrated probabilities (n, 10), each row's sum 1.

        Ten sigmoid outputs are independent of each other; they are scaled to sum to one.
        """
        return self.classify(pixels).probabilities

    def classify(self, pixels: Pixels) -> Classification:
        """Return calibrated probabilities of the digits, and of being a digit at all.

        Raises:
            ModelFileError: as `logits`, or if the temperature is so low that they overflow.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # found below
            outputs = calibrated(self.network, self.logits(pixels), self.temperature)
        if not np.isfinite(outputs).all():
            raise ModelFileError(
                f"{self.name}: its temperature {self.temperature:.3g} is too low to compute "
                f"probabilities; train the model again"
            )
        return split_classes(outputs)

    def _as_rows(self, pixels: Pixels) -> Pixels:
        rows, d = np.atleast_2d(pixels), self.network.n_inputs
        if rows.shape[-2] * rows.shape[-1] == d:  # images, one or many
            rows = rows.reshape(-1, d)
        if rows.ndim != 2 or rows.shape[1] != d:
            raise ValueError(
                f"expected pixels in rows of {d}, such as (n, {d}), or as images; "
                f"got shape {np.shape(pixels)}"
            )
        return rows


def calibrated(network: Network, logits: Floats, temperature: float) -> Floats:
    """Turn logits (n, k) into probabilities (n, k) at a temperature, each row's sum 1."""
    scaled = logits.astype(np.float64) / temperature
    network.loss.probabilities(scaled, scaled)
    scaled += np.finfo(np.float64).tiny  # ten outputs of 0 become 0.1 each
    scaled /= scaled.sum(axis=1, keepdims=True)
    return scaled


def split_classes(outputs: Floats) -> Classification:
    """Split the outputs into those of the digits (n, 10) and the probability of being one.

    Args:
        outputs: (n, 10) or (n, 11) calibrated, each row's sum 1.
    """
    digits = outputs[:, :_DIGITS]
    if outputs.shape[1] <= _DIGITS:
        return Classification(digits, np.ones(len(outputs)))
    written = digits.sum(axis=1)
    return Classification(digits / np.maximum(written, np.finfo(np.float64).tiny)[:, None], written)
