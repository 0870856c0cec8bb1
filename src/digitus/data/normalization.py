"""Normalizers: one formula for all pixels, fitted on the training rows.

The statistics are the mean and the standard deviation over all pixels of all training rows, so the
normalized values of an image do not depend on other images of its batch.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

Kind = Literal["none", "unit", "std", "zscore"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_CHUNK_VALUES = 1 << 16  # 512 kB as float64: fits into the processor's cache


@dataclass(frozen=True)
class Normalizer:
    """Maps pixels x to x (none), x/255 (unit), x/std (std) or (x - mean)/std (zscore).

    Attributes:
        kind: one of the four.
        mean: mean of all training pixels, 0 to 255.
        std: their standard deviation; 1 if all are equal.

    Raises:
        ValueError: if the kind is unknown, mean is not finite, or std is not finite and positive.
    """

    kind: Kind
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        """Check the kind and the numbers."""
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if not (math.isfinite(self.mean) and math.isfinite(self.std) and self.std > 0):
            raise ValueError(f"mean must be finite and std above 0, not {self.mean} and {self.std}")

    @classmethod
    def fit(cls, kind: Kind, pixels: NDArray[Any]) -> Self:
        """Return a normalizer with the mean and standard deviation of training pixels (n, d).

        Raises:
            ValueError: if the array is empty, or a pixel is NaN or infinite.
        """
        if pixels.size == 0:
            raise ValueError("a normalizer needs at least one training row")
        low, high = float(pixels.min()), float(pixels.max())
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError("a normalizer needs finite pixels, found NaN or infinity")
        if low == high:
            return cls(kind, low, 1.0)  # constant pixels: std would be 0
        mean, std = _exact_moments(pixels) if pixels.dtype == np.uint8 else _moments(pixels)
        return cls(kind, mean, std)

    def apply(self, pixels: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Normalize pixels of any shape to float32, or into ``out``.

        Every value is computed in float64 and rounded once, so that an image gives the same bits
        alone or in a batch, as bytes or as floats.
        """
        if out is None:
            out = np.empty(pixels.shape, np.float32)
        shift, scale = self._shift_and_scale()
        rows = max(1, _CHUNK_VALUES * len(pixels) // max(1, pixels.size)) if pixels.ndim else 1
        for start in range(0, len(pixels), rows):
            chunk = np.subtract(pixels[start : start + rows], shift, dtype=np.float64)
            out[start : start + rows] = np.divide(chunk, scale, out=chunk)
        return out

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values for ``json.dumps``."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Return the normalizer of ``to_json``'s result.

        Raises:
            ValueError: if a field is missing or invalid.
        """
        try:
            return cls(fields["kind"], float(fields["mean"]), float(fields["std"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"a normalizer needs kind, mean and std, not {fields!r}") from error

    def _shift_and_scale(self) -> tuple[float, float]:
        if self.kind == "zscore":
            return self.mean, self.std
        return 0.0, {"none": 1.0, "unit": 255.0, "std": self.std}[self.kind]


def _chunks(pixels: NDArray[Any]) -> Iterator[NDArray[Any]]:
    flat = pixels.reshape(-1)
    for start in range(0, flat.size, _CHUNK_VALUES):
        yield flat[start : start + _CHUNK_VALUES]


def _exact_moments(pixels: NDArray[Any]) -> tuple[float, float]:
    """Return mean and standard deviation of bytes, from exact integer sums."""
    counts = np.zeros(256, np.int64)
    for chunk in _chunks(pixels):
        counts += np.bincount(chunk, minlength=256)
    n = pixels.size
    total = sum(value * count for value, count in enumerate(counts.tolist()))
    squares = sum(value * value * count for value, count in enumerate(counts.tolist()))
    return total / n, math.sqrt((n * squares - total * total) / (n * n))


def _moments(pixels: NDArray[Any]) -> tuple[float, float]:
    """Return mean and standard deviation of floats, in two passes to avoid cancellation."""
    mean = math.fsum(float(chunk.sum(dtype=np.float64)) for chunk in _chunks(pixels)) / pixels.size
    squares = math.fsum(
        float(np.square(np.subtract(chunk, mean, dtype=np.float64)).sum())
        for chunk in _chunks(pixels)
    )
    return mean, math.sqrt(squares / pixels.size)
