"""Ten corruptions of MNIST images, each mild enough that a person still reads the digit easily.

In the spirit of N. Mu, J. Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019,
with formulas of our own. Each function takes images (n, 28, 28) uint8, 0 = paper, 255 = full
ink, as MNIST holds them, and gives new ones. Its chance is fixed by its name, and drawn image
by image in one call: the first images come out the same however many follow them.
"""

from collections.abc import Callable

import cv2
import numpy as np

SIDE, FULL_INK = 28, 255
CENTER = (SIDE - 1) / 2
FINE = 8  # fold enlargement, in which strokes are widened and narrowed

Images = np.ndarray
"""(n, 28, 28) uint8."""


def shift(images: Images) -> Images:
    """Move by whole pixels, up to 6 each way: some 2 px of a large digit may be cut off."""
    moves = chance("shift").integers(-6, 7, (len(images), 2))
    return map_all(images, [np.array([[1, 0, x], [0, 1, y]], float) for y, x in moves])


def rotation(images: Images) -> Images:
    """Turn around the middle, up to 20 degrees each way."""
    angles = chance("rotation").uniform(-20, 20, len(images))
    middle = (CENTER, CENTER)
    return map_all(images, [cv2.getRotationMatrix2D(middle, angle, 1) for angle in angles])


def scale(images: Images) -> Images:
    """Shrink or grow around the middle, 0.7 to 1.3 fold."""
    factors = chance("scale").uniform(0.7, 1.3, len(images))
    middle = (CENTER, CENTER)
    return map_all(images, [cv2.getRotationMatrix2D(middle, 0, factor) for factor in factors])


def noise(images: Images) -> Images:
    """Add normal noise of a fifth of full ink to every pixel."""
    return as_pixels(images + 0.2 * FULL_INK * chance("noise").standard_normal(images.shape))


def blur(images: Images) -> Images:
    """Blur by a Gaussian of deviation 1.0 to 1.5 px: a third to a half of a stroke's width."""
    sigmas = chance("blur").uniform(1.0, 1.5, len(images))
    pairs = zip(images, sigmas, strict=True)
    border = cv2.BORDER_CONSTANT
    return stack([cv2.GaussianBlur(one, (9, 9), sigma, borderType=border) for one, sigma in pairs])


def brightness(images: Images) -> Images:
    """Lift all pixels by 30 to 50 % of full ink, and cut off: grey paper, edges gone coarse."""
    lifts = chance("brightness").uniform(0.3, 0.5, len(images))
    return as_pixels(images + FULL_INK * lifts[:, None, None])


def thick(images: Images) -> Images:
    """Widen strokes by half of their mean width."""
    return reshape_strokes(images, 0.5)


def thin(images: Images) -> Images:
    """Narrow strokes by half of their mean width; the finest parts may break."""
    return reshape_strokes(images, -0.5)


def stripes(images: Images) -> Images:
    """Lay stripes 3 px wide, 9 px apart, at any angle: they go 35 % of the way to the negative."""
    angle, phase = chance("stripes").uniform(0, 1, (len(images), 2)).T[:, :, None, None]
    row, col = np.indices((SIDE, SIDE))
    across = row * np.cos(np.pi * angle) + col * np.sin(np.pi * angle) + 9 * phase
    ink = images / FULL_INK
    return as_pixels(FULL_INK * np.where(across % 9 < 3, ink + 0.35 * (1 - 2 * ink), ink))


def fog(images: Images) -> Images:
    """Take 40 % of the ink's weight for drifting fog: noise whose amplitude falls as 1 / f**1.5."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE))
    frequency[0, 0] = np.inf  # no mean: the range is spread to 0..1 below
    spectrum = np.fft.rfft2(chance("fog").standard_normal(images.shape))
    cloud = np.fft.irfft2(spectrum / frequency**1.5, s=(SIDE, SIDE))
    cloud -= cloud.min(axis=(1, 2), keepdims=True)
    cloud /= cloud.max(axis=(1, 2), keepdims=True)
    return as_pixels(0.6 * images + 0.4 * FULL_INK * cloud)


CORRUPTIONS: tuple[Callable[[Images], Images], ...] = (
    shift,
    rotation,
    scale,
    noise,
    blur,
    brightness,
    thick,
    thin,
    stripes,
    fog,
)


def chance(name: str) -> np.random.Generator:
    """Return the generator of one corruption."""
    return np.random.default_rng(list(name.encode()))


def as_pixels(values: np.ndarray) -> Images:
    """Round and cut off to 0..255."""
    return np.clip(np.rint(values), 0, FULL_INK).astype(np.uint8)


def stack(images: list[np.ndarray]) -> Images:
    """Return a list of images as one array, also an empty list."""
    return np.array(images, np.uint8).reshape(-1, SIDE, SIDE)


def map_all(images: Images, maps: list[np.ndarray]) -> Images:
    """Send each image through its affine map (2, 3) of (x, y), onto paper."""
    pairs = zip(images, maps, strict=True)
    return stack([cv2.warpAffine(one, matrix, (SIDE, SIDE)) for one, matrix in pairs])


def reshape_strokes(images: Images, share: float) -> Images:
    """Change the width of all strokes by a share of the image's mean width."""
    return stack([reshape_one(image, share) for image in images])


def reshape_one(image: np.ndarray, share: float) -> np.ndarray:
    """Widen or narrow the strokes of one image (28, 28) in a fine enlargement.

    In a stroke of even width the mean distance to its edge is a quarter of the width.
    """
    size = (FINE * SIDE, FINE * SIDE)
    ink = (cv2.resize(image, size, interpolation=cv2.INTER_CUBIC) > FULL_INK / 2).astype(np.uint8)
    if not ink.any():
        return image
    inside = cv2.distanceTransform(ink, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - ink, cv2.DIST_L2, 5)
    width = 4 * inside[ink > 0].mean()
    drawn = FULL_INK * (outside - inside < share * width / 2).astype(np.float32)
    return as_pixels(cv2.resize(drawn, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
