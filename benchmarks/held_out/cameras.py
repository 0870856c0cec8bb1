"""How a sheet becomes an image: flat under a scanner, or photographed on a table."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from held_out.papers import RgbImage
from held_out.pens import Ink, noise
from held_out.sheet import Sheet
from held_out.truth import Box, HeldOutPage, Move


@dataclass(frozen=True)
class Light:
    """Light, lens and file.

    Attributes:
        fall: share of the light that is lost from one side to the other.
        shadow: share of the light that a shadow along the left edge takes.
        warmth: relative gain of red and loss of blue.
        blur_px: standard deviation of the blur.
        noise: standard deviation of the noise.
        quality: range of the quality of the JPEG.
    """

    fall: float = 0.0
    shadow: float = 0.0
    warmth: float = 0.0
    blur_px: float = 0.5
    noise: float = 0.008
    quality: tuple[int, int] = (75, 92)


def lamp(rng: np.random.Generator) -> Light:
    """Return the light of a room, seen by a phone."""
    return Light(
        fall=rng.uniform(0.05, 0.3),
        shadow=rng.uniform(0.0, 0.3),
        warmth=rng.normal(scale=0.04),
        blur_px=rng.uniform(0.5, 0.95),
        noise=rng.uniform(0.006, 0.016),
    )


def scan(sheet: Sheet, paper: RgbImage, light: Light, rng: np.random.Generator) -> HeldOutPage:
    """Return the image of a flat sheet, written on a paper."""
    image = developed(sheet.on(paper), light, rng)
    return HeldOutPage(image, tuple(sheet.numbers), tuple(sheet.words))


def torn(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """Return where a sheet is (rows, cols), 1.0 inside; its top and bottom are torn."""
    rows, cols = shape
    inside, at = np.ones(shape, np.float32), np.arange(rows)[:, None]
    for is_top in (True, False):
        jagged = np.cumsum(rng.normal(scale=0.9, size=cols))
        jagged -= np.linspace(jagged[0], jagged[-1], cols)
        depth = np.clip(np.abs(jagged) + rng.uniform(0, 2, cols), 0, 0.03 * rows)
        inside[at < depth if is_top else at > rows - 1 - depth] = 0
    return inside


def photograph(
    sheet: Sheet,
    paper: RgbImage,
    inside: Ink,
    table: RgbImage,
    light: Light,
    rng: np.random.Generator,
) -> HeldOutPage:
    """Lay a sheet on a table, seen from a hand's height.

    Args:
        sheet: what is written.
        paper: of the size of the sheet.
        inside: (rows, cols), 1.0 where the sheet is, for torn edges.
        table: of the size of the image.
        light: of the room.
        rng: chooses where the camera stands.
    """
    rows, cols = sheet.shape
    height, width = table.shape[:2]
    room = np.array([width - cols, height - rows]) / 2
    corners = np.array([[0, 0], [cols, 0], [cols, rows], [0, rows]], np.float64)
    turn = rng.normal(scale=0.012)
    center = np.array([cols, rows]) / 2
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = (corners - center) @ rotation + center + room
    seen += rng.uniform(-0.012, 0.012, (4, 2)) * (cols, rows)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    size = (width, height)
    laid = cv2.warpPerspective(
        sheet.on(paper), matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.warpPerspective(inside, matrix, size, flags=cv2.INTER_LINEAR)
    offset = np.float32([[1, 0, rng.uniform(4, 9)], [0, 1, rng.uniform(4, 9)]])
    dark = cv2.GaussianBlur(cv2.warpAffine(mask, offset, size), (0, 0), 6)
    scene = table * (1 - 0.45 * dark[:, :, None])
    scene += mask[:, :, None] * (laid - scene)
    move = _move(matrix)
    numbers = tuple(number.moved(move) for number in sheet.numbers)
    return HeldOutPage(developed(scene, light, rng), numbers, tuple(map(move, sheet.words)))


def developed(scene: RgbImage, light: Light, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the 8-bit image (rows, cols, 3) of a scene, through light, lens, sensor and JPEG."""
    rows, cols = scene.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : cols * 1j].astype(np.float32)
    along = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    bright = 1 - light.fall * (along + 0.5)
    edge = 0.14 + 0.05 * np.sin(5 * y + angle)
    bright = bright * (1 - light.shadow * np.clip(1.3 - x / edge, 0, 1))
    lit = scene * bright[:, :, None] * np.array([1 + light.warmth, 1, 1 - light.warmth])
    lit = cv2.GaussianBlur(lit.astype(np.float32), (0, 0), max(0.2, light.blur_px))
    lit += light.noise * rng.standard_normal(lit.shape, np.float32)
    lit += 0.4 * light.noise * noise((rows, cols), 1.5, rng)[:, :, None]
    eight = np.rint(np.clip(lit, 0, 1) * 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*light.quality))]
    _, data = cv2.imencode(".jpg", eight[:, :, ::-1], quality)
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1])


def _move(matrix: NDArray[np.float64]) -> Move:
    """Return what maps a box through a perspective."""

    def move(box: Box) -> Box:
        left, top, width, height = box
        corners = np.array(
            [
                [
                    [left, top],
                    [left + width, top],
                    [left + width, top + height],
                    [left, top + height],
                ]
            ],
            np.float32,
        )
        found = cv2.perspectiveTransform(corners, matrix)[0]
        low, high = np.floor(found.min(axis=0)), np.ceil(found.max(axis=0))
        x, y = low.astype(int).tolist()
        cols, rows = (high - low).astype(int).tolist()
        return x, y, cols, rows

    return move
