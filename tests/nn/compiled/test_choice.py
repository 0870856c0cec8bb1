"""When steps are compiled, and what is said about it."""

import subprocess
import sys

import pytest

from digitus.nn import compiled
from digitus.nn.compiled import compiled_steps, support
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.losses import Loss
from digitus.nn.optimizers import SGD, Adam


class OtherLoss(Loss):
    kind = "other"


class OtherStep(SGD):
    def step(self, rate):
        super().step(rate / 2)


def test_auto_leaves_short_runs_to_numpy_and_compiles_long_ones(make_run, monkeypatch):
    assert make_run("auto").compiled_steps is None
    monkeypatch.setattr(support, "LIMITS", support.Limits(least_work=1))
    assert make_run("auto").compiled_steps is not None


def test_auto_leaves_all_to_numpy_without_numba(make_run, monkeypatch):
    monkeypatch.setattr(support, "LIMITS", support.Limits(least_work=1))
    monkeypatch.setattr(compiled, "is_installed", lambda: False)
    assert make_run("auto").compiled_steps is None


def test_without_numba_the_error_names_the_extra(make_run, monkeypatch):
    monkeypatch.setattr(compiled, "is_installed", lambda: False)
    with pytest.raises(ValueError, match=r"Numba.*not installed.*`fast`"):
        make_run(True)


@pytest.mark.parametrize(
    ("network", "optimizer", "batch_rows", "reason"),
    [
        ({"input_bias": True}, SGD(), 32, "other layers than dense"),
        ({"loss": OtherLoss()}, SGD(), 32, "the loss is other"),
        ({}, OtherStep(), 32, "the optimizer is OtherStep"),
        ({}, Adam(), 2049, "more than 2,048 rows"),
    ],
)
def test_what_cannot_be_compiled_is_left_to_numpy_with_a_sentence(
    make_network, network, optimizer, batch_rows, reason
):
    sentences = []
    made = make_network(**network)
    optimizer.bind(made)
    how = {"n_rows": 5000, "n_epochs": 1, "batch_rows": batch_rows, "l2": 0.0, "threads": 1}
    found = compiled_steps(True, made, optimizer, notify=sentences.append, **how)
    assert found is None
    assert reason in sentences[0]
    assert compiled_steps(False, made, optimizer, notify=sentences.append, **how) is None
    assert len(sentences) == 1


def test_a_network_that_cannot_be_compiled_is_trained_by_numpy(make_network, make_examples, capsys):
    settings = TrainerSettings(n_epochs=1, batch_size=16, compiled=True)
    network = make_network(input_bias=True)
    history = Trainer(network, make_examples(), optimizer=SGD(), settings=settings).run()
    assert len(history) == 1
    assert "not compiled: the network has other layers" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["digitus", "digitus.classifier", "digitus.nn.fitting.trainer"])
def test_numba_is_loaded_only_when_steps_are_compiled(module):
    code = f"import sys, {module}; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
