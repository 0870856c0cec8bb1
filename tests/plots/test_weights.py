"""The weights of the first layer."""

import numpy as np
import pytest

from digitus.plots import first_layer_weights


def note(figure):
    return figure.texts[1].get_text()


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
