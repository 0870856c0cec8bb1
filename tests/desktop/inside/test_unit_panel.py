"""One unit in the window: its images, captions and place."""

import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.desktop.inside.unit_panel import FULL_WIDTH_PX, UnitPanel
from digitus.models import Model
from digitus.models.cnn import cnn_layers
from digitus.models.inside import look_inside
from digitus.nn.activations import ReLU
from digitus.nn.layers import Dense
from digitus.nn.network import Network

PATCH = np.random.default_rng(1).random((28, 28), np.float32)


def inside_of(layers, *, answer=3, normalizer="unit"):
    network = Network(784, layers, rng=np.random.default_rng(0))
    mean_and_std = (33, 79) if normalizer == "zscore" else ()
    return look_inside(
        Model("small", network, Normalizer(normalizer, *mean_and_std)), PATCH, answer
    )


def dense(**options):
    return inside_of([Dense(6), ReLU(), Dense(10)], **options)


def small_cnn(**options):
    return inside_of(cnn_layers(11, channels=(3, 4, 4, 5)), **options)


@pytest.fixture
def panel(qtbot):
    panel = UnitPanel()
    qtbot.addWidget(panel)
    return panel


def captions(panel):
    images = (panel.gradient, panel.inputs, panel.weights, panel.products)
    return [image.caption.text() for image in images]


def test_the_first_layer_shows_ink_and_the_ink_times_the_weights(panel):
    inside = dense()
    panel.show_unit(inside, (0, 2), "softmax")
    unit = inside.stages[0].unit(2)
    assert captions(panel) == ["Gradient of 3", "Ink", "Weights", "Ink \u00d7 weights"]
    np.testing.assert_array_equal(panel.weights.image.values, unit.weights.reshape(28, 28))
    np.testing.assert_array_equal(panel.products.image.values, unit.products.reshape(28, 28))
    np.testing.assert_array_equal(panel.inputs.image.values, PATCH)


def test_the_inputs_of_a_later_layer_are_not_called_ink(panel):
    panel.show_unit(dense(), (1, 2), "softmax")
    assert captions(panel)[1:] == ["Inputs", "Weights", "Inputs \u00d7 weights"]


def test_inputs_whose_paper_is_not_0_are_not_called_ink(panel):
    panel.show_unit(dense(normalizer="zscore"), (0, 2), "softmax")
    assert captions(panel)[1::2] == ["Inputs", "Inputs \u00d7 weights"]


def test_a_filter_shows_its_feature_map_and_where_it_is_largest(panel):
    inside = small_cnn()
    panel.show_unit(inside, (0, 1), "softmax")
    assert captions(panel)[1] == "Feature map"
    np.testing.assert_array_equal(panel.inputs.image.values, inside.stages[0].activations[..., 1])
    row, col = inside.stages[0].unit(1).place
    assert panel.place.text().endswith(f"row {row}, col {col}")


def test_a_dense_unit_is_connected_to_all_inputs(panel):
    panel.show_unit(dense(), (0, 0), "softmax")
    assert panel.place.text() == "connected to all inputs"


def test_the_eleventh_class_is_called_not_a_digit(panel):
    panel.show_unit(small_cnn(answer=10), (0, 0), "softmax")
    assert panel.gradient.caption.text() == "Gradient of not a digit"
    assert panel.gradient.toolTip().endswith("the score of not a digit")


@pytest.mark.parametrize(("width_px", "side_px"), [(FULL_WIDTH_PX, 168), (300, 140), (100, 112)])
def test_two_images_fit_side_by_side_into_the_width(panel, width_px, side_px):
    panel.fit(width_px)
    panel.show_unit(dense(), (0, 0), "softmax")
    panel.show()
    pixels = side_px // 28
    assert panel.weights.image.sizeHint().width() in range(side_px, side_px + 2 * pixels)
