"""The inside view with every kind of model."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from digitus.data.normalization import Normalizer
from digitus.desktop.inside.inside_view import InsideView
from digitus.models import Model, read_model, save_model
from digitus.models.cnn import cnn_layers
from digitus.models.inside import look_inside
from digitus.models.model import split_classes
from digitus.nn.activations import ReLU, Sigmoid, Tanh
from digitus.nn.layers import Dense, InputBias
from digitus.nn.losses import SigmoidBinaryCrossEntropy
from digitus.nn.network import Network
from digitus.recognizer import BLANK, Recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place

LAYERS = {
    "two hidden": lambda: [Dense(12), ReLU(), Dense(9), ReLU(), Dense(10)],
    "softmax alone": lambda: [Dense(10)],
    "five hidden": lambda: (
        [x for h in (30, 20, 11, 7, 5) for x in (Dense(h), Tanh())] + [Dense(10)]
    ),
    "input bias": lambda: [InputBias(), Dense(17), ReLU(), Dense(10)],
    "small cnn": lambda: cnn_layers(11, channels=(3, 4, 4, 5)),
}


def make_model(layers, *, normalizer=None, loss=None):
    network = Network(784, layers, loss=loss, rng=np.random.default_rng(0))
    return Model("small", network, normalizer or Normalizer("unit"))


MODELS = {name: lambda make=make: make_model(make()) for name, make in LAYERS.items()} | {
    "sigmoid": lambda: make_model(
        [Dense(100), Sigmoid(), Dense(10)], loss=SigmoidBinaryCrossEntropy()
    ),
    "zscore": lambda: make_model([Dense(8), Dense(10)], normalizer=Normalizer("zscore", 33, 79)),
}


@pytest.fixture
def view(qtbot):
    view = InsideView()
    qtbot.addWidget(view)
    view.show()
    return view


def drawn(recognizer, digit=5, seed=0):
    strokes = place(draw_digit(digit, np.random.default_rng(seed)), size=160, left=60, top=60)
    return recognizer.predict_strokes(strokes, width=280, height=280, pen_px=20)


def show(view, name, **drawing):
    recognizer = Recognizer(MODELS[name]() if name in MODELS else name)
    prediction = drawn(recognizer, **drawing)
    view.show_prediction(recognizer, prediction)
    return recognizer, prediction


def numbers(text):
    return [float(n.replace("\N{MINUS SIGN}", "-")) for n in re.findall(r"\u2212?[\d.]+", text)]


@pytest.mark.parametrize("name", [*MODELS, "cnn", "mlp"])
def test_every_model_that_can_be_loaded_is_shown(view, name, tmp_path):
    if name in MODELS:
        save_model(MODELS[name](), tmp_path / "model.safetensors")
        recognizer = Recognizer(read_model(tmp_path / "model.safetensors"))
    else:
        recognizer = Recognizer(name)
    prediction = drawn(recognizer)
    view.show_prediction(recognizer, prediction)
    assert view.inside.answer == prediction.best_guess
    panels = [panel for panel in view.stages if panel.isVisible()]
    assert len(panels) == len(view.inside.stages)
    for panel, stage in zip(panels, view.inside.stages, strict=True):
        assert panel.grid.n_units == stage.n_units
    for at, stage in enumerate(view.inside.stages):
        view.choose(at, stage.n_units - 1)
        assert not view.grab().isNull()


def test_both_hidden_layers_and_the_output_of_mlp_are_shown_as_they_are(view):
    recognizer, prediction = show(view, "mlp")
    network, x = recognizer.model.network, prediction.patch.reshape(1, -1)
    first, second, _ = network.dense_layers()
    hidden = np.maximum(x @ first.weight + first.bias, 0)
    deeper = np.maximum(hidden @ second.weight + second.bias, 0)
    for panel, values in zip(view.stages, (hidden, deeper), strict=False):
        np.testing.assert_allclose(panel.grid.values.ravel(), values[0], rtol=1e-5, atol=1e-5)
    assert view.stages[0].title.text() == "Hidden layer 1"
    assert view.stages[0].note.text() == "128 units, ReLU"


def test_the_shown_numbers_are_those_of_the_forward_pass(view):
    recognizer, prediction = show(view, "mlp")
    unit, x = 31, prediction.patch.ravel()
    view.choose(0, unit)
    dense = recognizer.model.network.dense_layers()[0]
    products, bias = float(x @ dense.weight[:, unit]), float(dense.bias[unit])
    total, shown_products, n, shown_bias = numbers(view.unit.numbers.text().split("\n")[0])
    assert n == 784
    assert total == pytest.approx(products + bias, abs=6e-4)
    assert shown_products == pytest.approx(products, abs=6e-4)
    assert shown_bias == pytest.approx(abs(bias), abs=6e-4)
    activation = numbers(view.unit.numbers.text().split("\n")[1])[0]
    assert activation == pytest.approx(max(products + bias, 0), abs=6e-4)


def test_a_units_weights_and_the_ink_times_them_are_images(view):
    recognizer, prediction = show(view, "mlp")
    view.choose(0, 31)
    weights = recognizer.model.network.dense_layers()[0].weight[:, 31].reshape(28, 28)
    np.testing.assert_array_equal(view.unit.weights.image.values, weights)
    np.testing.assert_allclose(
        view.unit.products.image.values, weights * prediction.patch, rtol=1e-6
    )
    assert view.unit.products.caption.text() == "Ink \u00d7 weights"
    np.testing.assert_array_equal(view.unit.inputs.image.values, prediction.patch)


def test_the_gradient_shown_is_that_of_the_answer(view):
    recognizer, prediction = show(view, "mlp")
    inside = look_inside(recognizer.model, prediction.patch, prediction.best_guess)
    np.testing.assert_array_equal(view.unit.gradient.image.values, inside.gradient)
    assert view.unit.gradient.caption.text() == f"Gradient of {prediction.best_guess}"


def test_at_first_the_most_active_unit_is_shown(view):
    show(view, "mlp")
    assert view.chosen == (0, int(view.inside.stages[0].activations.argmax()))


def test_a_click_chooses_a_unit_and_the_next_image_keeps_it(qtbot, view):
    recognizer, _ = show(view, "mlp")
    grid = view.stages[1].grid
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell(3).center().toPoint())
    assert view.chosen == (1, 3)
    assert view.unit.title.text() == "Unit 3 \u00b7 hidden layer 2"
    assert view.stages[0].grid.chosen is None
    view.show_prediction(recognizer, drawn(recognizer, digit=8))
    assert view.chosen == (1, 3)
    qtbot.mouseClick(view.most_active, Qt.MouseButton.LeftButton)
    assert view.chosen[0] == 0


def test_keys_scroll_to_the_chosen_unit(qtbot, view):
    show(view, "cnn")
    view.resize(700, 400)
    grid = view.stages[3].grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_End)
    place = grid.cell(grid.n_units - 1).center().toPoint()
    assert view.chosen == (3, grid.n_units - 1)
    assert grid.visibleRegion().contains(place)


def test_another_model_begins_with_its_own_most_active_unit(view):
    show(view, "five hidden")
    view.choose(4, 2)
    show(view, "softmax alone")
    assert view.chosen == (0, int(view.inside.stages[0].activations.argmax()))
    assert [panel.isVisible() for panel in view.stages] == [True] + [False] * 5


def test_the_feature_maps_of_cnn_are_shown(view):
    show(view, "cnn")
    shapes = [stage.activations.shape for stage in view.inside.stages if stage.has_maps]
    assert [panel.grid.values.shape for panel in view.stages[: len(shapes)]] == shapes
    assert view.unit.inputs.caption.text() == "Feature map"
    assert "feature maps of 14 \u00d7 14" in view.stages[0].note.text()


def test_inputs_that_are_not_ink_are_not_called_ink(view):
    show(view, "zscore")
    assert view.unit.products.caption.text() == "Inputs \u00d7 weights"


def test_a_blank_shows_a_hint(view):
    recognizer, _ = show(view, "mlp")
    view.show_prediction(recognizer, BLANK)
    assert view.inside is None
    assert "Draw one digit" in view.message.text()
    assert view.message.isVisible()


def test_a_declined_digit_is_not_called_the_answer(view):
    recognizer, prediction = show(view, "mlp")
    assert view.title.text() == f"Inside mlp: why {prediction.best_guess}"
    view.show_prediction(recognizer, replace(prediction, verdict="not_a_digit", digit=None))
    assert view.title.text() == f"Inside mlp: most like {prediction.best_guess}"


def test_a_model_without_a_network_is_a_sentence(view):
    class Other:
        digit_threshold = 0.0

        def classify(self, pixels):
            return split_classes(np.full((len(pixels), 10), 0.1))

    recognizer = Recognizer(Other())
    view.show_prediction(recognizer, drawn(recognizer))
    assert "cannot be shown" in view.message.text()


def test_nothing_is_computed_while_the_view_is_hidden(qtbot, view, monkeypatch):
    calls = []
    monkeypatch.setattr(
        "digitus.desktop.inside.inside_view.look_inside",
        lambda *given: calls.append(given) or look_inside(*given),
    )
    view.hide()
    recognizer, _ = show(view, "mlp")
    view.show_prediction(recognizer, drawn(recognizer, digit=8))
    assert calls == []
    view.show()
    assert len(calls) == 1
    assert view.inside is not None


def test_50_predictions_leave_the_widget_count_constant(view):
    recognizer, _ = show(view, "mlp")
    show(view, "softmax alone")
    before = len(view.findChildren(QWidget))
    for digit in range(10):
        for name in ("mlp", "softmax alone"):
            show(view, name, digit=digit)
        for seed in range(3):
            view.show_prediction(recognizer, drawn(recognizer, digit=digit, seed=seed))
    assert len(view.findChildren(QWidget)) == before


@pytest.mark.parametrize("width", [420, 1000])
def test_unit_and_layers_share_one_scroll_area_at_any_width(qtbot, view, width):
    show(view, "mlp")
    view.resize(width, 600)
    view.grab()
    (room,) = view.findChildren(QScrollArea)
    assert all(room.isAncestorOf(widget) for widget in (view.unit, *view.stages))
    assert room.widget().width() <= room.viewport().width()
    for widget in (view.unit.numbers, view.stages[-1].grid):
        room.ensureWidgetVisible(widget)
        assert not widget.visibleRegion().isEmpty()
    layers = view.stages[0]
    is_beside = width == 1000
    qtbot.waitUntil(lambda: (view.unit.geometry().right() < layers.x()) == is_beside)


def test_every_layer_has_a_name_for_screen_readers(view):
    show(view, "mlp")
    assert [panel.grid.accessibleName() for panel in view.stages] == [
        "Hidden layer 1, 128 units, ReLU",
        "Hidden layer 2, 64 units, ReLU",
        "Output, 10 units, softmax",
    ]
    assert all(panel.grid.focusPolicy() == Qt.FocusPolicy.StrongFocus for panel in view.stages)
    assert "sum" in view.stages[0].grid.accessibleDescription()
