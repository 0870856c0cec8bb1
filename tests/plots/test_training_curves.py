import numpy as np
import pytest

from digitus.plots import training_curves


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def epochs(n, **more):
    return [
        {"epoch": at, "loss": 3 / at, "accuracy": 1 - 1 / (at + 1)} | more for at in range(1, n + 1)
    ]


def test_panels_without_values_are_left_out():
    history = epochs(5, rate=None, gradient_norms=[])
    assert titles(training_curves(history)) == ["Loss", "Accuracy"]


def test_all_that_is_known_gets_a_panel():
    history = epochs(5, rate=0.1, gradient_norms=[1.0, 2.0])
    wanted = ["Loss", "Accuracy", "Learning rate", "Gradient norm"]
    assert titles(training_curves(history)) == wanted


def test_lines_are_named_at_their_end():
    history = epochs(4, validation_loss=0.5, validation_accuracy=0.75)
    wanted = ["training 0.75", "validation 0.5", "training 80.00 %", "validation 75.00 %"]
    assert texts(training_curves(history)) == wanted


def test_line_holds_the_loss_of_every_epoch():
    line = training_curves(epochs(1000)).axes[0].lines[0]
    np.testing.assert_array_equal(line.get_ydata(), 3 / np.arange(1, 1001))


@pytest.mark.parametrize(("last", "scale"), [(0.9, "linear"), (0.01, "log"), (0.0, "linear")])
def test_loss_is_logarithmic_where_it_falls_far_and_stays_positive(last, scale):
    history = [{"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": last}]
    assert training_curves(history).axes[0].get_yscale() == scale


def test_epoch_that_diverged_leaves_the_others_in_the_plot():
    history = [*epochs(3), {"epoch": 4, "loss": float("nan"), "accuracy": None}]
    assert texts(training_curves(history))[0] == "training 1"


def test_best_epoch_is_named():
    history = [epoch | {"validation_accuracy": 0.5} for epoch in epochs(3)]
    history[1]["validation_accuracy"] = 0.875
    notes = [text.get_text() for text in training_curves(history).texts]
    assert notes[1] == "3 epochs, best validation accuracy 87.50 % at epoch 2"


@pytest.mark.parametrize(("seconds", "words"), [(0.01, "0.03 s"), (14, "42 s"), (21, "1 min 3 s")])
def test_time_has_a_fitting_unit(seconds, words):
    notes = [text.get_text() for text in training_curves(epochs(3, seconds=seconds)).texts]
    assert notes[1] == f"3 epochs in {words}"


def test_many_layers_are_named_at_the_first_and_the_last():
    names = texts(training_curves(epochs(3, gradient_norms=[1.0] * 9)))
    assert [name for name in names if "layer" in name] == ["layer 1 1", "layer 9 1"]
