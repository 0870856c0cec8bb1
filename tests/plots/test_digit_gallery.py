"""The gallery of digits."""

import numpy as np
import pytest
from PIL import Image

from digitus.plots import digit_gallery, save_figure

PIXELS = np.random.default_rng(0).integers(0, 256, (23, 784), dtype=np.uint8)


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def note(figure):
    return figure.texts[1].get_text()


def printed_patch(figure, path, *, index):
    """Read an image of the grid back out of the PNG, every fifth pixel of it, (28, 28)."""
    save_figure(figure, path)
    with Image.open(path) as image:
        printed = np.asarray(image.convert("L"))
    row, col = divmod(index, 10)
    left, top = figure.axes[0].transData.transform((col * 36, row * (28 + 6)))
    top = round(printed.shape[0] - top)
    return printed[top + 2 : top + 140 : 5, round(left) + 2 : round(left) + 140 : 5]


@pytest.mark.parametrize("index", [0, 9, 22])
def test_pixels_are_printed_exactly_light_on_dark(tmp_path, index):
    patch = printed_patch(digit_gallery(PIXELS, theme="dark"), tmp_path / "grid.png", index=index)
    np.testing.assert_array_equal(patch, PIXELS[index].reshape(28, 28))


def test_pixels_are_printed_exactly_dark_on_light(tmp_path):
    patch = printed_patch(digit_gallery(PIXELS), tmp_path / "grid.png", index=11)
    np.testing.assert_array_equal(patch, 255 - PIXELS[11].reshape(28, 28))


def test_each_image_has_its_label_below():
    assert texts(digit_gallery(PIXELS[:3], [7, 2, 1])) == ["7", "2", "1"]


def test_wrong_answer_is_marked_by_a_cross_and_both_digits():
    figure = digit_gallery(PIXELS[:2], [7, 2], predictions=[1, 2])
    assert texts(figure) == ["✗ 7 → 1", "2"]


def test_the_confidence_is_below_the_answer():
    figure = digit_gallery(PIXELS[:1], predictions=[4], confidences=[0.731])
    assert texts(figure) == ["4", "73.1 %"]


@pytest.mark.parametrize(
    ("confidence", "text"), [(0.9999, "> 99.9 %"), (1.0, "100.0 %"), (0.9994, "99.9 %")]
)
def test_only_certainty_is_100_percent(confidence, text):
    figure = digit_gallery(PIXELS[:1], predictions=[4], confidences=[confidence])
    assert texts(figure)[1] == text


def test_no_mistakes_are_a_figure_that_says_so():
    figure = digit_gallery(PIXELS[:0], [], predictions=[], confidences=[])
    assert note(figure) == "No mistakes."


def test_no_images_are_a_figure_that_says_so():
    assert note(digit_gallery(PIXELS[:0], [])) == "No images."


def test_misread_images_are_counted():
    figure = digit_gallery(PIXELS[:3], [1, 2, 3], predictions=[1, 2, 4])
    assert note(figure) == "3 images, 1 misread (✗ true digit → answer)"


def test_more_than_two_hundred_images_are_cut_and_the_note_says_so():
    figure = digit_gallery(np.zeros((201, 784), dtype=np.uint8))
    assert note(figure) == "the first 200 of 201 images"


@pytest.mark.parametrize(
    ("pixels", "options", "reason"),
    [
        (np.zeros((2, 783), dtype=np.uint8), {}, "pixels must be"),
        (np.zeros((2, 784)), {}, "not the normalized ones"),
        (PIXELS[:2], {"labels": [1]}, "labels must be one per image"),
        (PIXELS[:2], {"predictions": [1, 2, 3]}, "predictions must be one per image"),
        (PIXELS[:2], {"confidences": 0.5}, "confidences must be one per image"),
    ],
)
def test_arrays_that_do_not_match_are_refused(pixels, options, reason):
    with pytest.raises(ValueError, match=reason):
        digit_gallery(pixels, **options)
