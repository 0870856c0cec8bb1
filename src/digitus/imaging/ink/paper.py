"""The paper under the ink: the frame around it, its tone, and whether it is darker than the ink."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Grey
from digitus.imaging.levels import FULL, Levels, otsu_threshold, shrunk, shrunk_levels
from digitus.imaging.patch.centering import PATCH_PX


@dataclass(frozen=True)
class FrameParameters:
    """Parameters of ``inside_frame``, set by hand on screenshots and cropped photos.

    Attributes:
        widest: greatest width of a frame, as a share of the image's side.
        most: greatest number of nested frames: a margin, a line, the border of a window.
        even_step: grey levels this close count as one tone.
        even_share: least share of a row of the frame that has one tone.
        step: least difference in grey between a frame and what it surrounds.
        samples: number of pixels of a row that are compared.
    """

    widest: float = 0.12
    most: int = 3
    even_step: float = 0.12
    even_share: float = 0.75
    step: float = 0.25
    samples: int = 100


@dataclass(frozen=True)
class PolarityParameters:
    """Parameters of ``has_dark_paper`` and ``is_dark_page``.

    Set by hand: paper covers more of an image, and of any part of a page, than ink.

    Attributes:
        digit_px: long side of the copy of a digit's image that is classified.
        window: reach of the local median of a digit's image, as a share of its long side: the
            window is half as long as the image.
        border: width of the border that is mostly paper, as a share of the shorter side.
        two_tones: share of the variance between Otsu's classes above which an image has two
            tones; thin ink under a shadow stays below.
        page_px: long side of the copy of a page that is classified.
        page_window: window of the page's local median, as a share of its long side: strokes
            fill less than half of it.
        bare_border: share of the border of a 28 x 28 image that must have the paper's tone;
            some digits of MNIST touch the border.
    """

    digit_px: int = 96
    window: float = 1 / 4
    border: float = 1 / 25
    two_tones: float = 0.97
    page_px: int = 240
    page_window: float = 1 / 8
    bare_border: float = 0.75


FRAME = FrameParameters()
POLARITY = PolarityParameters()


def inside_frame(grey: Grey) -> tuple[slice, slice]:
    """Return the rows and columns inside frames of one tone, such as a window's border.

    A frame is removed only where all four sides have one: the bar of a tightly cropped digit
    may fill one side.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    top, left, (bottom, right) = 0, 0, grey.shape
    for _ in range(FRAME.most):
        inside = grey[top:bottom, left:right]
        widths = [_frame_at_top(np.rot90(inside, turn)) for turn in range(4)]
        if not all(widths):
            break
        top, bottom = top + widths[0], bottom - widths[2]
        left, right = left + widths[3], right - widths[1]
    return slice(top, bottom), slice(left, right)


def tone_of_clean_paper(grey: Grey) -> float | None:
    """Return the paper's tone in a drawing on paper of exactly one tone, else None.

    The border must have that tone, and all ink must be darker or all lighter. For an image of
    MNIST's size most of the border suffices.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    tone = float(np.median(border))
    least = POLARITY.bare_border if grey.shape == (PATCH_PX, PATCH_PX) else 1.0
    clean = (border == tone).mean() >= least and tone in (grey.min(), grey.max())
    return tone if clean else None


def has_dark_paper(grey: Grey) -> bool:
    """Return whether the paper in the image of one digit is darker than the ink.

    The paper covers most of the border and most of the image. A shadow can look like ink and a
    thick digit like uneven light, so unless the image has only two tones it is classified a
    second time with its local median subtracted; the clearer of both results counts.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    levels = np.rint(shrunk(grey, POLARITY.digit_px) * FULL).astype(np.uint8)
    plain = _lightness_of_paper(levels)
    if _separation(levels) >= POLARITY.two_tones:
        return plain < 0
    flat = np.clip(levels.astype(np.int16) - _local_median(levels) + 128, 0, FULL)
    return max(plain, _lightness_of_paper(flat.astype(np.uint8)), key=abs) < 0


def is_dark_page(levels: Levels) -> bool:
    """Return whether a page is darker than its ink: by the skewness about the local median.

    Ink covers less than half of any part of a page, so the local median is paper, also on both
    sides of a shadow's edge. The differences to it are ink: on light paper, the darker tail. (A
    single digit may fill more than half of its image; see ``has_dark_paper``.)

    Args:
        levels: (rows, cols), 0 black to 255 white.
    """
    small = shrunk_levels(levels, POLARITY.page_px)
    window = int(POLARITY.page_window * max(small.shape)) | 1
    paper = np.asarray(cv2.medianBlur(small, window), np.float32)
    difference = (small - paper) / np.maximum(np.maximum(small, paper), 1)
    return bool((difference**3).sum() > 0)


def _frame_at_top(grey: Grey) -> int:
    """Return the number of rows of one tone at the top if another tone follows them, else 0."""
    depth = int(FRAME.widest * len(grey)) + 1
    rows = grey[:depth, :: max(1, grey.shape[1] // FRAME.samples)]
    tones = np.median(rows, axis=1)
    changed = np.abs(tones - tones[0]) > FRAME.step
    even = (np.abs(rows - tones[0]) < FRAME.even_step).mean(axis=1) >= FRAME.even_share
    width = int(changed.argmax())
    # One more row, where frame and image mix; a mixed row before it need not be even.
    return width + 1 if changed.any() and even[: max(1, width - 1)].all() else 0


def _separation(levels: Levels) -> float:
    """Return the share of the variance between Otsu's two classes (N. Otsu, 1979, eq. 12)."""
    light = levels > otsu_threshold(levels)
    share, variance = light.mean(), levels.var()
    if not (0 < share < 1 and variance > 0):
        return 1.0
    step = levels[light].mean() - levels[~light].mean()
    return float(share * (1 - share) * step**2 / variance)


def _local_median(levels: Levels) -> Levels:
    """Return the median of a window half as long as the image, mirrored at its edges."""
    reach = int(POLARITY.window * max(levels.shape))
    padded = np.pad(levels, [(min(reach, side - 1),) * 2 for side in levels.shape], "reflect")
    median = np.asarray(cv2.medianBlur(padded, 2 * reach + 1), np.uint8)
    rows, cols = ((wide - side) // 2 for wide, side in zip(padded.shape, levels.shape, strict=True))
    return median[rows : rows + levels.shape[0], cols : cols + levels.shape[1]]


def _lightness_of_paper(levels: Levels) -> float:
    """Return from -1.0 (the darker class is paper) to 1.0 (the lighter class is)."""
    light = levels > otsu_threshold(levels)
    width = max(1, int(POLARITY.border * min(light.shape)))
    inner = light[width:-width, width:-width]
    border_share = (light.sum() - inner.sum()) / max(1, light.size - inner.size)
    return float(border_share + light.mean() - 1)
