"""The fitted attributes that tell how training went, and when it has gone on for long enough."""

from math import inf
from typing import TYPE_CHECKING, Any

from digitus.classifier.pace import Pace
from digitus.nn.arrays import Floats
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer

if TYPE_CHECKING:
    from digitus.classifier.estimator import MLPClassifier


def prepare_record(model: "MLPClassifier", *, fresh: bool, validated: bool) -> None:
    """Set the attributes that training adds to; unless ``fresh``, those that exist stay."""
    defaults: dict[str, Any] = {
        "n_iter_": 0,
        "t_": 0,
        "loss_curve_": [],
        "best_loss_": inf,
        "validation_scores_": None,
        "validation_loss_curve_": None,
        "best_validation_score_": None,
        "stopped_early_": False,
        "_no_improvement_count": 0,
        "_best_parameters": None,
    }
    for name, value in defaults.items():
        if fresh or not hasattr(model, name):
            setattr(model, name, value)
    if validated and model.validation_scores_ is None:
        model.validation_scores_, model.validation_loss_curve_ = [], []
        model.best_validation_score_ = -inf
    if model.early_stopping and model.solver != "lbfgs":
        model.best_loss_ = None
    elif model.best_loss_ is None:
        model.best_loss_ = inf


def record_loss(model: "MLPClassifier", number: int, loss: float) -> None:
    """Write down an iteration's loss, and print it if wanted."""
    model.n_iter_, model.loss_ = number, loss
    model.loss_curve_.append(loss)
    say(model, f"Iteration {number}, loss = {loss:.8f}")


def record_validation(model: "MLPClassifier", loss: float, score: float) -> None:
    """Write down an iteration's validation loss and accuracy."""
    model.validation_loss_curve_.append(loss)
    model.validation_scores_.append(score)
    say(model, f"Validation score: {score:f}")


def say(model: "MLPClassifier", text: str) -> None:
    """Print to stdout if ``verbose`` asks for it."""
    if model.verbose:
        print(text)  # noqa: T201 - scikit-learn's `verbose` prints


class Bookkeeper(Callback):
    """Keeps the estimator's attributes up to date and applies its rule for stopping.

    Too many epochs in a row without an improvement by ``tol``, of the training loss or with
    ``early_stopping`` of the validation accuracy, end the run, or slow an adaptive rate down.

    Attributes:
        stopped: True if the rule has ended the run.
    """

    name = "bookkeeper"

    def __init__(self, model: "MLPClassifier", pace: Pace) -> None:
        self.model, self.pace, self.stopped = model, pace, False

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Write everything down; stop when patience is over."""
        model = self.model
        model.t_ += len(trainer.examples)
        record_loss(model, epoch.epoch, epoch.loss)
        if epoch.validation_loss is not None and epoch.validation_accuracy is not None:
            record_validation(model, epoch.validation_loss, epoch.validation_accuracy)
        improved = self._has_improved(trainer.network.parameters)
        model._no_improvement_count = 0 if improved else model._no_improvement_count + 1
        self.pace.epoch_ended()
        if model._no_improvement_count > model.n_iter_no_change:
            self._lose_patience(trainer)

    def _has_improved(self, parameters: Floats) -> bool:
        model = self.model
        better = model.validation_scores_ and self._judge_validation(parameters)
        return bool(better) if model.early_stopping else self._judge_loss()

    def _judge_validation(self, parameters: Floats) -> bool:
        model = self.model
        score, best = model.validation_scores_[-1], model.best_validation_score_
        if score > best:
            model.best_validation_score_ = score
            if model.early_stopping:
                model._best_parameters = parameters.copy()
        return bool(score >= best + model.tol)

    def _judge_loss(self) -> bool:
        loss, best = self.model.loss_, self.model.best_loss_
        self.model.best_loss_ = min(loss, best)
        return bool(loss <= best - self.model.tol)

    def _lose_patience(self, trainer: Trainer) -> None:
        model = self.model
        what = "Validation score" if model.early_stopping else "Training loss"
        text = f"{what} did not improve more than tol={model.tol:f} for {model.n_iter_no_change} "
        if self.pace.slow_down():
            say(model, f"{text}consecutive epochs. Setting learning rate to {self.pace.rate:f}")
            model._no_improvement_count = 0
        else:
            say(model, f"{text}consecutive epochs. Stopping.")
            self.stopped = True
            trainer.stop()
