"""Layers and units in words."""

import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.desktop.inside.descriptions import (
    stage_note,
    stage_titles,
    unit_name,
    unit_numbers,
    unit_texts,
)
from digitus.models import Model, load_model
from digitus.models.inside import look_inside
from digitus.nn.activations import ReLU
from digitus.nn.layers import Dense
from digitus.nn.network import Network

PATCH = np.random.default_rng(0).uniform(0, 1, (28, 28)).astype(np.float32)


@pytest.fixture(scope="module")
def mlp():
    layers = [Dense(3), ReLU(), Dense(2), ReLU(), Dense(11)]
    network = Network(784, layers, rng=np.random.default_rng(0))
    return look_inside(Model("small", network, Normalizer("unit")), PATCH, 4)


@pytest.fixture(scope="module")
def cnn():
    return look_inside(load_model("cnn"), PATCH, 4)


def test_convolutions_and_hidden_layers_are_counted_separately(mlp, cnn):
    assert stage_titles(mlp) == ["Hidden layer 1", "Hidden layer 2", "Output"]
    assert stage_titles(cnn) == [
        *("Convolution 1", "Convolution 2", "Convolution 3", "Convolution 4"),
        *("Hidden layer 1", "Output"),
    ]


def test_a_note_names_the_number_of_units_and_the_steps(mlp, cnn):
    assert stage_note(mlp.stages[0], "softmax_cross_entropy") == "3 units, ReLU"
    assert stage_note(mlp.stages[-1], "softmax_cross_entropy") == "11 units, softmax"
    assert stage_note(cnn.stages[0], "softmax_cross_entropy") == (
        "24 feature maps of 14 \u00d7 14, pooling, normalization, ReLU"
    )


def test_the_eleventh_output_is_not_a_digit(mlp):
    names = [unit_name(mlp.stages[-1], index) for index in range(11)]
    assert names == [*"0123456789", "not a digit"]


def test_every_unit_has_one_line(mlp, cnn):
    assert [text.split(":")[0] for text in unit_texts(mlp.stages[0])] == [
        *("Unit 0", "Unit 1", "Unit 2")
    ]
    assert unit_texts(cnn.stages[0])[0].endswith("of 196 places")


def test_the_terms_add_up_to_the_sum(mlp):
    unit = mlp.stages[0].unit(1)
    sum_line, activation_line = unit_numbers(unit, "ReLU").split("\n")
    numbers = [
        float(word.replace("\N{MINUS SIGN}", "-"))
        for word in sum_line.replace("(", " ").split()
        if word.lstrip("\N{MINUS SIGN}").replace(".", "").isdigit()
    ]
    total, products, n, bias = numbers
    assert n == 784
    sign = -1 if unit.bias < 0 else 1
    assert total == pytest.approx(products + sign * bias, abs=2e-3)
    assert activation_line.endswith("after ReLU")
