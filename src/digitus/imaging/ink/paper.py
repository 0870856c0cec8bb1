"""The paper under the ink: its frame, its side (light or dark), its uneven light."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey

THUMBNAIL_PX = 96  # polarity and light need no detail
WIDEST_FRAME = 0.12  # of a side
MOST_FRAMES = 3  # a margin, a line, the window around
EVEN_STEP = 0.12  # grey levels this close count as one tone
FRAME_SAMPLES = 100  # of a row
FRAME_STEP = 0.25  # between a frame and the page inside
EVEN_SHARE = 0.75  # of a frame's row that has one tone
TWO_TONES = 0.97  # separation of the classes; shadows with thin ink stay below
WIDEST_STROKE = 0.35  # of the image's long side: wider darkness is shadow
LIGHT_SMOOTHNESS_PX = 1.0  # standard deviation, on the thumbnail
EVEN_LIGHT = 0.05  # spread of the middle of the lit paper, as a share of its light
SLOPE_STEP = 3  # every third pixel of the thumbnail will do
SLOPE_ROUNDS = 6
NOISE_LAG_PX = 3  # cameras and JPEG make neighbours alike
PATTERN_STEPS = 0.2
BLACKEST_PAPER = 0.02  # keeps the division finite


def inside_frame(page: Grey) -> tuple[slice, slice]:
    """Find the page within frames of one tone around it, such as a window's border.

    Frames go only where all four sides have one: the bar of a tightly cropped digit may well
    fill one side.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.

    Returns:
        The rows and the columns inside; all of them where there is no frame.
    """
    top, left, (bottom, right) = 0, 0, page.shape
    for _ in range(MOST_FRAMES):
        inside = page[top:bottom, left:right]
        widths = [_frame_at_top(np.rot90(inside, turn)) for turn in range(4)]
        if not all(widths):
            break
        top, bottom = top + widths[0], bottom - widths[2]
        left, right = left + widths[3], right - widths[1]
    return slice(top, bottom), slice(left, right)


def has_dark_paper(page: Grey) -> bool:
    """Return whether the paper is darker than the ink: by the border and the histogram.

    A shadow can look like ink and a thick digit like uneven light. So a page of two tones is
    judged as it is. Of others the local median is taken away too; the clearer verdict counts.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    levels = np.rint(thumbnail(page) * 255).astype(np.uint8)
    plain = _lightness_of_paper(levels)
    if _separation(levels) >= TWO_TONES:
        return plain < 0
    flat = np.clip(levels.astype(np.int16) - _local_median(levels) + 128, 0, 255).astype(np.uint8)
    return max(plain, _lightness_of_paper(flat), key=abs) < 0


def light_of_paper(page: Grey) -> Grey:
    """Estimate the bare paper (rows, cols) of a page with darker ink, shadows included.

    On a small copy, the slope of the light is divided out and a closing covers the strokes.
    Then the pixels that are clearly not ink are smoothed over the ink's gaps (normalized
    convolution: H. Knutsson, C.-F. Westin, 1993).

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    small = thumbnail(page)
    window = int(WIDEST_STROKE * max(small.shape)) | 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (window, window))
    slope = slope_of_light(small)  # a closing would level it at the page's edges
    closed = np.asarray(cv2.morphologyEx(small / slope, cv2.MORPH_CLOSE, disk), np.float32)
    paper = _blurred(closed) * slope
    darkness = np.clip(1 - small / np.maximum(paper, BLACKEST_PAPER), 0, 1)
    # A closing of bare noise lies some three deviations above its mean.
    least = max(otsu_threshold(np.rint(darkness * 255).astype(np.uint8)) / 255, 6 * noise(darkness))
    inked = np.asarray(cv2.dilate((darkness > least).astype(np.float32), np.ones((3, 3))))
    bare = np.asarray(1 - inked + 0.02, np.float32)  # where all is ink, the closing decides
    guess = np.where(bare > 0.5, small, paper).astype(np.float32)
    smooth = _blurred(guess * bare) / _blurred(bare)
    size = page.shape[::-1]
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR), np.float32)


def noise(page: Grey) -> float:
    """Estimate the noise's standard deviation from the steps along some rows.

    Most steps lie on bare paper. The median of |N(0, 2 s^2)| is 0.954 s. Steps of some pixels
    that are far larger than those of one belong to a pattern, not to noise.
    """
    rows = page[:: max(1, len(page) // 40)]
    far, near = (
        float(np.median(np.abs(rows[:, lag:] - rows[:, :-lag]))) / 0.954
        for lag in (NOISE_LAG_PX, 1)
    )
    return far if near > PATTERN_STEPS * far else near


def otsu_threshold(levels: NDArray[np.uint8]) -> int:
    """Split grey levels in two: the highest level of the darker class.

    The split makes the variance between the classes largest: N. Otsu, "A threshold selection
    method from gray-level histograms", 1979, eq. 18.

    >>> otsu_threshold(np.array([[10, 10, 12], [200, 210, 210]], np.uint8))
    12
    """
    return int(cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)[0])


def thumbnail(page: Grey) -> Grey:
    """Shrink a page so that its long side has at most ``THUMBNAIL_PX``; means are kept."""
    return shrunk(page, THUMBNAIL_PX)


def shrunk(page: Grey, long_side_px: int) -> Grey:
    """Shrink a page so that its long side has at most ``long_side_px``; means are kept."""
    factor = long_side_px / max(page.shape)
    if factor >= 1:
        return page
    rows, cols = (max(1, round(factor * side)) for side in page.shape)
    return np.asarray(cv2.resize(page, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def slope_of_light(small: Grey) -> Grey:
    """Fit a parabolic surface (rows, cols) to the light of the paper, darker pixels left out.

    Args:
        small: (rows, cols), a thumbnail of a page with darker ink.

    Returns:
        The light at every pixel; all 1.0 where it is even, or has sharp edges.
    """
    levels = np.rint(small * 255).astype(np.uint8)
    lit = small[levels > otsu_threshold(levels)]
    if not lit.size or np.ptp(np.quantile(lit, (0.2, 0.8))) < EVEN_LIGHT * lit.mean():
        return np.ones_like(small)  # even, or shadows with sharp edges: for the closing
    few = small[::SLOPE_STEP, ::SLOPE_STEP]
    terms, light = _slope_terms(small.shape)[::SLOPE_STEP, ::SLOPE_STEP], few.astype(np.float64)
    paper = np.ones(few.shape, bool)
    for _ in range(SLOPE_ROUNDS):
        factors = np.linalg.lstsq(terms[paper], light[paper])[0]
        residual = light - terms @ factors
        paper = residual > -max(0.02, float(residual[paper].std()))
    surface = np.maximum(_slope_terms(small.shape) @ factors, 0.1 * light.max())
    return np.asarray(surface, np.float32)


def _slope_terms(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Powers of row and column up to the second, (rows, cols, 6)."""
    rows, cols = (np.linspace(-1, 1, side) for side in shape)
    row, col = np.meshgrid(rows, cols, indexing="ij")
    return np.stack([np.ones_like(row), row, col, row * col, row**2, col**2], axis=-1)


def _frame_at_top(page: Grey) -> int:
    """Rows of one tone at the top, if a row of another tone follows them soon; else 0."""
    depth = int(WIDEST_FRAME * len(page)) + 1
    rows = page[:depth, :: max(1, page.shape[1] // FRAME_SAMPLES)]
    tones = np.median(rows, axis=1)
    changed = np.abs(tones - tones[0]) > FRAME_STEP
    even = (np.abs(rows - tones[0]) < EVEN_STEP).mean(axis=1) >= EVEN_SHARE
    width = int(changed.argmax())
    # One more row, where frame and page mix; a mixed row before it need not be even.
    return width + 1 if changed.any() and even[: max(1, width - 1)].all() else 0


def _separation(levels: NDArray[np.uint8]) -> float:
    """Share of the variance that lies between Otsu's two classes (N. Otsu, 1979, eq. 12)."""
    light = levels > otsu_threshold(levels)
    share, variance = light.mean(), levels.var()
    if not (0 < share < 1 and variance > 0):
        return 1.0
    step = levels[light].mean() - levels[~light].mean()
    return float(share * (1 - share) * step**2 / variance)


def _local_median(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Median of a window half as long as the page; the page is mirrored at its edges."""
    reach = max(levels.shape) // 4
    padded = np.pad(levels, [(min(reach, side - 1),) * 2 for side in levels.shape], "reflect")
    median = np.asarray(cv2.medianBlur(padded, 2 * reach + 1), np.uint8)
    rows, cols = ((wide - side) // 2 for wide, side in zip(padded.shape, levels.shape, strict=True))
    return median[rows : rows + levels.shape[0], cols : cols + levels.shape[1]]


def _lightness_of_paper(levels: NDArray[np.uint8]) -> float:
    """Return how surely the paper is the lighter class of pixels, from -1 (dark) to 1.

    The paper covers most of the border, and most of the page.
    """
    light = levels > otsu_threshold(levels)
    width = max(1, min(light.shape) // 25)
    inner = light[width:-width, width:-width]
    border_share = (light.sum() - inner.sum()) / max(1, light.size - inner.size)
    return float(border_share + light.mean() - 1)


def _blurred(page: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(page, (0, 0), LIGHT_SMOOTHNESS_PX), np.float32)
