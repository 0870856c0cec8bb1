"""A sheet on a table is found and made square; a page that fills the image is left alone."""

import cv2
import numpy as np
import pytest

from digitus.imaging.sheet.corners import find_sheet, flattened
from digitus.imaging.sheet.squaring import Squaring, find_squaring, square_up
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ROWS, COLS = 900, 1200
FOCAL_PX = 0.8 * COLS


def sheet(width=800, height=600, seed=0):
    """A white sheet with digits and four dots, 100 px from its corners."""
    rng, strokes = np.random.default_rng(seed), []
    for row in range(3):
        for i in range(8):
            digit = draw_digit(int(rng.integers(10)), rng)
            strokes += place(digit, size=45, left=180 + 55 * i, top=180 + 90 * row)
    page = 0.92 - 0.7 * render_strokes(strokes, width=width, height=height, pen_px=5)
    for x in (100, width - 100):
        for y in (100, height - 100):
            cv2.circle(page, (x, y), 9, 0.1, -1)
    return np.asarray(page, np.float32)


def view(width, height, *, tilt_deg=(0, 0), turn_deg=0.0, distance=1.45):
    """Homography from a sheet's pixels to the image of a pinhole camera above it."""
    turn_x, turn_y, turn_z = np.deg2rad([*tilt_deg, turn_deg])
    around_x = cv2.Rodrigues(np.array([turn_x, 0, 0]))[0]
    around_y = cv2.Rodrigues(np.array([0, turn_y, 0]))[0]
    around_z = cv2.Rodrigues(np.array([0, 0, turn_z]))[0]
    turn = around_x @ around_y @ around_z
    center = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    camera = np.array([[FOCAL_PX, 0, COLS / 2], [0, FOCAL_PX, ROWS / 2], [0, 0, 1]])
    pose = np.stack([turn[:, 0], turn[:, 1], [0, 0, distance * FOCAL_PX]], axis=1)
    return camera @ pose @ center


def photo(page, matrix, *, table=0.35, seed=0):
    rng = np.random.default_rng(seed)
    image = np.full((ROWS, COLS), table, np.float32) + cv2.resize(
        rng.normal(0, 0.03, (60, 80)).astype(np.float32), (COLS, ROWS)
    )
    cv2.warpPerspective(
        page, matrix, (COLS, ROWS), image, borderMode=cv2.BORDER_TRANSPARENT, flags=cv2.INTER_AREA
    )
    light = np.linspace(0.75, 1.0, COLS, dtype=np.float32)
    noise = rng.normal(0, 0.01, image.shape)
    return np.asarray(np.clip(image * light + noise, 0, 1), np.float32)


def dots(page):
    """Centers (4, 2) of the dots: top left, top right, bottom left, bottom right."""
    soft = cv2.blur(page, (13, 13))
    rows, cols = (int(0.24 * side) for side in soft.shape)
    found = []
    for top in (0, soft.shape[0] - rows):
        for left in (0, soft.shape[1] - cols):
            corner = soft[top : top + rows, left : left + cols].copy()
            corner[:15], corner[-15:], corner[:, :15], corner[:, -15:] = 1, 1, 1, 1
            row, col = np.unravel_index(corner.argmin(), corner.shape)
            found.append((left + col, top + row))
    return np.array(found, np.float64)


VIEWS = [
    {},
    {"turn_deg": 9},
    {"tilt_deg": (22, 0)},
    {"tilt_deg": (0, -25)},
    {"tilt_deg": (15, 18), "turn_deg": -6},
    {"tilt_deg": (-20, 12), "turn_deg": 5},
]


@pytest.mark.parametrize("how", VIEWS)
def test_a_sheet_on_a_table_comes_out_square_within_two_percent(how):
    page = sheet()
    flat = square_up(photo(page, view(*page.shape[::-1], **how)))
    top_left, top_right, bottom_left, bottom_right = dots(flat)
    across, below = top_right - top_left, bottom_right - bottom_left
    left, right = bottom_left - top_left, bottom_right - top_right
    lengths = [np.linalg.norm(side) for side in (across, below, left, right)]
    assert lengths[0] / lengths[1] == pytest.approx(1, abs=0.02)
    assert lengths[2] / lengths[3] == pytest.approx(1, abs=0.02)
    assert abs(across @ left) / (lengths[0] * lengths[2]) < 0.02
    assert (lengths[0] + lengths[1]) / (lengths[2] + lengths[3]) == pytest.approx(1.5, rel=0.03)


def test_the_corners_of_a_sheet_are_found_to_the_pixel():
    page = sheet()
    matrix = view(*page.shape[::-1], tilt_deg=(15, 18), turn_deg=-6)
    found = find_sheet(photo(page, matrix))
    corners = np.array([[(0, 0), (799, 0), (799, 599), (0, 599)]], np.float64)
    np.testing.assert_allclose(found, cv2.perspectiveTransform(corners, matrix)[0], atol=3)


def test_a_sheet_cut_by_one_border_of_the_image_is_found():
    page = sheet()
    matrix = np.array([[1, 0, 100], [0, 1, ROWS - 560], [0, 0, 1]], np.float64)
    found = find_sheet(photo(page, matrix))
    assert found is not None
    assert found[:, 1].max() == pytest.approx(ROWS - 1, abs=8)


@pytest.mark.parametrize("seed", range(3))
def test_a_full_frame_page_is_left_alone(seed):
    page = sheet(1200, 900, seed)
    light = np.linspace(0.6, 1, 900, dtype=np.float32)[:, None]
    assert find_sheet(page) is None
    assert find_sheet(page * light) is None


def test_a_printed_frame_is_not_a_sheet():
    page = sheet(1200, 900)
    cv2.rectangle(page, (60, 60), (1140, 840), 0.1, 6)
    assert find_sheet(page) is None


def test_a_shadow_with_a_straight_edge_makes_no_sheet():
    page = sheet(1200, 900)
    page[:, 800:] *= 0.5
    assert find_sheet(page) is None
    page[500:] *= 0.5
    assert find_sheet(page) is None


def test_a_table_of_grey_cells_is_not_a_sheet():
    page = sheet(1200, 900)
    page[:, :300] -= 0.2
    page[:250] -= 0.15
    assert find_sheet(np.clip(page, 0, 1)) is None


@pytest.mark.parametrize("shape", [(8, 8), (300, 8), (8, 300), (40, 30)])
def test_tiny_and_empty_pages_hold_no_sheet(shape):
    for tone in (0.0, 0.5, 1.0):
        assert find_sheet(np.full(shape, tone, np.float32)) is None
        page = np.random.default_rng(0).random(shape).astype(np.float32)
        assert np.isfinite(square_up(page)).all()


def test_flattening_keeps_the_pixels_of_a_sheet_that_lies_straight():
    page = np.random.default_rng(0).random((400, 500)).astype(np.float32)
    corners = np.array([(100, 50), (399, 50), (399, 349), (100, 349)], np.float64)
    flat = flattened(cv2.blur(page, (9, 9)), corners)
    assert flat.shape == pytest.approx((299, 299), abs=4)


def test_a_squaring_applies_to_every_channel_of_its_page():
    page = 0.9 - 0.7 * cv2.warpAffine(
        1 - sheet(), cv2.getRotationMatrix2D((400, 300), 4.0, 1.0), (800, 600)
    )
    squaring = find_squaring(page)
    assert abs(squaring.fall_deg) > 1
    np.testing.assert_array_equal(squaring.apply(page), square_up(page))
    other = squaring.apply(np.asarray(page / 2, np.float32))
    np.testing.assert_allclose(other, square_up(page) / 2, atol=0.02)


def test_the_frame_of_a_board_is_covered_where_the_page_is_rotated():
    board = np.full((800, 1200), 0.1, np.float32)
    for left in range(150, 1000, 80):
        cv2.ellipse(board, (left, 400), (18, 28), 0, 0, 360, 0.9, 7)
    framed = np.full_like(board, 0.5)
    framed[22:-22, 22:-22] = board[22:-22, 22:-22]
    squaring = Squaring(None, 3.0)
    covered = squaring.apply_without_surroundings(framed)
    assert np.abs(covered - squaring.apply(board)).max() < 0.1
