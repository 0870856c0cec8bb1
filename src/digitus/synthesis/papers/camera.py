"""A camera: perspective, a table, uneven light, shadow, blur and noise, and how boxes move."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.synthesis.lines.digit_strings import Box
from digitus.synthesis.pages.page_truth import Move
from digitus.synthesis.papers.papers import Rgb, RgbImage, paper_texture

Matrix = NDArray[np.float64]
Range = tuple[float, float]

TABLES: tuple[Rgb, ...] = (
    (0.35, 0.24, 0.16), (0.55, 0.42, 0.3), (0.2, 0.2, 0.22), (0.45, 0.5, 0.52),
)  # fmt: skip
"""Colors of tables: dark wood, light wood, black, grey."""
LIGHT_ROWS = 48  # light changes slowly: it is computed at this height and enlarged


@dataclass(frozen=True)
class Camera:
    """Position of the camera, light and noise. The defaults are those of a scanner.

    Attributes:
        turn: quarter turns of the sheet, counterclockwise.
        skew_deg: further rotation of the sheet, counterclockwise.
        tilt: share by which the far side of the sheet looks shorter.
        table: width of the visible table on each side, as a share of the sheet's sides; below 0
            the edge of the sheet is cut off and no table is visible.
        table_color: its color; None chooses one at random.
        slope: decrease of the light from one side to the other, 0.0 to 1.0.
        clouds: standard deviation of the smooth variation of the light.
        shadow: share of the light that a shadow takes, 0.0 to 1.0.
        vignette: decrease of the light in the corners, 0.0 to 1.0.
        warmth: relative gain of red, and loss of blue.
        exposure: value of white in full light, 0.0 to 1.0.
        blur_px: standard deviation of the blur of lens and motion.
        noise: standard deviation of the sensor's noise.
        has_table_edge: whether the table ends within the image; then the floor is visible.
        jpeg_quality: quality of the JPEG file in which the image was kept, or None.
    """

    turn: int = 0
    skew_deg: float = 0.0
    tilt: float = 0.0
    table: float = -0.01
    table_color: Rgb | None = None
    slope: float = 0.0
    clouds: float = 0.0
    shadow: float = 0.0
    vignette: float = 0.0
    warmth: float = 0.0
    exposure: float = 1.0
    blur_px: float = 0.4
    noise: float = 0.006
    has_table_edge: bool = False
    jpeg_quality: int | None = None

    @property
    def margin(self) -> float:
        """Width of the sheet's edge that may lie outside of the image, as a share of its sides."""
        return max(0.03, -2 * self.table)


@dataclass(frozen=True)
class CameraRanges:
    """Ranges of a phone's `Camera`. Set by hand; no search is recorded.

    "SD" is a standard deviation.

    Attributes:
        far_share: share of the cameras that are so far that the table is visible.
        skew_deg: SD of the skew.
        most_skew_deg: limit of the skew.
        tilt: range of the tilt.
        table: range of the table's width, seen from afar.
        cut_off: range of the sheet's edge that is cut off, seen from near.
        slope: range of the slope of the light.
        clouds: range of the smooth variation of the light.
        vignette: range of the decrease in the corners.
        warmth: SD of the gain of red.
        exposure: range of the exposure.
        blur_px: range of the blur.
        noise: range of the noise.
    """

    far_share: float = 0.4
    skew_deg: float = 2.0
    most_skew_deg: float = 4.0
    tilt: Range = (0.0, 0.05)
    table: Range = (0.02, 0.12)
    cut_off: Range = (0.08, 0.1)
    slope: Range = (0.05, 0.4)
    clouds: Range = (0.0, 0.02)
    vignette: Range = (0.0, 0.25)
    warmth: float = 0.06
    exposure: Range = (0.7, 1.0)
    blur_px: Range = (0.5, 1.1)
    noise: Range = (0.006, 0.022)


PHONE = CameraRanges()


@dataclass(frozen=True)
class SceneParameters:
    """Shadow, table and sensor of every camera. Set by hand; no search is recorded.

    Attributes:
        shadow_start: range of the place where an arm's shadow begins at the edge of the image.
        shadow_end: range of the place of its end, as shares of the image's sides.
        shadow_width: width of the shadow, in 1/160 of the image's width, exclusive at the end.
        shadow_blur: softness of the shadow's edge, in the same unit.
        table_light: range of the factor on the color of a table.
        table_grain: standard deviation of the grain of a table.
        sheet_shadow: share of the light that the sheet takes from the table beside it.
        grey_noise: standard deviation of the sensor's noise that all three colors share.
        color_noise: standard deviation of the noise that they do not share.
        table_end: place of the table's edge between the image's border and the sheet.
        table_end_tilt: standard deviation of its tilt.
        table_end_px: width of the dark line along it.
        floor_light: range of the factor on the color of the floor.
        uneven_tilt: share of the tilt by which the sides of the sheet may differ besides.
    """

    shadow_start: Range = (0.1, 0.9)
    shadow_end: Range = (0.25, 0.75)
    shadow_width: tuple[int, int] = (30, 80)
    shadow_blur: Range = (1.5, 6.0)
    table_light: Range = (0.8, 1.2)
    table_grain: float = 0.08
    sheet_shadow: float = 0.5
    grey_noise: float = 0.8
    color_noise: float = 0.5
    uneven_tilt: float = 0.3
    table_end: Range = (0.25, 0.75)
    table_end_tilt: float = 0.02
    table_end_px: Range = (1.0, 6.0)
    floor_light: Range = (0.4, 1.5)


SCENE = SceneParameters()


def random_camera(rng: np.random.Generator) -> Camera:
    """Return a phone's camera over a sheet: near, or so far that the table is visible."""
    p = PHONE
    is_far = rng.random() < p.far_share
    return Camera(
        skew_deg=float(np.clip(rng.normal(scale=p.skew_deg), -p.most_skew_deg, p.most_skew_deg)),
        tilt=rng.uniform(*p.tilt),
        table=rng.uniform(*p.table) if is_far else -rng.uniform(*p.cut_off),
        slope=rng.uniform(*p.slope),
        clouds=rng.uniform(*p.clouds),
        vignette=rng.uniform(*p.vignette),
        warmth=rng.normal(scale=p.warmth),
        exposure=rng.uniform(*p.exposure),
        blur_px=rng.uniform(*p.blur_px),
        noise=rng.uniform(*p.noise),
    )


def photograph(
    sheet: RgbImage, camera: Camera, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], Move]:
    """Return the image of a sheet.

    Args:
        sheet: (rows, cols, 3), 0.0 to 1.0.
        camera: position, light and noise.
        rng: chooses the table, the place of the shadow and the noise.

    Returns:
        The image (rows, cols, 3), with rows and columns swapped after an odd number of quarter
        turns; and the function that maps a box of the sheet to the bounding box of its corners in
        the image, clipped to the image.
    """
    turned = np.ascontiguousarray(np.rot90(sheet, camera.turn))
    rows, cols = turned.shape[:2]
    matrix = _view(rows, cols, camera, rng)
    seen = _on_table(turned, matrix, camera, rng)
    seen *= light(rows, cols, camera, rng)[:, :, None]
    seen *= np.float32(camera.exposure) * np.array(
        [1 + camera.warmth, 1, 1 - camera.warmth], np.float32
    )
    if camera.blur_px:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), camera.blur_px), np.float32)
    seen += camera.noise * _sensor_noise(rows, cols, rng)
    image = np.rint(255 * seen.clip(0, 1)).astype(np.uint8)
    if camera.jpeg_quality is not None:
        image = _compressed(image, camera.jpeg_quality)
    return image, _mover(matrix @ _turn_matrix(sheet.shape[:2], camera.turn), rows, cols)


def light(rows: int, cols: int, camera: Camera, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the light on each pixel (rows, cols), where 1.0 is full light."""
    coarse_cols = max(2, round(LIGHT_ROWS * cols / rows))
    y, x = np.mgrid[0 : 1 : LIGHT_ROWS * 1j, 0 : 1 : coarse_cols * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    position = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.5
    field = 1 - camera.slope * position.clip(0, 1)
    field *= 1 - camera.vignette * 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    field += camera.clouds * cv2.resize(rng.standard_normal((5, 7)), (coarse_cols, LIGHT_ROWS))
    fine = cv2.resize(field.astype(np.float32), (cols, rows), interpolation=cv2.INTER_CUBIC)
    if camera.shadow:
        fine *= 1 - camera.shadow * _shadow(rows, cols, rng)
    return np.asarray(fine, np.float32)


def _shadow(rows: int, cols: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Shadow (rows, cols), 0 to 1, of the arm that holds the phone: a wide bar from one side."""
    small = np.zeros((120, 160), np.uint8)
    start, end = rng.uniform(*SCENE.shadow_start, 2), rng.uniform(*SCENE.shadow_end, 2)
    edge = [(start[0], 1.2), (-0.2, start[1]), (1.2, start[1])][int(rng.integers(3))]
    thickness = int(rng.integers(*SCENE.shadow_width))
    points = [(round(160 * x), round(120 * y)) for x, y in (edge, end)]
    cv2.line(small, points[0], points[1], 255, thickness)
    blur = rng.uniform(*SCENE.shadow_blur)
    soft = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), blur)
    return np.asarray(cv2.resize(soft, (cols, rows), interpolation=cv2.INTER_CUBIC))


def _view(rows: int, cols: int, camera: Camera, rng: np.random.Generator) -> Matrix:
    """Return the homography (3, 3) from (x, y) of the sheet to the image."""
    corners = np.array([[0, 0], [cols, 0], [cols, rows], [0, rows]], np.float64)
    center = np.array([cols, rows]) / 2
    angle = np.deg2rad(-camera.skew_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    seen = (corners - center) @ turn.T
    seen[:2] *= 1 - camera.tilt  # the far side
    seen[:, 1] *= 1 + SCENE.uneven_tilt * camera.tilt * rng.uniform(-1, 1)
    scale = 1 / (1 + 2 * camera.table)
    seen = seen * scale + center
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    return np.asarray(matrix, np.float64)


def _on_table(
    sheet: RgbImage, matrix: Matrix, camera: Camera, rng: np.random.Generator
) -> RgbImage:
    """Warp a sheet and put a table behind it, if any of it is visible."""
    rows, cols = sheet.shape[:2]
    how = cv2.INTER_LINEAR
    inside = cv2.warpPerspective(np.ones((rows, cols), np.float32), matrix, (cols, rows))
    if inside.min() > 0.999:  # no table is visible
        return np.asarray(cv2.warpPerspective(sheet, matrix, (cols, rows), flags=how), np.float32)
    table = _table(rows, cols, camera.table_color, rng)
    if camera.has_table_edge:
        _end_table(table, camera.table, rng)
    shadow = cv2.GaussianBlur(np.roll(inside, (4, 5), (0, 1)), (0, 0), 5)
    table *= 1 - SCENE.sheet_shadow * shadow[:, :, None]
    warped = cv2.warpPerspective(sheet, matrix, (cols, rows), flags=how)
    return np.asarray(warped + table * (1 - inside[:, :, None]))


def _table(rows: int, cols: int, chosen: Rgb | None, rng: np.random.Generator) -> RgbImage:
    """Return a table (rows, cols, 3) of one color with a grain along its width."""
    drawn = TABLES[rng.integers(len(TABLES))]  # also where it is not used: the rest stays the same
    color = np.array(drawn if chosen is None else chosen, np.float32)
    color *= rng.uniform(*SCENE.table_light)
    stripes = rng.standard_normal((rows // 3 + 1, cols // 60 + 2), np.float32)
    grain = cv2.resize(stripes, (cols, rows), interpolation=cv2.INTER_CUBIC)
    grey = 1 + SCENE.table_grain * grain + 2 * paper_texture(rows, cols, rng)
    return np.asarray(grey[:, :, None] * color, np.float32)


def _end_table(table: RgbImage, width: float, rng: np.random.Generator) -> None:
    """Let a table end beside the sheet, in place; beyond its edge the floor is visible.

    Args:
        table: (rows, cols, 3).
        width: of the visible table on each side, as a share of the sheet's sides.
        rng: chooses the side, the place and the floor.
    """
    rows, cols = table.shape[:2]
    y, x = np.ogrid[:rows, :cols]
    across, along = ((x / cols, y / rows), (y / rows, x / cols))[rng.integers(2)]
    if rng.random() < 0.5:
        across = 1 - across
    border = width / (1 + 2 * width)  # the sheet begins here
    tilt = rng.normal(scale=SCENE.table_end_tilt) * (along - 0.5)
    distance = (across - border * rng.uniform(*SCENE.table_end) - tilt) * min(rows, cols)
    floor = np.array(TABLES[rng.integers(len(TABLES))]) * rng.uniform(*SCENE.floor_light)
    is_floor = (distance < 0)[:, :, None]
    grain = 1 + 2 * paper_texture(rows, cols, rng)
    np.copyto(table, (grain[:, :, None] * floor).astype(np.float32), where=is_floor)
    edge = np.abs(distance) < rng.uniform(*SCENE.table_end_px) / 2
    table[edge] *= 0.3


def _compressed(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return an image (rows, cols, 3) as a JPEG file of a quality shows it."""
    file = BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    with Image.open(file) as read:
        return np.asarray(read, np.uint8).copy()


def _sensor_noise(rows: int, cols: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise (rows, cols, 3), mostly the same in all three colors, as after demosaicing."""
    grey = rng.standard_normal((rows, cols, 1), np.float32)
    small = rng.standard_normal((rows // 2 + 1, cols // 2 + 1, 3), np.float32)
    color = cv2.resize(small, (cols, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(SCENE.grey_noise * grey + SCENE.color_noise * color, np.float32)


def _turn_matrix(shape: tuple[int, ...], turn: int) -> Matrix:
    """Return the matrix (3, 3) of counterclockwise quarter turns of coordinates (x, y)."""
    rows, cols = shape
    matrix = np.eye(3)
    for _ in range(turn % 4):
        matrix = np.array([[0, 1, 0], [-1, 0, cols], [0, 0, 1]], float) @ matrix
        rows, cols = cols, rows
    return matrix


def _mover(matrix: Matrix, rows: int, cols: int) -> Move:
    """Return the function that maps a box of the sheet into the image."""

    def move(box: Box) -> Box:
        left, top, width, height = box
        right, bottom = left + width, top + height
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
        x, y, w = matrix @ np.column_stack([corners, np.ones(4)]).T
        x, y = (x / w).clip(0, cols), (y / w).clip(0, rows)
        start = (int(np.floor(x.min())), int(np.floor(y.min())))
        return (*start, int(np.ceil(x.max())) - start[0], int(np.ceil(y.max())) - start[1])

    return move
