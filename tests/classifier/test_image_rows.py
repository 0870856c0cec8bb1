"""Images become the rows that a classifier takes, with the preprocessing of a prediction."""

import numpy as np
import pytest
from PIL import Image
from sklearn.pipeline import make_pipeline

import digitus
from digitus.classifier import ImageRows, MLPClassifier
from digitus.errors import ImageError
from digitus.imaging import preprocess, render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place


def drawing(digit, seed=0):
    strokes = place(draw_digit(digit, np.random.default_rng(seed)), size=60, left=10, top=10)
    return 1 - render_strokes(strokes, width=80, height=80, pen_px=7)


def test_a_row_is_the_patch_of_the_image():
    image = drawing(3)
    (row,) = ImageRows().fit_transform([image])
    np.testing.assert_array_equal(row, preprocess(image).patch.ravel())


def test_full_ink_is_as_asked():
    one, bytes_ = (
        ImageRows().transform([drawing(4)]),
        ImageRows(full_ink=255).transform([drawing(4)]),
    )
    np.testing.assert_allclose(bytes_, 255 * one)


def test_paths_images_and_arrays_give_the_same_rows(tmp_path):
    levels = np.rint(255 * drawing(5)).astype(np.uint8)
    Image.fromarray(levels).save(tmp_path / "5.png")
    path = tmp_path / "5.png"
    rows = ImageRows().transform([path, str(path), path.read_bytes(), Image.open(path), levels])
    assert (rows == rows[0]).all()
    np.testing.assert_array_equal(ImageRows().transform(levels[None])[0], rows[0])


def test_a_blank_image_is_a_row_of_zeros():
    assert not ImageRows().transform([np.ones((40, 40))]).any()


@pytest.mark.parametrize("one", ["7.png", b"bytes", np.ones((40, 40)), np.ones((5, 784))])
def test_a_single_image_or_rows_of_numbers_are_refused(one):
    with pytest.raises(ValueError, match="expected several images"):
        ImageRows().transform(one)


def test_an_image_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.png"):
        ImageRows().transform([tmp_path / "gone.png"])


def test_each_pixel_has_a_name():
    assert ImageRows().get_feature_names_out().tolist()[::783] == ["pixel0", "pixel783"]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_pipeline_reads_images():
    digits = [digit for _ in range(20) for digit in (1, 8)]
    images = [drawing(digit, seed) for seed, digit in enumerate(digits)]
    pipeline = make_pipeline(digitus.ImageRows(), MLPClassifier((16,), max_iter=30, random_state=0))
    assert pipeline.fit(images, digits).score(images, digits) == 1.0
