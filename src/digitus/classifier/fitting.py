"""The two ways of training: epochs of batches, and L-BFGS-B over all rows."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.random import RandomState
from sklearn.exceptions import ConvergenceWarning

from digitus.classifier.pace import (
    OptimizerState,
    Pace,
    RandomStateOrder,
    continue_optimizer,
    make_optimizer,
)
from digitus.classifier.record import Bookkeeper, record_loss, record_validation
from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.lbfgs import minimize_lbfgs
from digitus.nn.network import Network

if TYPE_CHECKING:
    from digitus.classifier.estimator import MLPClassifier

_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Task:
    """What is to be trained, on what.

    Attributes:
        network: at its start.
        training: the rows to learn from.
        validation: the rows held out, if any.
        random_state: of the estimator.
        incremental: one epoch of ``partial_fit`` instead of a whole ``fit``.
    """

    network: Network
    training: Examples
    validation: Examples | None
    random_state: RandomState
    incremental: bool


def train(model: "MLPClassifier", task: Task) -> None:
    """Train the network in place and write down how it went.

    Ctrl-C ends the training with a warning, and what was learned is kept.

    Raises:
        ValueError: if the numbers overflow and there are no earlier weights to fall back on.
    """
    try:
        (_descend_lbfgs if model.solver == "lbfgs" else _descend)(model, task)
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=4)
    except DivergenceError as error:
        if not model.early_stopping or model._best_parameters is None:
            raise ValueError(
                "Solver produced non-finite parameter weights. The input data may contain large "
                f"values and need to be preprocessed. ({error})"
            ) from error
        text = f"Stochastic Optimizer: {error}; the best weights so far are kept."
        warnings.warn(text, ConvergenceWarning, stacklevel=4)
    finished = not task.incremental or model.stopped_early_
    if model.early_stopping and finished and model._best_parameters is not None:
        task.network.parameters[...] = model._best_parameters


def _descend(model: "MLPClassifier", task: Task) -> None:
    pace = Pace(model, rate=float(model.learning_rate_init), n_done=0)
    bookkeeper = Bookkeeper(model, pace)
    trainer = _make_trainer(model, task, bookkeeper)
    if task.incremental:
        _continue(model, trainer, pace)
    try:
        trainer.run()
    except KeyboardInterrupt:
        for callback in trainer.callbacks:
            callback.ended(trainer)
        raise
    finally:
        optimizer = trainer.optimizer
        model._optimizer = OptimizerState(pace.rate, optimizer.n_steps, optimizer.state)
        model.stopped_early_ = bookkeeper.stopped
    # A schedule is made for max_iter epochs: reaching them is what was wanted.
    planned = task.incremental or pace.schedule is not None
    if not planned and not bookkeeper.stopped and model.n_iter_ == model.max_iter:
        _warn(
            f"Stochastic Optimizer: Maximum iterations ({model.max_iter}) reached and the "
            f"optimization hasn't converged yet."
        )


def _make_trainer(model: "MLPClassifier", task: Task, bookkeeper: Bookkeeper) -> Trainer:
    settings = TrainerSettings(
        n_epochs=1 if task.incremental else model.max_iter,
        batch_size=_batch_size(model, len(task.training)),
        l2=model.alpha,
        shuffle=bool(model.shuffle),
    )
    trainer = Trainer(
        task.network,
        task.training,
        optimizer=make_optimizer(model),
        schedule=bookkeeper.pace,
        settings=settings,
        validation=task.validation,
        callbacks=[bookkeeper, *model.callbacks],
    )
    trainer.order = _make_order(model, task)
    return trainer


def _make_order(model: "MLPClassifier", task: Task) -> RandomStateOrder:
    # Drawn only where it is used: otherwise the random state goes scikit-learn's way. The samples
    # seen so far keep two calls of `partial_fit` with one seed from silencing the same units.
    seed = task.random_state.randint(_LARGEST_SEED) + model.t_ if model.dropout else 0
    return RandomStateOrder(
        len(task.training),
        random_state=task.random_state,
        shuffle=bool(model.shuffle),
        seed=int(seed),
    )


def _batch_size(model: "MLPClassifier", n: int) -> int:
    if model.batch_size == "auto":
        return min(200, n)
    if model.batch_size > n:
        warnings.warn(
            f"Got `batch_size` {model.batch_size}, larger than the sample size {n}. It is going "
            f"to be clipped.",
            stacklevel=7,
        )
    return int(min(model.batch_size, n))


def _continue(model: "MLPClassifier", trainer: Trainer, pace: Pace) -> None:
    """Let optimizer and rate go on where the last ``partial_fit`` left them."""
    state: OptimizerState | None = getattr(model, "_optimizer", None)
    pace.n_done = len(model.loss_curve_)
    if state is not None and continue_optimizer(trainer.optimizer, state):
        pace.rate = state.learning_rate


def _descend_lbfgs(model: "MLPClassifier", task: Task) -> None:
    def iteration_ended(number: int, cost: float, _: int) -> None:
        record_loss(model, number, cost)
        if task.validation is not None:
            record_validation(model, *evaluate(task.network, task.validation))
            model.best_validation_score_ = max(model.validation_scores_)

    result = minimize_lbfgs(
        task.network,
        task.training,
        l2=model.alpha,
        max_iterations=model.max_iter,
        max_evaluations=model.max_fun,
        gradient_tolerance=model.tol,
        callback=iteration_ended,
    )
    model.n_iter_, model.loss_ = result.n_iterations, result.cost
    model.best_loss_ = min(model.loss_curve_, default=result.cost)
    if not result.converged:
        _warn(
            f"lbfgs failed to converge after {result.n_iterations} iteration(s): "
            f"{result.message}. Increase max_iter (now {model.max_iter}) or max_fun, or scale "
            f"the data."
        )


def _warn(text: str) -> None:
    warnings.warn(text, ConvergenceWarning, stacklevel=6)
