"""Normalizers: one formula for every pixel, fitted on training rows alone.

The statistics are two numbers over all pixels of all training rows (as in system S0), so that
an image's normalized values do not depend on the images beside it.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

Kind = Literal["none", "unit", "std", "zscore"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_CHUNK_VALUES = 1 << 16  # 512 kB as float64: the work stays in the processor's cache


@dataclass(frozen=True)
class Normalizer:
    """Maps pixels x: none is x, unit x/255, std x/std, zscore (x - mean)/std.

    Attributes:
        kind: which of the four.
        mean: mean of all training pixels, in the unit of the pixels.
        std: their standard deviation, 1 if they are all the same.

    Raises:
        ValueError: if the kind is unknown, or mean or std are no usable numbers.
    """

    kind: Kind
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what would divide by zero or fill an image with NaN."""
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if not (math.isfinite(self.mean) and math.isfinite(self.std) and self.std > 0):
            raise ValueError(f"mean must be finite and std above 0, not {self.mean} and {self.std}")

    @classmethod
    def fit(cls, kind: Kind, pixels: NDArray[Any]) -> Self:
        """Take mean and standard deviation of training pixels (n, d), uint8 or float.

        Raises:
            ValueError: if there is no pixel, or one is NaN or infinite.
        """
        if pixels.size == 0:
            raise ValueError("a normalizer needs at least one training row")
        low, high = float(pixels.min()), float(pixels.max())
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError("a normalizer needs finite pixels, found NaN or infinity")
        if low == high:
            return cls(kind, low, 1.0)  # constant pixels: nothing to scale
        mean, std = _exact_moments(pixels) if pixels.dtype == np.uint8 else _moments(pixels)
        return cls(kind, mean, std)

    def apply(self, pixels: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Normalize pixels of any shape into float32, or into ``out``.

        Every value is computed alone, in float64, and rounded once: an image gives the same
        bits alone, in a batch, as bytes or as floats.
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
        """Return the fields as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Rebuild a normalizer from ``to_json``.

        Raises:
            ValueError: if a field is missing or of no use.
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
    """Mean and deviation of bytes from whole sums, which nothing rounds."""
    counts = np.zeros(256, np.int64)
    for chunk in _chunks(pixels):
        counts += np.bincount(chunk, minlength=256)
    n = pixels.size
    total = sum(value * count for value, count in enumerate(counts.tolist()))
    squares = sum(value * value * count for value, count in enumerate(counts.tolist()))
    return total / n, math.sqrt((n * squares - total * total) / (n * n))


def _moments(pixels: NDArray[Any]) -> tuple[float, float]:
    """Mean and deviation of floats in two passes, as the one-pass formula cancels digits."""
    mean = math.fsum(float(chunk.sum(dtype=np.float64)) for chunk in _chunks(pixels)) / pixels.size
    squares = math.fsum(
        float(np.square(np.subtract(chunk, mean, dtype=np.float64)).sum())
        for chunk in _chunks(pixels)
    )
    return mean, math.sqrt(squares / pixels.size)
