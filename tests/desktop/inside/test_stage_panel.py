"""A layer in the window: color scale, legend, names and marks."""

import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.desktop.inside.stage_panel import StagePanel
from digitus.models import Model
from digitus.models.inside import look_inside
from digitus.nn.activations import Tanh
from digitus.nn.layers import Dense
from digitus.nn.network import Network


@pytest.fixture
def panel(qtbot):
    panel = StagePanel()
    qtbot.addWidget(panel)
    return panel


@pytest.fixture(scope="module")
def stages():
    network = Network(784, [Dense(6), Tanh(), Dense(10)], rng=np.random.default_rng(0))
    patch = np.random.default_rng(1).random((28, 28), np.float32)
    return look_inside(Model("small", network, Normalizer("unit")), patch, 3).stages


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_the_legend_has_the_smallest_and_largest_activation(panel, stages):
    panel.show_stage(stages[0], "Hidden layer", "6 units, tanh")
    values = stages[0].activations
    low, zero, high = panel.legend.texts()
    assert values.min() < 0 < values.max()
    assert (number(low), number(high)) == pytest.approx((values.min(), values.max()), rel=0.01)
    assert zero == "0"


def test_activations_of_one_sign_are_on_a_scale_that_begins_at_0(panel, stages):
    assert stages[1].activations.min() > 0
    panel.show_stage(stages[1], "Output", "10 units, softmax")
    assert panel.legend.texts()[0] == "0"


def test_the_grid_shows_one_cell_for_each_unit(panel, stages):
    panel.show_stage(stages[0], "Hidden layer", "6 units, tanh")
    assert panel.grid.n_units == 6
    np.testing.assert_array_equal(panel.grid.values, stages[0].activations)


def test_title_and_note_are_also_the_name_for_screen_readers(panel, stages):
    panel.show_stage(stages[0], "Hidden layer", "6 units, tanh")
    assert (panel.title.text(), panel.note.text()) == ("Hidden layer", "6 units, tanh")
    assert panel.grid.accessibleName() == "Hidden layer, 6 units, tanh"
    assert panel.legend.accessibleName() == "Legend of Hidden layer"


def test_the_cells_of_the_output_are_marked_with_their_digits(panel, stages):
    panel.resize(panel.sizeHint())
    panel.show_stage(stages[1], "Output", "10 units, softmax")
    marked = panel.grid.grab().toImage()
    panel.grid.show_units(stages[1].activations, limit=float(stages[1].activations.max()), texts=[])
    assert panel.grid.grab().toImage() != marked
