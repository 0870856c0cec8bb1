"""Ink of whole pages: light divided out, lines and pattern taken away, the digits left."""

import time

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.page_ink import page_inks
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.ruled_lines.detection import find_ruled_lines
from digitus.imaging.ruled_lines.removal import without_ruled_lines
from digitus.imaging.strokes import render_strokes
from digitus.models import load_model
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ROWS, COLS = 600, 800
DIGITS = [[3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, 9, 7]]


def written(seed=0, *, size=60, pen=6.0):
    """Two lines of digits as ink (600, 800)."""
    rng, strokes = np.random.default_rng(seed), []
    for row, digits in enumerate(DIGITS):
        for i, digit in enumerate(digits):
            strokes += place(
                draw_digit(digit, rng), size=size, left=80 + 95 * i, top=150 + 200 * row
            )
    return render_strokes(strokes, width=COLS, height=ROWS, pen_px=pen)


def page_of(ink, *, paper=0.88, pen=0.2, noise=0.01):
    clean = paper + (pen - paper) * ink
    return np.asarray(
        np.clip(clean + noise * np.random.default_rng(0).standard_normal(ink.shape), 0, 1),
        np.float32,
    )


def difference(ink, wanted):
    """Mean difference, of the mean of what is wanted."""
    return float(np.abs(ink - wanted).mean() / wanted.mean())


LIGHTS = {
    "even": np.ones((ROWS, COLS)),
    "slope": np.linspace(0.4, 1, COLS)[None],
    "vignette": 1
    - 0.55 * (np.hypot(*np.mgrid[-1 : 1 : ROWS * 1j, -1 : 1 : COLS * 1j]) / 1.42) ** 2,
    "hard shadow": np.where(np.add.outer(np.arange(ROWS), np.arange(COLS)) < 600, 0.5, 1.0),
    "two shadows": np.where(np.arange(COLS) % 500 < 200, 0.55, 1.0)[None],
}


@pytest.mark.parametrize("light", LIGHTS)
def test_ink_is_the_same_in_every_light(light):
    ink = written()
    found = page_inks(np.asarray(page_of(ink) * LIGHTS[light], np.float32)).versions[-1]
    assert difference(found, ink) < 0.25


@pytest.mark.parametrize(("pen", "noise"), [(0.2, 0.0), (0.2, 0.05), (0.7, 0.015), (0.0, 0.02)])
def test_pens_and_pencils_give_full_ink(pen, noise):
    ink = written()
    (found,) = page_inks(page_of(ink, pen=pen, noise=noise)).versions
    assert difference(found, ink) < 0.4
    assert found[ink == 1].mean() > 0.85


def test_a_pencil_beside_a_pen_gives_full_ink_as_well():
    ink = written()
    page = page_of(ink, pen=0.1)
    page[: ROWS // 2] = page_of(ink, pen=0.55)[: ROWS // 2]
    (found,) = page_inks(page).versions
    assert found[: ROWS // 2][ink[: ROWS // 2] == 1].mean() > 0.8


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_chalk_on_a_board_is_ink_as_well(noise):
    ink = written()
    (found,) = page_inks(page_of(ink, paper=0.2, pen=0.85, noise=noise)).versions
    assert difference(found, ink) < 0.3


def test_thick_strokes_are_not_hollow():
    ink = written(size=90, pen=24.0)
    (found,) = page_inks(page_of(ink)).versions
    assert found[ink == 1].min() > 0.5


@pytest.mark.parametrize("tone", [0.1, 0.4, 0.9])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_a_page_without_writing_has_no_ink(tone, noise):
    (found,) = page_inks(page_of(np.zeros((ROWS, COLS)), paper=tone, noise=noise)).versions
    assert (found > 0.5).mean() < 1e-3


@pytest.mark.parametrize("shape", [(8, 8), (8, 400), (400, 8), (9, 31)])
def test_narrow_and_tiny_pages_give_ink_of_their_shape(shape):
    page = np.random.default_rng(0).random(shape).astype(np.float32)
    for ink in page_inks(page).versions:
        assert ink.shape == shape
        assert ink.dtype == np.float32
        assert 0 <= ink.min() <= ink.max() <= 1


def with_lines(ink, *, slope=0.0, every=50, width=2, tone=0.6, squared=False):
    """Lay ruled lines under ink, each falling by a slope."""
    lines = np.zeros_like(ink)
    for row in range(30, ROWS, every):
        ends = (0, row), (COLS, int(row + slope * COLS))
        cv2.line(lines, *ends, tone, width, cv2.LINE_AA)
    if squared:
        for col in range(20, COLS, every):
            cv2.line(lines, (col, 0), (int(col - slope * ROWS), ROWS), tone, width, cv2.LINE_AA)
    return np.maximum(ink, lines)


PAPERS = [
    {},
    {"squared": True},
    {"slope": 0.03},
    {"slope": -0.08, "squared": True},
    {"width": 4, "tone": 0.9},
    {"every": 110, "width": 1, "tone": 0.5},
]


@pytest.mark.parametrize("paper", PAPERS)
def test_lines_are_removed_and_the_digits_stay(paper):
    ink = written()
    plain, cleaned = page_inks(page_of(with_lines(ink, **paper))).versions
    assert plain.sum() > cleaned.sum()
    lines = (with_lines(np.zeros_like(ink), **paper) > 0) & (cv2.dilate(ink, np.ones((9, 9))) == 0)
    assert cleaned[lines].sum() < 0.05 * plain[lines].sum()
    beside = (ink == 1) & (with_lines(np.zeros_like(ink), **paper) == 0)
    assert cleaned[beside].mean() > 0.85


def test_digits_are_still_read_where_lines_were_removed(mnist):
    digits, labels = mnist.train.pixels[:40].reshape(-1, 28, 28), mnist.train.labels[:40]
    ink = np.zeros((ROWS, COLS), np.float32)
    places = [(60 + 105 * (i // 8), 60 + 90 * (i % 8)) for i in range(40)]
    for digit, (top, left) in zip(digits, places, strict=True):
        large = cv2.resize(digit.astype(np.float32) / 255, (56, 56), interpolation=cv2.INTER_CUBIC)
        ink[top : top + 56, left : left + 56] = large.clip(0, 1)
    plain, cleaned = page_inks(page_of(with_lines(ink, every=37, squared=False))).versions
    right = [
        [read(version[top - 4 : top + 60, left - 4 : left + 60]) for top, left in places] == labels
        for version in (plain, cleaned)
    ]
    assert np.mean(right[0]) < 0.5
    assert np.mean(right[1]) >= 0.9


def read(ink):
    return load_model().classify(make_patch(ink).reshape(1, -1) * 255).probabilities.argmax()


def test_a_page_without_lines_has_one_version():
    assert len(page_inks(page_of(written())).versions) == 1


def test_ones_and_dashes_are_not_lines():
    strokes = [[(100 + 80 * i, 200), (100 + 80 * i, 290)] for i in range(8)]
    strokes += [[(100 + 80 * i, 400), (150 + 80 * i, 400)] for i in range(8)]
    ink = render_strokes(strokes, width=COLS, height=ROWS, pen_px=5)
    assert without_ruled_lines(ink, (255 * ink).astype(np.uint8), ink > 0.2) is None


def test_a_line_of_large_digits_that_fills_its_image_keeps_its_ones():
    strokes = [[(20 + 40 * i, 4), (20 + 40 * i, 56)] for i in range(8)]
    ink = render_strokes(strokes, width=340, height=60, pen_px=4)
    assert without_ruled_lines(ink, (255 * ink).astype(np.uint8), ink > 0.2) is None


def test_lines_are_where_they_were_drawn():
    ink = with_lines(
        np.zeros((ROWS, COLS), np.float32), slope=0.05, every=100, squared=True, tone=1.0
    )
    across, down = find_ruled_lines(np.maximum(ink, written()) > 0.2)
    assert len(across) == 6
    assert len(down) == 8
    for row in across.at(np.float64(COLS / 2)):
        row -= 0.05 * COLS / 2
        assert (row - 30) % 100 == pytest.approx(0, abs=2) or (row - 30) % 100 > 98


def test_lines_on_a_large_page_are_where_they_were_drawn():
    large = np.zeros((2400, 3200), np.float32)
    large[1000:1006] = 1
    large[300:420, 500:520] = 1
    across, down = find_ruled_lines(large > 0)
    assert (len(across), len(down)) == (1, 0)
    assert across.at(np.float64(1600))[0] == pytest.approx(1002.5, abs=2)
    assert across.widths_px[0] == pytest.approx(6, abs=3)


def test_guilloche_fainter_than_the_ink_is_removed():
    rows, cols = np.mgrid[:ROWS, :COLS]
    waves = np.sin(cols / 5 + 3 * np.sin(rows / 23)) * np.sin(rows / 4 + 2 * np.sin(cols / 31))
    pattern = 0.35 * (np.abs(waves) < 0.25)
    ink = written(pen=9.0)
    inks = page_inks(page_of(np.maximum(ink, pattern.astype(np.float32)))).versions
    bare = cv2.dilate(ink, np.ones((5, 5))) == 0
    assert inks[-1][bare].mean() < 0.02
    assert inks[-1][ink == 1].mean() > 0.8


@pytest.mark.parametrize("every", [20, 40])
def test_the_waves_of_a_wide_pattern_are_in_no_version(every):
    ink, waves = written(pen=9.0), np.zeros((ROWS, COLS), np.float32)
    cols = np.arange(-20, COLS + 20)
    for first in range(-100, ROWS + 100, every):
        rows = first + 30 * np.sin(cols / 70)
        points = np.rint(np.stack([cols, rows], axis=1)).astype(np.int32)
        cv2.polylines(waves, [points.reshape(-1, 1, 2)], False, 0.3, 2, cv2.LINE_AA)
    bare = cv2.dilate(ink, np.ones((5, 5))) == 0
    inks = page_inks(page_of(np.maximum(ink, waves)))
    assert inks.lined[bare & (waves > 0.25)].mean() > 0.2
    for version in inks.versions:
        assert version[bare].mean() < 0.002
        assert version[ink == 1].mean() > 0.8


def test_the_ink_of_a_large_page_takes_less_than_4_seconds():
    page = cv2.resize(page_of(with_lines(written(), squared=True)), (3508, 2480))
    page_inks(page)
    start = time.process_time()
    page_inks(page)
    assert time.process_time() - start < 4  # seconds; 0.4 on an idle core


def test_many_short_lines_are_ruled_and_few_are_not():
    strokes = [[(60 + 40 * i, 40), (60 + 40 * i, 100)] for i in range(8)]
    lines = [[(60, 150 + 80 * i), (200, 152 + 80 * i)] for i in range(5)]
    many, few = (
        render_strokes(strokes + lines[:n], width=COLS, height=ROWS, pen_px=3) > 0.2 for n in (5, 2)
    )
    assert len(find_ruled_lines(many)[0]) == 5
    assert len(find_ruled_lines(few)[0]) == 0
