"""The corners of a sheet and the rectangle that it is flattened to."""

import cv2
import numpy as np
import pytest

from digitus.imaging.sheet.corners import find_sheet, flattened

SHAPE = 600, 800


def photo(corners, *, paper=0.9, table=0.3):
    grey = np.full(SHAPE, table, np.float32)
    cv2.fillConvexPoly(grey, np.array(corners, np.int32), paper)
    noise = 0.01 * np.random.default_rng(0).standard_normal(SHAPE)
    return np.asarray(np.clip(grey + noise, 0, 1), np.float32)


SHEETS = [
    [(100, 80), (700, 80), (700, 520), (100, 520)],
    [(120, 60), (690, 110), (640, 540), (90, 470)],
    [(200, 100), (620, 120), (740, 560), (80, 540)],
]


@pytest.mark.parametrize("corners", SHEETS)
def test_corners_are_found_clockwise_from_the_top_left(corners):
    np.testing.assert_allclose(find_sheet(photo(corners)), corners, atol=3)


@pytest.mark.parametrize(
    "corners",
    [
        [(300, 200), (400, 200), (400, 300), (300, 300)],
        [(100, 80), (700, 80), (400, 520), (390, 520)],
    ],
    ids=["small", "triangle"],
)
def test_small_and_triangular_shapes_are_not_sheets(corners):
    assert find_sheet(photo(corners)) is None


def test_a_sheet_darker_than_its_table_is_not_found():
    assert find_sheet(photo(SHEETS[0], paper=0.3, table=0.9)) is None


def test_a_step_fainter_than_the_least_is_not_found():
    assert find_sheet(photo(SHEETS[0], paper=0.9, table=0.88)) is None


def test_what_is_printed_in_the_corners_lies_in_the_corners_of_the_flat_sheet():
    corners = np.array(SHEETS[2], np.float64)
    grey = photo(corners)
    middle = corners.mean(axis=0)
    for corner in corners:
        x, y = np.rint(corner + 0.1 * (middle - corner)).astype(int)
        cv2.circle(grey, (int(x), int(y)), 6, 0.0, -1)
    flat = flattened(grey, corners)
    rows, cols = (side // 4 for side in flat.shape)
    for part in (
        flat[:rows, :cols],
        flat[:rows, -cols:],
        flat[-rows:, :cols],
        flat[-rows:, -cols:],
    ):
        assert part.min() < 0.3
    assert flat[rows:-rows, cols:-cols].min() > 0.6


def test_a_light_shape_that_fills_three_quarters_of_its_corners_is_not_a_sheet():
    grey = photo(SHEETS[0])
    grey[160:360, 200:520] = 0.3
    assert find_sheet(grey) is not None
    grey[70:360, 300:308] = 0.3  # opens the dark area to the table
    assert find_sheet(grey) is None
