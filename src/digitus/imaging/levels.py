"""Grey levels: conversion to bytes, shrinking, Otsu's threshold, the noise of an image."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey

Levels: TypeAlias = NDArray[np.uint8]
"""(rows, cols), 0 to 255; OpenCV filters bytes about four times as fast as floats."""

FULL = 255


@dataclass(frozen=True)
class NoiseParameters:
    """Parameters of ``noise``, set by hand.

    Attributes:
        rows: number of rows that are measured; more do not change the estimate noticeably.
        lag_px: distance of the pixels compared; cameras and JPEG make neighbors alike.
        pattern_share: steps to the neighbor below this share of the steps at ``lag_px`` mean
            that the larger steps come from a pattern.
    """

    rows: int = 40
    lag_px: int = 3
    pattern_share: float = 0.2


NOISE = NoiseParameters()
MEDIAN_STEP = 0.954  # median of |N(0, 2 s^2)|, the step between two noisy pixels, divided by s


def to_levels(values: NDArray[np.floating], scale: float = 1.0) -> Levels:
    """Return values from 0.0 to 1.0, multiplied by a scale, as bytes; larger ones become 255."""
    return np.asarray(cv2.convertScaleAbs(values, alpha=FULL * scale), np.uint8)


def shrunk(grey: Grey, long_side_px: int) -> Grey:
    """Shrink an image so that its long side has at most ``long_side_px``; means are kept.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
        long_side_px: a smaller image is returned unchanged.
    """
    factor = long_side_px / max(grey.shape)
    if factor >= 1:
        return grey
    rows, cols = (max(1, round(factor * side)) for side in grey.shape)
    return np.asarray(cv2.resize(grey, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def shrunk_levels(levels: Levels, long_side_px: int) -> Levels:
    """Shrink bytes (rows, cols) so that their long side has at most ``long_side_px``."""
    factor = max(1.0, max(levels.shape) / long_side_px)
    rows, cols = (max(1, round(side / factor)) for side in levels.shape)
    return np.asarray(cv2.resize(levels, (cols, rows), interpolation=cv2.INTER_AREA), np.uint8)


def otsu_threshold(levels: Levels) -> int:
    """Return the highest level of the darker of two classes.

    The threshold maximizes the variance between the classes: N. Otsu, "A threshold selection
    method from gray-level histograms", 1979, eq. 18.

    >>> otsu_threshold(np.array([[10, 10, 12], [200, 210, 210]], np.uint8))
    12
    """
    return int(cv2.threshold(levels, 0, FULL, cv2.THRESH_OTSU)[0])


def noise(values: NDArray[np.float32]) -> float:
    """Estimate the standard deviation of the noise from the steps along some rows.

    The median of the steps is that of bare paper, which covers most of an image. If the steps
    between neighbors are far smaller than those over some pixels, the larger ones belong to a
    pattern, and the smaller ones count. An image of fewer columns is too narrow to tell: 0.0.

    Args:
        values: (rows, cols), grey or darkness.
    """
    if values.shape[1] <= NOISE.lag_px:
        return 0.0
    rows = values[:: max(1, len(values) // NOISE.rows)]
    far, near = (
        float(np.median(np.abs(rows[:, lag:] - rows[:, :-lag]))) / MEDIAN_STEP
        for lag in (NOISE.lag_px, 1)
    )
    return far if near > NOISE.pattern_share * far else near
