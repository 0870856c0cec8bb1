"""The whole preprocessing, from an image to the patch."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from digitus.imaging.patch.patch import make_patch
from digitus.imaging.preprocessing import preprocess, writing_of_page
from digitus.recognizer import Recognizer


def painted(ink, *, paper, pen):
    return Image.composite(
        Image.new("RGB", ink.shape[::-1], pen),
        Image.new("RGB", ink.shape[::-1], paper),
        Image.fromarray((255 * ink).round().astype(np.uint8)),
    )


@pytest.mark.parametrize("digit", range(10))
def test_both_themes_give_the_same_patch(write, digit):
    dark = preprocess(painted(write(digit), paper="black", pen="white")).patch
    light = preprocess(painted(write(digit), paper="white", pen="black")).patch
    np.testing.assert_allclose(dark, light, atol=1e-5)


def test_a_drawing_and_its_image_give_nearly_the_same_patch(write):
    image = painted(write(3), paper="white", pen="black")
    assert np.abs(preprocess(image).patch - make_patch(write(3))).mean() <= 0.01


def test_the_color_of_the_paper_does_not_matter(write):
    plain = preprocess(painted(write(9), paper="white", pen="black")).patch
    colored = preprocess(painted(write(9), paper=(250, 240, 215), pen=(30, 60, 150))).patch
    assert np.abs(plain - colored).mean() <= 0.01


def test_a_file_and_its_array_agree(tmp_path, write):
    image = painted(write(7), paper="white", pen="black")
    image.save(tmp_path / "seven.png")
    from_file, from_array = preprocess(tmp_path / "seven.png"), preprocess(np.asarray(image))
    np.testing.assert_allclose(from_file.patch, from_array.patch, atol=1e-6)


def test_every_step_of_the_preprocessing_is_kept(write):
    steps = preprocess(painted(write(2), paper="white", pen="black"))
    assert steps.grey.shape == steps.ink.shape == (260, 260)
    assert steps.patch.shape == (28, 28)


def test_a_blank_page_has_no_patch():
    assert preprocess(Image.new("L", (50, 50), "white")).patch is None


def test_jpeg_noise_changes_little(tmp_path, write):
    image = painted(write(5, seed=2), paper="white", pen="black")
    image.save(tmp_path / "five.jpg", quality=60)
    clean, noisy = preprocess(image).patch, preprocess(tmp_path / "five.jpg").patch
    assert np.abs(clean - noisy).mean() <= 0.02


@pytest.mark.mnist
@pytest.mark.parametrize("inverted", [False, True])
def test_an_image_of_mnist_comes_out_nearly_unchanged(mnist, inverted):
    for row in mnist.test.pixels[:400]:
        image = Image.fromarray(row.reshape(28, 28))
        patch = preprocess(ImageOps.invert(image) if inverted else image).patch
        assert np.abs(patch - row.reshape(28, 28) / 255).mean() <= 0.02


@pytest.mark.mnist
@pytest.mark.parametrize("inverted", [False, True])
def test_preprocessing_loses_no_accuracy_on_mnist(mnist, inverted):
    pixels = np.asarray(mnist.test.pixels).reshape(-1, 28, 28)
    preprocessed = [preprocess(255 - row if inverted else row).patch for row in pixels]
    recognizer = Recognizer("mlp")
    wanted = recognizer.predict_patches(pixels / np.float32(255))
    got = recognizer.predict_patches(preprocessed)
    assert sum(one != other for one, other in zip(_digits(wanted), _digits(got), strict=True)) <= 2


@pytest.mark.parametrize("digit", range(10))
def test_the_patch_shown_is_the_patch_used(digit, write):
    image = painted(write(digit), paper="white", pen="black")
    recognizer = Recognizer("mlp")
    shown = recognizer.predict(image)
    np.testing.assert_array_equal(shown.patch, preprocess(image).patch)
    assert recognizer.predict_patches(shown.patch[None]) == [shown]


def test_the_side_of_the_paper_is_kept(write):
    assert preprocess(painted(write(2), paper="black", pen="white")).dark_paper
    assert not preprocess(painted(write(2), paper="white", pen="black")).dark_paper


@pytest.mark.parametrize("shape", [(8, 8), (7000, 7000)])
def test_the_smallest_and_the_largest_image_are_read(shape):
    image = np.full(shape, 255, np.uint8)
    rows, cols = shape
    image[rows // 8 : -rows // 8, cols // 2 : cols // 2 + max(1, cols // 12)] = 0
    assert preprocess(image).patch.sum() > 20


def _digits(predictions):
    return [prediction.best_guess for prediction in predictions]


def test_the_writing_of_a_page_is_that_of_photos_alone():
    drawing = np.ones((80, 120), np.float32)
    drawing[20:60, 50:56] = 0
    assert writing_of_page(drawing) is None
    noise = np.random.default_rng(0).normal(scale=0.02, size=drawing.shape)
    photo = np.clip(0.8 * drawing + 0.1 + noise, 0, 1).astype(np.float32)
    writing = writing_of_page(photo)
    assert writing is not None
    assert writing[40, 52] > 0.5
    assert writing_of_page(np.full_like(photo, 0.8) + noise.astype(np.float32) / 4) is None
