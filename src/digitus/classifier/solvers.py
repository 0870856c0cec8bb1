"""The two ways of training: epochs of batches, and L-BFGS-B over all rows."""

import warnings
from dataclasses import dataclass

from numpy.random import RandomState
from sklearn.exceptions import ConvergenceWarning

from digitus.classifier.optimization import (
    LearningRate,
    OptimizerState,
    RandomStateOrder,
    make_optimizer,
    restore_optimizer,
)
from digitus.classifier.parameters import Parameters
from digitus.classifier.record import Continuation, FitResult, RecordKeeper, TrainingRecord
from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.lbfgs import LBFGSSettings, minimize_lbfgs
from digitus.nn.network import Network

_LARGEST_SEED = 2**31 - 1
"""Largest seed of dropout: `RandomState.randint` draws 32-bit integers."""
_AUTO_BATCH_SIZE = 200
"""scikit-learn's batch size ``auto``."""


@dataclass(frozen=True)
class FitTask:
    """A training to be done.

    Attributes:
        parameters: parameters of the estimator.
        network: with its first parameters; trained in place.
        training: rows to train on.
        validation: rows held out, if any.
        random_state: generator of the estimator.
        incremental: True for one epoch of ``partial_fit`` instead of a whole ``fit``.
        record: losses and scores of earlier calls that are continued; updated in place.
        continuation: state that the last call left; updated in place.
    """

    parameters: Parameters
    network: Network
    training: Examples
    validation: Examples | None
    random_state: RandomState
    incremental: bool
    record: TrainingRecord
    continuation: Continuation


def train(task: FitTask) -> FitResult:
    """Train the network in place and return the result.

    Ctrl-C ends the training with a warning; what was learned so far is kept.

    Raises:
        ValueError: if the numbers overflow and there are no earlier best weights to keep.
    """
    given, record, continuation = task.parameters, task.record, task.continuation
    if task.incremental and not continuation.was_incremental:
        continuation.no_improvement_count = 0  # the epochs of `fit` do not count
    record.stopped_early = False
    try:
        (_minimize if given.solver == "lbfgs" else _descend)(task)
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=4)
    except DivergenceError as error:
        if not given.early_stopping or continuation.best_parameters is None:
            raise ValueError(
                "Solver produced non-finite parameter weights. The input data may contain large "
                f"values and need to be preprocessed. ({error})"
            ) from error
        text = f"Stochastic Optimizer: {error}; the best weights so far are kept."
        warnings.warn(text, ConvergenceWarning, stacklevel=4)
    is_finished = not task.incremental or record.stopped_early
    if given.early_stopping and is_finished and continuation.best_parameters is not None:
        task.network.parameters[...] = continuation.best_parameters
    continuation.was_incremental = task.incremental
    continuation.is_over = task.incremental and bool(given.early_stopping) and record.stopped_early
    layers = task.network.dense_layers()
    return FitResult(
        coefs=[layer.weight for layer in layers],
        intercepts=[layer.bias for layer in layers],
        record=record,
        continuation=continuation,
    )


def _descend(task: FitTask) -> None:
    """Train with SGD or Adam."""
    given, record = task.parameters, task.record
    learning_rate = LearningRate(given)
    trainer = _make_trainer(task, learning_rate)
    if task.incremental:
        _continue(task, trainer, learning_rate)
    try:
        trainer.run()
    except KeyboardInterrupt:
        for callback in trainer.callbacks:
            callback.ended(trainer)
        raise
    finally:
        optimizer = trainer.optimizer
        task.continuation.optimizer = OptimizerState(
            learning_rate.rate, optimizer.n_steps, optimizer.state
        )
    # A schedule spans max_iter epochs: reaching them is not a failure to converge.
    is_planned = task.incremental or learning_rate.schedule is not None
    if not is_planned and not record.stopped_early and record.n_iter == given.max_iter:
        _warn(
            f"Stochastic Optimizer: Maximum iterations ({given.max_iter}) reached and the "
            f"optimization hasn't converged yet."
        )


def _make_trainer(task: FitTask, learning_rate: LearningRate) -> Trainer:
    given = task.parameters
    settings = TrainerSettings(
        n_epochs=1 if task.incremental else given.max_iter,
        batch_size=_batch_size(given, len(task.training)),
        l2=given.alpha,
        shuffle=bool(given.shuffle),
        threads=None,
        compiled=given.compiled,
    )
    keeper = RecordKeeper(given, learning_rate, task.record, task.continuation)
    trainer = Trainer(
        task.network,
        task.training,
        optimizer=make_optimizer(given),
        schedule=learning_rate,
        settings=settings,
        validation=task.validation,
        callbacks=[keeper, *given.callbacks],
    )
    trainer.order = _make_order(task)
    return trainer


def _make_order(task: FitTask) -> RandomStateOrder:
    given = task.parameters
    # Without dropout no seed is drawn, as scikit-learn draws none. Adding the samples seen so far
    # gives two calls of `partial_fit` with the same seed different masks.
    seed = task.random_state.randint(_LARGEST_SEED) + task.record.t if given.dropout else 0
    return RandomStateOrder(
        len(task.training),
        random_state=task.random_state,
        shuffle=bool(given.shuffle),
        seed=int(seed),
    )


def _batch_size(given: Parameters, n: int) -> int:
    if isinstance(given.batch_size, str):  # "auto"
        return min(_AUTO_BATCH_SIZE, n)
    if given.batch_size > n:
        warnings.warn(
            f"Got `batch_size` {given.batch_size}, larger than the sample size {n}. It is going "
            f"to be clipped.",
            stacklevel=7,
        )
    return int(min(given.batch_size, n))


def _continue(task: FitTask, trainer: Trainer, learning_rate: LearningRate) -> None:
    """Set optimizer and learning rate to their state at the end of the last ``partial_fit``."""
    learning_rate.n_done = len(task.record.loss_curve)
    state = task.continuation.optimizer
    if state is not None and restore_optimizer(trainer.optimizer, state):
        learning_rate.rate = state.learning_rate


def _minimize(task: FitTask) -> None:
    """Train with L-BFGS-B."""
    given, record = task.parameters, task.record

    def iteration_ended(number: int, cost: float, _: int) -> None:
        record.add_loss(number, cost)
        given.say(f"Iteration {number}, loss = {cost:.8f}")
        if task.validation is not None:
            loss, score = evaluate(task.network, task.validation)
            record.add_validation(loss, score)
            record.best_validation_score = max(score, record.best_validation_score)
            given.say(f"Validation score: {score:f}")

    result = minimize_lbfgs(
        task.network,
        task.training,
        LBFGSSettings(
            l2=given.alpha,
            max_iterations=given.max_iter,
            max_evaluations=given.max_fun,
            gradient_tolerance=given.tol,
        ),
        callback=iteration_ended,
    )
    record.n_iter, record.loss = result.n_iterations, result.cost
    record.best_loss = min(record.loss_curve, default=result.cost)
    if not result.converged:
        _warn(
            f"lbfgs failed to converge after {result.n_iterations} iteration(s): "
            f"{result.message}. Increase max_iter (now {given.max_iter}) or max_fun, or scale "
            f"the data."
        )


def _warn(text: str) -> None:
    warnings.warn(text, ConvergenceWarning, stacklevel=6)
