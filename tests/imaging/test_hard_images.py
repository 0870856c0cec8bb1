"""Images as cameras and scanners make them: the patch is that of the bare digit."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digitus.imaging.patch.patch import make_patch
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ROWS, COLS = 300, 400
DIGITS, SEEDS = st.integers(0, 9), st.integers(0, 1000)


def written(digit, seed=0, *, size=150, left=110, top=70, pen=14.0):
    strokes = place(draw_digit(digit, np.random.default_rng(seed)), size=size, left=left, top=top)
    return render_strokes(strokes, width=COLS, height=ROWS, pen_px=pen)


def on_paper(ink, *, paper=0.9, pen=0.2):
    return paper + ink * (pen - paper)


def jpeg(page, seed=0, *, noise=0.01, quality=90):
    page = page + noise * np.random.default_rng(seed).standard_normal(page.shape)
    file = io.BytesIO()
    Image.fromarray((255 * page.clip(0, 1)).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return file.getvalue()


def difference(image, ink):
    """Mean difference from the patch of the bare ink; rounding may move it by one pixel."""
    patch, wanted = preprocess(image).patch, make_patch(ink)
    moves = [np.roll(wanted, (row, col), (0, 1)) for row in (-1, 0, 1) for col in (-1, 0, 1)]
    return min(np.abs(patch - moved).mean() for moved in moves)


@pytest.mark.parametrize("digit", range(10))
def test_a_ramp_of_light_is_divided_out(digit):
    page = on_paper(written(digit)) * np.linspace(1, 0.3, COLS)
    assert difference(jpeg(page), written(digit)) <= 0.02


@pytest.mark.parametrize("digit", range(10))
def test_a_hard_shadow_across_the_digit_is_divided_out(digit):
    ink = written(digit, seed=1)
    page = on_paper(ink)
    page[:, COLS // 2 :] *= 0.55
    assert difference(jpeg(page), ink) <= 0.02


@pytest.mark.parametrize("digit", range(10))
def test_noise_is_not_ink(digit):
    assert difference(jpeg(on_paper(written(digit)), noise=0.07), written(digit)) <= 0.02


@pytest.mark.parametrize("digit", range(10))
def test_a_pencil_is_read_like_a_pen(digit):
    page = on_paper(written(digit), pen=0.65)
    assert difference(jpeg(page, noise=0.02), written(digit)) <= 0.02


@pytest.mark.parametrize("tilt", [0.0, 0.03])
@pytest.mark.parametrize("digit", range(10))
def test_ruled_lines_go_and_the_digit_stays(digit, tilt):
    rows, cols = np.mgrid[:ROWS, :COLS]
    page = np.where((rows - tilt * cols + 17) % 40 < 2, 0.6, 0.9)
    page = page + written(digit) * (0.2 - page)
    assert difference(jpeg(page), written(digit)) <= 0.03


@pytest.mark.parametrize("seed", [1, 3])  # a foot that lies on a line all along goes with it
@pytest.mark.parametrize("digit", range(10))
def test_squared_lines_go_and_the_digit_stays(digit, seed):
    rows, cols = np.mgrid[:ROWS, :COLS]
    page = np.where((rows % 28 < 2) | (cols % 28 < 2), 0.65, 0.9)
    page = page + written(digit, seed) * (0.2 - page)
    assert difference(jpeg(page), written(digit, seed)) <= 0.03


@pytest.mark.parametrize("width", [1, 6, 20])
@pytest.mark.parametrize("tone", [0.0, 0.3])
def test_a_frame_around_the_image_goes(width, tone):
    page = on_paper(written(4))
    frame = np.full((ROWS + 2 * width, COLS + 2 * width), tone)
    frame[width:-width, width:-width] = page
    assert difference(jpeg(frame), written(4)) <= 0.02


def test_a_box_drawn_around_the_digit_goes():
    page = on_paper(written(6))
    cv2.rectangle(page, (30, 30), (370, 270), 0.2, 3)
    assert difference(jpeg(page), written(6)) <= 0.02


def test_a_dark_strip_along_one_edge_goes():
    page = on_paper(written(3))
    page[:, :25] = 0.1
    assert difference(jpeg(page), written(3)) <= 0.02


def test_specks_and_a_cut_neighbor_go():
    page = on_paper(written(2))
    for row, col in [(20, 20), (280, 40), (30, 380), (250, 300)]:
        cv2.circle(page, (col, row), 2, 0.2, -1)
    cv2.circle(page, (410, 150), 40, 0.2, 8)
    assert difference(jpeg(page), written(2)) <= 0.02


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("digit", range(10))
def test_a_tightly_cropped_digit_keeps_its_bars(digit, inverted):
    ink = written(digit, size=200, left=50, top=50, pen=24)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tight = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    page = on_paper(tight)
    assert difference(jpeg(1 - page if inverted else page), ink) <= 0.03


def test_a_broken_digit_is_kept_whole():
    ink = written(5)
    ink[:, 180:186] = 0
    patch = preprocess(jpeg(on_paper(ink))).patch
    assert np.abs(patch - make_patch(ink)).mean() <= 0.02


@given(DIGITS, SEEDS, st.floats(0.3, 1.7), st.integers(-60, 60), st.integers(-20, 40))
@settings(max_examples=30)
def test_scale_and_place_leave_the_patch(digit, seed, scale, right, down):
    size = 150 * scale
    moved = written(
        digit,
        seed,
        size=size,
        left=190 + right - size / 2,
        top=150 + down - size / 2,
        pen=14 * scale,
    )
    if moved[[0, -1]].any() or moved[:, [0, -1]].any():
        return
    assert difference(jpeg(on_paper(moved)), written(digit, seed)) <= 0.04


@given(DIGITS, SEEDS)
@settings(max_examples=20)
def test_quality_40_leaves_the_patch(digit, seed):
    image = jpeg(on_paper(written(digit, seed)), seed, quality=40)
    assert difference(image, written(digit, seed)) <= 0.02


@pytest.mark.parametrize("paper", ["white", "beige", "lightgreen", "black", "navy"])
@pytest.mark.parametrize("pen", ["red", "blue", "gold", "teal"])
def test_colors_leave_the_patch(paper, pen):
    mask = Image.fromarray((255 * written(8)).astype(np.uint8))
    size = (COLS, ROWS)
    image = Image.composite(Image.new("RGB", size, pen), Image.new("RGB", size, paper), mask)
    if (paper, pen) != ("navy", "blue"):  # hard to see for people, too
        assert difference(image, written(8)) <= 0.02


def test_an_exif_turn_leaves_the_patch():
    upright = Image.fromarray((255 * on_paper(written(7))).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    file = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(file, "PNG", exif=exif)
    np.testing.assert_allclose(
        preprocess(file.getvalue()).patch, preprocess(upright).patch, atol=1e-6
    )
