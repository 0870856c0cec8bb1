"""Ten corruptions of MNIST images, each mild enough that a person still reads the digit easily.

After N. Mu, J. Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, with other
formulas. Each function takes images (n, 28, 28) uint8, 0 paper to 255 full ink, and returns new
ones. The seed is the function's name, and the random numbers of an image do not depend on how many
images follow it.
"""

from collections.abc import Callable

import cv2
import numpy as np

SIDE, FULL_INK = 28, 255
CENTER = (SIDE - 1) / 2
FINE = 8  # factor of the enlargement in which strokes are widened and narrowed

Images = np.ndarray
"""(n, 28, 28) uint8."""


def shift(images: Images) -> Images:
    """Shift by whole pixels, up to 6 in each direction; up to 2 px of a digit may be cut off."""
    moves = chance("shift").integers(-6, 7, (len(images), 2))
    return map_all(images, [np.array([[1, 0, x], [0, 1, y]], float) for y, x in moves])


def rotation(images: Images) -> Images:
    """Rotate around the center by up to 20 degrees."""
    angles = chance("rotation").uniform(-20, 20, len(images))
    center = (CENTER, CENTER)
    return map_all(images, [cv2.getRotationMatrix2D(center, angle, 1) for angle in angles])


def scale(images: Images) -> Images:
    """Scale around the center by a factor of 0.7 to 1.3."""
    factors = chance("scale").uniform(0.7, 1.3, len(images))
    center = (CENTER, CENTER)
    return map_all(images, [cv2.getRotationMatrix2D(center, 0, factor) for factor in factors])


def noise(images: Images) -> Images:
    """Add normal noise with a standard deviation of 20 % of full ink."""
    return as_pixels(images + 0.2 * FULL_INK * chance("noise").standard_normal(images.shape))


def blur(images: Images) -> Images:
    """Blur with a Gaussian of standard deviation 1.0 to 1.5 px."""
    sigmas = chance("blur").uniform(1.0, 1.5, len(images))
    pairs = zip(images, sigmas, strict=True)
    border = cv2.BORDER_CONSTANT
    return stack([cv2.GaussianBlur(one, (9, 9), sigma, borderType=border) for one, sigma in pairs])


def brightness(images: Images) -> Images:
    """Add 30 to 50 % of full ink to all pixels and clip: grey paper and coarse edges."""
    lifts = chance("brightness").uniform(0.3, 0.5, len(images))
    return as_pixels(images + FULL_INK * lifts[:, None, None])


def thick(images: Images) -> Images:
    """Widen strokes by half of their mean width."""
    return reshape_strokes(images, 0.5)


def thin(images: Images) -> Images:
    """Narrow strokes by half of their mean width; thin strokes may break."""
    return reshape_strokes(images, -0.5)


def stripes(images: Images) -> Images:
    """Blend stripes 3 px wide, 9 px apart, at a random angle, 35 % towards the inverse."""
    angle, phase = chance("stripes").uniform(0, 1, (len(images), 2)).T[:, :, None, None]
    row, col = np.indices((SIDE, SIDE))
    across = row * np.cos(np.pi * angle) + col * np.sin(np.pi * angle) + 9 * phase
    ink = images / FULL_INK
    return as_pixels(FULL_INK * np.where(across % 9 < 3, ink + 0.35 * (1 - 2 * ink), ink))


def fog(images: Images) -> Images:
    """Blend with 40 % of fog: noise whose amplitude falls as 1 / f**1.5."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE))
    frequency[0, 0] = np.inf  # without a mean; the range becomes 0 to 1 below
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
    """Return the generator of a corruption."""
    return np.random.default_rng(list(name.encode()))


def as_pixels(values: np.ndarray) -> Images:
    """Round and clip to 0 to 255."""
    return np.clip(np.rint(values), 0, FULL_INK).astype(np.uint8)


def stack(images: list[np.ndarray]) -> Images:
    """Return a list of images, which may be empty, as one array."""
    return np.array(images, np.uint8).reshape(-1, SIDE, SIDE)


def map_all(images: Images, maps: list[np.ndarray]) -> Images:
    """Warp each image by its affine map (2, 3) of (x, y), with paper outside."""
    pairs = zip(images, maps, strict=True)
    return stack([cv2.warpAffine(one, matrix, (SIDE, SIDE)) for one, matrix in pairs])


def reshape_strokes(images: Images, share: float) -> Images:
    """Change the width of all strokes by a share of the image's mean width."""
    return stack([reshape_one(image, share) for image in images])


def reshape_one(image: np.ndarray, share: float) -> np.ndarray:
    """Widen or narrow the strokes of one image (28, 28) in a fine enlargement.

    The mean distance to the edge within a stroke of even width is a quarter of the width.
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
