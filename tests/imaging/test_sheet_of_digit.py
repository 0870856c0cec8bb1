"""A digit on a sheet that lies on a table is read as on the sheet alone; other images stay."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from digitus.imaging import preprocessing
from digitus.imaging.opening.image_file import open_grey
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.sheet.corners import find_sheet
from digitus.recognizer import Recognizer
from digitus.synthesis.digit_images.image_of_ink import LOOKS, image_of
from digitus.synthesis.digit_images.on_a_table import TABLE_KINDS, digit_on_table
from digitus.synthesis.digit_images.written_digits import pen_digit
from digitus.synthesis.pen.writers import PenWriter


def photo(kind, digit=8, seed=0, height_px=180.0):
    rng = np.random.default_rng([seed, TABLE_KINDS.index(kind)])
    ink = PenWriter(rng, height_px, pen=0.09)(digit, rng)
    return digit_on_table(ink, kind, rng)


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_a_digit_on_a_sheet_on_a_table_is_read(recognizer, kind):
    preprocessed = preprocess(photo(kind))
    assert preprocessed.is_cut_out
    assert recognizer.predict_preprocessed(preprocessed).digit == 8


def test_a_sheet_in_a_stream_is_read_as_in_an_array():
    image = photo("tilted")
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    stream.seek(0)
    np.testing.assert_array_equal(preprocess(stream).patch, preprocess(image).patch)


def test_a_faint_digit_on_a_sheet_is_no_light_on_dark_paper():
    image = np.full((400, 400), 40, np.uint8)
    image[60:340, 60:340] = 190
    cv2.circle(image, (200, 200), 12, 160, 2)
    noise = np.random.default_rng(0).normal(scale=1.5, size=image.shape)
    found = preprocess(np.clip(image + noise, 0, 255).astype(np.uint8))
    assert found.is_cut_out
    assert not found.dark_paper


@pytest.mark.parametrize("look", LOOKS)
def test_an_image_without_a_table_is_preprocessed_as_if_there_were_no_sheets(look, monkeypatch):
    images = []
    for seed in range(6):
        rng = np.random.default_rng([seed, LOOKS.index(look)])
        images.append(image_of(pen_digit(seed, 120, rng), look, rng))
    found = [preprocess(image) for image in images]
    assert not any(one.is_cut_out for one in found)
    monkeypatch.setattr(preprocessing, "find_sheet", lambda _: None)
    for image, one in zip(images, found, strict=True):
        np.testing.assert_array_equal(preprocess(image).patch, one.patch)


def test_a_cell_of_squared_paper_is_no_sheet():
    image = np.full((300, 300), 200, np.uint8)
    image[:, 190:] = 175  # less light, and the shadow of an arm
    image[190:] = 120
    for at in (40, 180):
        image[at : at + 10] = 150
        image[:, at : at + 10] = 150
    cv2.circle(image, (230, 130), 40, 90, 5)
    noise = np.random.default_rng(0).normal(scale=2, size=image.shape)
    noisy = (image + noise).astype(np.uint8)
    assert find_sheet(open_grey(noisy)) is not None
    assert not preprocess(noisy).is_cut_out


def test_a_thick_light_stroke_is_no_sheet(recognizer):
    rng = np.random.default_rng(0)
    image = np.full((300, 200), 30, np.uint8)
    cv2.line(image, (100, 40), (100, 260), 220, 44)
    noisy = np.clip(image + rng.normal(scale=3, size=image.shape), 0, 255).astype(np.uint8)
    preprocessed = preprocess(noisy)
    assert not preprocessed.is_cut_out
    assert recognizer.predict_preprocessed(preprocessed).best_guess == 1


def test_a_blank_sheet_on_a_table_is_not_cut_out():
    image = np.full((300, 400), 60, np.uint8)
    image[50:250, 60:340] = 210
    assert not preprocess(image + np.arange(400, dtype=np.uint8) % 2).is_cut_out
