"""The camera: boxes move with the image; light and geometry follow the parameters."""

import numpy as np
import pytest

from digitus.synthesis.papers.camera import Camera, light, photograph, random_camera

BOX = (300, 120, 60, 30)
STILL = {"blur_px": 0.0, "noise": 0.0}


def _marked():
    sheet = np.ones((400, 600, 3), np.float32)
    left, top, width, height = BOX
    sheet[top : top + height, left : left + width] = 0
    return sheet


def _dark_box(image):
    dark = image.max(axis=2) < 128
    rows, cols = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return cols[0], rows[0], cols[-1] + 1 - cols[0], rows[-1] + 1 - rows[0]


@pytest.mark.parametrize(
    "camera",
    [
        Camera(**STILL),
        Camera(turn=1, **STILL),
        Camera(turn=2, **STILL),
        Camera(turn=3, **STILL),
        Camera(skew_deg=8, table=-0.1, **STILL),
        Camera(skew_deg=-14, table=-0.2, turn=1, **STILL),
        Camera(tilt=0.06, table=-0.1, **STILL),
    ],
)
def test_a_moved_box_is_around_the_same_content(camera):
    image, move = photograph(_marked(), camera, np.random.default_rng(0))
    moved, found = move(BOX), _dark_box(image)
    np.testing.assert_allclose(moved, found, atol=2.5)


def test_a_box_beyond_the_image_is_clipped():
    _, move = photograph(_marked(), Camera(table=-0.1, **STILL), np.random.default_rng(0))
    left, top, width, height = move((0, 0, 600, 400))
    assert (left, top, width, height) == (0, 0, 600, 400)


@pytest.mark.parametrize(("turn", "shape"), [(0, (400, 600, 3)), (1, (600, 400, 3))])
def test_an_odd_quarter_turn_swaps_rows_and_columns(turn, shape):
    image, _ = photograph(_marked(), Camera(turn=turn), np.random.default_rng(0))
    assert (image.shape, image.dtype) == (shape, np.uint8)


@pytest.mark.parametrize("skew_deg", [-10.0, 10.0])
def test_a_positive_skew_turns_counterclockwise(skew_deg):
    sheet = np.ones((400, 600, 3), np.float32)
    sheet[198:202, 100:500] = 0
    image, _ = photograph(
        sheet, Camera(skew_deg=skew_deg, table=-0.15, **STILL), np.random.default_rng(0)
    )
    dark = image[:, :, 0] < 128
    left, right = (np.flatnonzero(dark[:, col]).mean() for col in (150, 450))
    assert np.rad2deg(np.arctan2(left - right, 300)) == pytest.approx(skew_deg, abs=0.5)


def test_the_table_is_visible_around_the_sheet_only():
    camera = Camera(table=0.1, **STILL)
    image, move = photograph(np.ones((400, 600, 3), np.float32), camera, np.random.default_rng(1))
    left, top, width, height = move((0, 0, 600, 400))
    assert 40 < left < 60
    assert image[5, 5].max() < 220
    assert (image[top + 3 : top + height - 3, left + 3 : left + width - 3] > 250).all()


def test_slope_and_shadow_reduce_the_light_by_their_share():
    rng = np.random.default_rng
    flat = light(100, 150, Camera(), rng(0))
    sloped = light(100, 150, Camera(slope=0.4), rng(0))
    shaded = light(100, 150, Camera(shadow=0.5), rng(0))
    np.testing.assert_allclose(flat, 1, atol=1e-5)
    assert sloped.min() == pytest.approx(0.6, abs=0.1)
    assert shaded.min() == pytest.approx(0.5, abs=0.1)
    assert shaded.max() == pytest.approx(1, abs=0.02)


def test_a_vignette_darkens_the_corners_only():
    field = light(100, 150, Camera(vignette=0.3), np.random.default_rng(0))
    assert field[0, 0] == pytest.approx(0.7, abs=0.02)
    assert field[50, 75] == pytest.approx(1, abs=0.02)


def test_the_same_seed_gives_the_same_image():
    one, two = (
        photograph(_marked(), random_camera(rng), rng)[0]
        for rng in (np.random.default_rng(3), np.random.default_rng(3))
    )
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("seed", range(20))
def test_the_sheet_within_its_margin_is_in_the_image(seed):
    rng = np.random.default_rng(seed)
    camera = random_camera(rng)
    _, move = photograph(np.ones((300, 400, 3), np.float32), camera, rng)
    free_rows, free_cols = round(camera.margin * 300), round(camera.margin * 400)
    left, top, width, height = move(
        (free_cols, free_rows, 400 - 2 * free_cols, 300 - 2 * free_rows)
    )
    assert left > 0
    assert left + width < 400
    assert top > 0
    assert top + height < 300


def _scenes(seed, **changes):
    camera = {"table": 0.2, **STILL}
    sheet = np.ones((400, 600, 3), np.float32)
    return [
        photograph(sheet, Camera(**camera, **one), np.random.default_rng(seed))[0].astype(int)
        for one in ({}, changes)
    ]


def test_a_table_ends_on_one_side_beside_the_sheet():
    sides = set()
    for seed in range(24):
        table, ended = _scenes(seed, has_table_edge=True)
        changed = (np.abs(table - ended) > 3).any(axis=2)
        assert not changed[80:-80, 120:-120].any()  # the sheet
        outer = [changed[:15].mean(), changed[-15:].mean()]
        outer += [changed[:, :15].mean(), changed[:, -15:].mean()]
        side = int(np.argmax(outer))
        sides.add(side)
        assert outer[side] > 0.3
    assert sides == {0, 1, 2, 3}


def test_a_file_of_low_quality_changes_the_image_slightly():
    rng = np.random.default_rng(0)
    sheet = np.repeat(rng.random((400, 600, 1), np.float32), 3, axis=2)
    clear, coarse = (
        photograph(sheet, Camera(jpeg_quality=quality, **STILL), np.random.default_rng(1))[0]
        for quality in (None, 20)
    )
    difference = np.abs(clear.astype(int) - coarse)
    assert coarse.shape == clear.shape
    assert 5 < difference.mean() < 60
