from types import SimpleNamespace

import numpy as np
import pytest

from digitus.classifier import MLPClassifier
from digitus.classifier.optimization import LearningRate
from digitus.classifier.parameters import validate_parameters
from digitus.classifier.record import Continuation, RecordKeeper, TrainingRecord
from digitus.nn.fitting.history import Epoch


class FakeTrainer(SimpleNamespace):
    """As much of a trainer as the keeper uses; the parameters are the epoch's number."""

    stopped_at = None

    def stop(self):
        self.stopped_at = self.stopped_at or int(self.network.parameters[0])


def epoch(number, loss, score=None):
    fields = dict.fromkeys(Epoch.__dataclass_fields__)
    validation_loss = None if score is None else 1 - score
    changes = {"epoch": number, "loss": loss, "validation_accuracy": score}
    return Epoch(**{**fields, **changes, "validation_loss": validation_loss})


def keep(losses, scores=None, **parameters):
    """Return keeper and trainer after the given epochs, or those before the run was stopped."""
    given = validate_parameters(MLPClassifier(**parameters))
    keeper = RecordKeeper(given, LearningRate(given), TrainingRecord(), Continuation())
    network = SimpleNamespace(parameters=np.zeros(1))
    trainer = FakeTrainer(network=network, examples=range(10))
    for number, loss in enumerate(losses, start=1):
        network.parameters[...] = number
        keeper.epoch_ended(
            trainer, epoch(number, loss, None if scores is None else scores[number - 1])
        )
        if trainer.stopped_at:
            break
    return keeper, trainer


def test_epochs_without_improvement_by_tol_stop_the_run():
    keeper, trainer = keep([1, 0.5, 0.5, 0.499, 0.499, 0.4], tol=0.01, n_iter_no_change=2)
    assert trainer.stopped_at == 5
    assert keeper.record.stopped_early


def test_an_improvement_resets_the_count():
    _, trainer = keep([1, 1, 0.5, 0.5, 0.1, 0.1], tol=0.01, n_iter_no_change=1)
    assert trainer.stopped_at is None


def test_an_adaptive_rate_is_reduced_before_the_run_stops():
    settings = {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 1.0}
    keeper, trainer = keep([1] * 5, n_iter_no_change=1, **settings)
    assert keeper.learning_rate.rate == pytest.approx(1 / 25)
    assert trainer.stopped_at is None


def test_early_stopping_keeps_the_parameters_of_the_best_score():
    keeper, _ = keep([1, 1, 1, 1], [0.5, 0.9, 0.8, 0.9], early_stopping=True)
    assert keeper.continuation.best_parameters.tolist() == [2]
    assert keeper.record.best_validation_score == 0.9


def test_without_early_stopping_no_parameters_are_copied():
    keeper, _ = keep([1, 1], [0.5, 0.9])
    assert keeper.continuation.best_parameters is None
    assert keeper.record.validation_scores == [0.5, 0.9]


def test_samples_are_counted():
    keeper, _ = keep([1, 0.5, 0.2])
    assert (keeper.record.t, keeper.record.n_iter) == (30, 3)


def test_verbose_prints_loss_and_score(capsys):
    keep([0.25], [0.5], verbose=True)
    assert capsys.readouterr().out == "Iteration 1, loss = 0.25000000\nValidation score: 0.500000\n"
