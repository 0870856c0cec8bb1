"""Plots made of cells and pixels: confusion matrix, weights, samples."""

import numpy as np
import pytest
from PIL import Image

from digitus.plots import confusion_matrix, first_layer_weights, sample_grid, save_figure

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
    patch = printed_patch(sample_grid(PIXELS, theme="dark"), tmp_path / "grid.png", index=index)
    np.testing.assert_array_equal(patch, PIXELS[index].reshape(28, 28))


def test_pixels_are_printed_exactly_dark_on_light(tmp_path):
    patch = printed_patch(sample_grid(PIXELS), tmp_path / "grid.png", index=11)
    np.testing.assert_array_equal(patch, 255 - PIXELS[11].reshape(28, 28))


def test_label_stands_below_each_image():
    assert texts(sample_grid(PIXELS[:3], [7, 2, 1])) == ["7", "2", "1"]


def test_wrong_answer_is_marked_by_a_cross_and_both_digits():
    figure = sample_grid(PIXELS[:2], [7, 2], predictions=[1, 2])
    assert texts(figure) == ["✗ 7 → 1", "2"]


def test_confidence_stands_below_the_answer():
    figure = sample_grid(PIXELS[:1], predictions=[4], confidences=[0.731])
    assert texts(figure) == ["4", "73.1 %"]


@pytest.mark.parametrize(
    ("confidence", "text"), [(0.9999, "> 99.9 %"), (1.0, "100.0 %"), (0.9994, "99.9 %")]
)
def test_doubt_is_not_rounded_away(confidence, text):
    figure = sample_grid(PIXELS[:1], predictions=[4], confidences=[confidence])
    assert texts(figure)[1] == text


def test_no_mistakes_are_a_figure_that_says_so():
    figure = sample_grid(PIXELS[:0], [], predictions=[], confidences=[])
    assert note(figure) == "No mistakes."


def test_no_images_are_a_figure_that_says_so():
    assert note(sample_grid(PIXELS[:0], [])) == "No images."


def test_misread_images_are_counted():
    figure = sample_grid(PIXELS[:3], [1, 2, 3], predictions=[1, 2, 4])
    assert note(figure) == "3 images, 1 misread (✗ true digit → answer)"


def test_more_than_two_hundred_images_are_cut_and_the_note_says_so():
    figure = sample_grid(np.zeros((201, 784), dtype=np.uint8))
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
def test_samples_that_do_not_fit_are_refused(pixels, options, reason):
    with pytest.raises(ValueError, match=reason):
        sample_grid(pixels, **options)


def test_counts_stand_in_their_cells_and_zeros_are_dots():
    cells = texts(confusion_matrix([[5, 2], [0, 3]]))[:4]
    assert cells == ["5", "2", "·", "3"]


def test_share_read_right_stands_beside_each_row():
    assert texts(confusion_matrix([[1, 2], [0, 0]]))[4:] == ["right", "33.3 %", "none"]


def test_pair_confused_most_is_named():
    figure = confusion_matrix([[90, 1, 0], [7, 90, 2], [0, 0, 90]])
    assert note(figure) == "10 of 280 misread, most often 1 as 0 (7 times)"


def test_mistakes_are_colored_more_than_the_diagonal():
    cells = confusion_matrix([[900, 1], [0, 900]]).axes[0].images[0].get_array()
    spread = np.ptp(cells, axis=2)  # grey has none
    assert spread[0, 1] > spread[0, 0]


@pytest.mark.parametrize("confusion", [[], [[1, 2]], [1, 2], [[0.5, 1], [1, 1]], [[-1, 1], [1, 1]]])
def test_what_is_no_square_of_counts_is_refused(confusion):
    with pytest.raises(ValueError, match="confusion must"):
        confusion_matrix(confusion)


def test_zero_weight_has_the_color_of_the_surface():
    weights = np.zeros((784, 1))
    weights[0] = 1
    mosaic = first_layer_weights(weights).axes[0].images[0].get_array()
    np.testing.assert_allclose(mosaic[14, 14], 1.0, atol=0.01)


def test_weights_of_equal_size_get_opposite_ends_of_the_scale():
    weights = np.repeat([[-1.0, 1.0]], 784, axis=0)
    mosaic = first_layer_weights(weights, rows=1).axes[0].images[0].get_array()
    red_less_blue = mosaic[..., 0] - mosaic[..., 2]
    assert (red_less_blue[:, :28] > 0.5).all()
    assert (red_less_blue[:, 29:] < -0.5).all()


def test_units_beyond_a_hundred_are_left_out_and_the_note_says_so():
    assert note(first_layer_weights(np.ones((784, 128)))).startswith("100 of 128 units")


@pytest.mark.parametrize(
    ("weights", "rows", "reason"),
    [
        (np.ones((785, 3)), None, "784 rows"),
        (np.ones((784, 0)), None, "784 rows"),
        (np.full((784, 2), np.nan), None, "finite"),
        (np.ones((784, 3)), 0, "1 or more"),
    ],
)
def test_weights_that_cannot_be_shown_are_refused(weights, rows, reason):
    with pytest.raises(ValueError, match=reason):
        first_layer_weights(weights, rows=rows)
