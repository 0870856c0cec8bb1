"""Line images at the size that the sequence network was trained on."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import DIGIT_PX, ROWS


@dataclass(frozen=True)
class LineInputParameters:
    """Parameters of the sequence network's input, as in training.

    Attributes:
        margin_px: columns of paper on either side of the ink.
        free_rows: rows that ink never fills.
        min_ink: greatest ink of a row that is cut away above or below.
    """

    margin_px: int = 8
    free_rows: int = 2
    min_ink: float = 0.1


LINE_INPUT = LineInputParameters()


def line_input(line: Ink, height_px: float) -> tuple[Ink, float]:
    """Scale a line image (rows, cols) to the size that the sequence network was trained on.

    A digit becomes ``DIGIT_PX`` high, less where all ink would not fit; the ink is centred in rows.

    Args:
        line: 0.0 paper to 1.0 full ink.
        height_px: typical height of its digits.

    Returns:
        Ink (ROWS, cols), and its pixels per pixel of the line image.
    """
    inked = np.flatnonzero(line.max(axis=1, initial=0) > LINE_INPUT.min_ink)
    top, bottom = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, 1)
    scale = min(DIGIT_PX / max(height_px, 1.0), (ROWS - LINE_INPUT.free_rows) / (bottom - top))
    ink = scaled_ink(line[top:bottom], scale)
    (rows, cols), margin = ink.shape, LINE_INPUT.margin_px
    padded = np.zeros((ROWS, cols + 2 * margin), np.float32)
    above = (ROWS - rows) // 2
    padded[above : above + rows, margin : margin + cols] = ink
    return padded, cols / line.shape[1]


def scaled_ink(ink: Ink, scale: float) -> Ink:
    """Return ink (rows, cols) scaled by a factor; the same array for a factor of 1."""
    if scale == 1:
        return ink
    cols, rows = (max(1, round(side * scale)) for side in ink.shape[::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(ink, (cols, rows), interpolation=how), 0, 1).astype(np.float32)
