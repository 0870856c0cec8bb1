"""The record of a training, in scikit-learn's terms, and the callback that keeps it."""

from dataclasses import dataclass, field
from math import inf, nan

from digitus.classifier.optimization import LearningRate, OptimizerState
from digitus.classifier.parameters import Parameters
from digitus.nn.arrays import Floats
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Callback, Trainer


@dataclass
class TrainingRecord:
    """How training has gone so far: the fitted attributes of the same names, with ``_`` appended.

    Unlike those it has empty lists and infinities where nothing was measured.
    """

    n_iter: int = 0
    t: int = 0
    loss: float = nan
    loss_curve: list[float] = field(default_factory=list)
    best_loss: float = inf
    validation_scores: list[float] = field(default_factory=list)
    validation_loss_curve: list[float] = field(default_factory=list)
    best_validation_score: float = -inf
    stopped_early: bool = False

    def add_loss(self, number: int, loss: float) -> None:
        """Add the training loss of an iteration, counted from 1."""
        self.n_iter, self.loss = number, loss
        self.loss_curve.append(loss)

    def add_validation(self, loss: float, score: float) -> None:
        """Add the validation loss and accuracy of an iteration."""
        self.validation_loss_curve.append(loss)
        self.validation_scores.append(score)


@dataclass
class Continuation:
    """What the next ``partial_fit`` or warm start needs of the last training.

    Attributes:
        optimizer: its state; None if there was none.
        no_improvement_count: epochs since the last improvement.
        best_parameters: (p,) those with the best validation score under ``early_stopping``.
        was_incremental: True after ``partial_fit``.
        is_over: True if ``partial_fit`` has stopped early: further calls change nothing.
    """

    optimizer: OptimizerState | None = None
    no_improvement_count: int = 0
    best_parameters: Floats | None = None
    was_incremental: bool = False
    is_over: bool = False


@dataclass(frozen=True)
class FitResult:
    """The result of a training; the estimator alone turns it into its attributes.

    Attributes:
        coefs: weights (d, h) of each dense layer.
        intercepts: biases (h,) of each dense layer.
        record: how training went.
        continuation: for the next call.
    """

    coefs: list[Floats]
    intercepts: list[Floats]
    record: TrainingRecord
    continuation: Continuation


class RecordKeeper(Callback):
    """Keeps the record during training and applies scikit-learn's stopping rule.

    After too many epochs in a row without an improvement by ``tol`` of the training loss, or with
    ``early_stopping`` of the validation accuracy, an adaptive rate is reduced or the run ends.

    Args:
        parameters: parameters of the estimator.
        learning_rate: notified of each epoch.
        record: kept up to date.
        continuation: receives the best parameters and the epochs without improvement.
    """

    name = "record_keeper"

    def __init__(
        self,
        parameters: Parameters,
        learning_rate: LearningRate,
        record: TrainingRecord,
        continuation: Continuation,
    ) -> None:
        self.parameters, self.learning_rate = parameters, learning_rate
        self.record, self.continuation = record, continuation

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Add the epoch to the record; apply the stopping rule."""
        record, continuation = self.record, self.continuation
        record.t += len(trainer.examples)
        record.add_loss(epoch.epoch, epoch.loss)
        self.parameters.say(f"Iteration {epoch.epoch}, loss = {epoch.loss:.8f}")
        if epoch.validation_loss is not None and epoch.validation_accuracy is not None:
            record.add_validation(epoch.validation_loss, epoch.validation_accuracy)
            self.parameters.say(f"Validation score: {epoch.validation_accuracy:f}")
        improved = self._has_improved(trainer.network.parameters)
        continuation.no_improvement_count = 0 if improved else continuation.no_improvement_count + 1
        self.learning_rate.epoch_ended(record.t)
        if continuation.no_improvement_count > self.parameters.n_iter_no_change:
            self._reduce_or_stop(trainer)

    def _has_improved(self, parameters: Floats) -> bool:
        score_improved = bool(self.record.validation_scores) and self._score_improved(parameters)
        return score_improved if self.parameters.early_stopping else self._loss_improved()

    def _score_improved(self, parameters: Floats) -> bool:
        record = self.record
        score, best = record.validation_scores[-1], record.best_validation_score
        if score > best:
            record.best_validation_score = score
            if self.parameters.early_stopping:
                self.continuation.best_parameters = parameters.copy()
        return bool(score >= best + self.parameters.tol)

    def _loss_improved(self) -> bool:
        loss, best = self.record.loss, self.record.best_loss
        self.record.best_loss = min(loss, best)
        return bool(loss <= best - self.parameters.tol)

    def _reduce_or_stop(self, trainer: Trainer) -> None:
        given = self.parameters
        what = "Validation score" if given.early_stopping else "Training loss"
        text = f"{what} did not improve more than tol={given.tol:f} for {given.n_iter_no_change} "
        if self.learning_rate.reduce():
            rate = self.learning_rate.rate
            given.say(f"{text}consecutive epochs. Setting learning rate to {rate:f}")
            self.continuation.no_improvement_count = 0
        else:
            given.say(f"{text}consecutive epochs. Stopping.")
            self.record.stopped_early = True
            trainer.stop()
