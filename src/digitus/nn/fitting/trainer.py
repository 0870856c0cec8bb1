"""The training loop: epochs of batches, observed by callbacks, resumable to the bit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, inf, isfinite
from time import perf_counter
from typing import Any

import numpy as np

from digitus.errors import DivergenceError
from digitus.nn.arrays import Floats
from digitus.nn.compiled import Choice, compiled_steps, say_on_stderr
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.fitting.divergence import describe_divergence
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.history import Epoch, History
from digitus.nn.fitting.order import RowOrder
from digitus.nn.inspection import gradient_norms
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer
from digitus.nn.schedules import Constant, Schedule


@dataclass(frozen=True)
class TrainerSettings:
    """Length of a run, batches and threads.

    Attributes:
        n_epochs: number of passes over the training rows.
        batch_size: rows per step; None takes all of them (full batch).
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``, n the rows of the batch.
        seed: seed for shuffling and dropout.
        shuffle: draw a new order of the rows in each epoch.
        validate_every: number of epochs between validations.
        threads: number of threads of compiled steps; None takes as many as the BLAS library, where
            the threads of NumPy's matrix products are set.
        replicas: parts of a batch that are computed at the same time (see `BatchChunks`).
        compiled: whether to compile the steps (the extra ``fast``): True, False or ``auto``.

    Raises:
        ValueError: if a number is out of range.
    """

    n_epochs: int = 10
    batch_size: int | None = 128
    l2: float = 0.0
    seed: int = 0
    shuffle: bool = True
    validate_every: int = 1
    threads: int | None = 1
    replicas: int = 1
    compiled: Choice = False

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.batch_size is not None and self.batch_size < 1:
            raise ValueError(
                f"batch_size must be 1 or more, or None for all rows, got {self.batch_size}"
            )
        if self.n_epochs < 0 or self.validate_every < 1:
            raise ValueError(
                f"n_epochs must be 0 or more and validate_every 1 or more, "
                f"got {self.n_epochs} and {self.validate_every}"
            )
        if not 0 <= self.l2 < inf:
            raise ValueError(f"l2 must be a finite number from 0, got {self.l2}")


@dataclass
class Progress:
    """The position of a run between two batches.

    Attributes:
        epoch: number of epochs completed.
        batch: number of batches completed in the current epoch.
        loss_sum: sum of the losses of the current epoch's rows so far.
        correct: number of the current epoch's rows answered right so far.
        seconds: time spent in the current epoch before a resume.
        rate: learning rate of the latest step.
        gradient_norms: norms in the epoch's last step, once it is done.
        stopped: True if the run was ended before the last epoch, not to be resumed.
    """

    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    gradient_norms: list[float] = field(default_factory=list)
    stopped: bool = False


@dataclass
class State:
    """What is stored to resume a run or a callback.

    Attributes:
        arrays: by name.
        facts: all other values (JSON types).
    """

    arrays: dict[str, Floats] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Callback:
    """Base of the callbacks: methods that the trainer calls; each does nothing by default.

    A callback may end the run with ``trainer.stop()``, after the current batch. Callbacks are
    called in the given order; one that saves the run comes last, so that it stores the state of
    the others as well.

    Attributes:
        name: identifies the callback's state in a saved run.
        needs_every_step: whether `batch_ended` must be called after each single step. Otherwise
            compiled steps are reported many at a time, which is faster.
    """

    name = "callback"
    needs_every_step = True

    def started(self, trainer: "Trainer") -> None:
        """Called when training starts, or continues after a resume."""

    def batch_ended(self, trainer: "Trainer") -> None:
        """Called after each step (see `needs_every_step`); ``trainer.batch_loss`` is its loss."""

    def epoch_ended(self, trainer: "Trainer", epoch: Epoch) -> None:
        """Called after each epoch."""

    def ended(self, trainer: "Trainer") -> None:
        """Called when training ends: after the last epoch, or stopped."""

    def state(self) -> State:
        """Return what must be stored to resume."""
        return State()

    def restore(self, state: State) -> None:
        """Set the state that `state` returned."""


class Trainer:
    """Trains a network; the run can be saved between any two batches and resumed exactly.

    Args:
        network: to train.
        examples: rows to train on.
        optimizer: not bound to another network.
        schedule: a schedule, or a constant learning rate.
        settings: epochs, batches and threads.
        validation: rows to validate on.
        callbacks: called in this order.
        notify: is told in a sentence when steps are compiled, or cannot be.

    Attributes:
        history: the epochs completed.
        n_batches: number of steps per epoch.
        progress: the position of the run.
        batch_loss: loss of the latest batch.
        interrupted: True if the run was stopped to be resumed later.
        compiled_steps: computes the steps where they are compiled, else None. The first step of a
            run and the last of each epoch are always NumPy's: the history shows their gradients,
            which compiled steps do not keep.

    Raises:
        ValueError: if the examples do not have the network's widths and type, or Numba is needed
            but not installed.
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        *,
        optimizer: Optimizer,
        schedule: Schedule | float = 0.1,
        settings: TrainerSettings | None = None,
        validation: Examples | None = None,
        callbacks: Sequence[Callback] = (),
        notify: Callable[[str], None] = say_on_stderr,
    ) -> None:
        self.network, self.examples, self.validation = network, examples, validation
        self.optimizer, self.callbacks = optimizer, list(callbacks)
        self.schedule = schedule if callable(schedule) else Constant(schedule)
        self.settings = settings if settings is not None else TrainerSettings()
        self.history, self.progress, self.batch_loss = History(), Progress(), 0.0
        self.interrupted = self._stopping = False
        self.batch_size = min(self.settings.batch_size or len(examples), len(examples))
        self.n_batches = ceil(len(examples) / self.batch_size)
        shuffle = self.settings.shuffle and self.batch_size < len(examples)
        self.order = RowOrder(len(examples), seed=self.settings.seed, shuffle=shuffle)
        self._gathered = examples.batch(self.batch_size) if shuffle else None
        self._chunks = BatchChunks(network, self.settings.replicas)
        self._check_fit(examples)
        self.optimizer.bind(network)
        self.compiled_steps = compiled_steps(
            self.settings.compiled,
            network,
            optimizer,
            n_rows=len(examples),
            n_epochs=self.settings.n_epochs,
            batch_rows=self.batch_size,
            l2=self.settings.l2,
            threads=self.settings.threads,
            notify=notify,
        )
        self._rows_are_prepared = False

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return self._rate_of(self.progress.batch)

    def _rate_of(self, batch: int) -> float:
        """Return the learning rate of a step of the current epoch."""
        epoch = self.progress.epoch + batch / self.n_batches
        return float(self.schedule(epoch, self.settings.n_epochs))

    def rows_changed(self) -> None:
        """Take note that the values of ``examples`` were replaced: compiled steps hold copies."""
        self._rows_are_prepared = False

    def stop(self, *, interrupted: bool = False) -> None:
        """End the run after the current batch; ``interrupted`` if it is to be resumed later."""
        self._stopping, self.interrupted = True, interrupted
        self.progress.stopped |= not interrupted

    def run(self) -> History:
        """Train to the last epoch, or until a callback stops the run.

        Raises:
            DivergenceError: if NaN or infinity appears; it names epoch and layer.
        """
        self._stopping, self.interrupted = self.progress.stopped, False
        for callback in self.callbacks:
            callback.started(self)
        while self.progress.epoch < self.settings.n_epochs and not self._stopping:
            self._run_epoch()
        if self.progress.epoch >= self.settings.n_epochs:
            self.interrupted = False  # stopped in the last step: nothing is left to resume
        for callback in self.callbacks:
            callback.ended(self)
        return self.history

    @np.errstate(over="ignore", invalid="ignore")  # reported as DivergenceError
    def _run_epoch(self) -> None:
        started = perf_counter()
        self.order.begin_epoch()
        while self.progress.batch < self.n_batches and not self._stopping:
            if count := self._compiled_steps_ahead():
                self._take_compiled_steps(count)
            else:
                self._step(self._batch(self.progress.batch))
        self.progress.seconds += perf_counter() - started
        if self.progress.batch == self.n_batches:
            self._close_epoch()

    def _batch(self, number: int) -> Examples:
        """Return a batch of the epoch, valid until the next call."""
        part = slice(number * self.batch_size, (number + 1) * self.batch_size)
        if self._gathered is not None and self.order.rows is not None:
            return self._gathered.gather(self.order.rows[part])
        return self.examples.part(part)

    def _compiled_steps_ahead(self) -> int:
        """Return how many compiled steps come next; 0 if the next step is NumPy's."""
        progress, steps = self.progress, self.compiled_steps
        if steps is None or progress.epoch == progress.batch == 0:
            return 0
        most = 1 if any(map(_watches_every_step, self.callbacks)) else steps.most_steps
        return min(most, self.n_batches - 1 - progress.batch)

    def _take_compiled_steps(self, count: int) -> None:
        progress, steps, size = self.progress, self.compiled_steps, self.batch_size
        if steps is None or self.order.rows is None:
            return
        if not self._rows_are_prepared:
            examples = self.examples
            steps.set_rows(examples.x, examples.targets, examples.weights)
            self._rows_are_prepared = True
        rates = [self._rate_of(progress.batch + i) for i in range(count)]
        order = self.order.rows[progress.batch * size : (progress.batch + count) * size]
        found = steps.run(order, rates, self.order.rng)
        for loss, right, rate in zip(found.losses, found.right, rates, strict=False):
            self._record_step(loss, size, right, rate)
        is_finite = len(found.losses) == count and isfinite(sum(found.losses))
        if not is_finite:
            self._check_finite(self._batch(progress.batch), is_finite)
        for callback in self.callbacks:
            callback.batch_ended(self)

    def _step(self, batch: Examples) -> None:
        rate, progress, chunks = self.rate, self.progress, self._chunks
        self.batch_loss = chunks.loss_and_gradient(batch, l2=self.settings.l2, rng=self.order.rng)
        self._check_finite(batch, isfinite(self.batch_loss))
        if progress.epoch == progress.batch == 0:
            self.history.first_gradient_norms = gradient_norms(self.network)
        self.optimizer.step(rate)
        self._record_step(self.batch_loss, len(batch), chunks.correct, rate)
        if progress.batch == self.n_batches:
            progress.gradient_norms = gradient_norms(self.network)
        for callback in self.callbacks:
            callback.batch_ended(self)

    def _record_step(self, loss: float, n: int, correct: int, rate: float) -> None:
        """Add a step over n rows to the progress."""
        progress, self.batch_loss = self.progress, loss
        progress.batch, progress.rate = progress.batch + 1, rate
        progress.loss_sum += loss * n
        progress.correct += correct

    def _close_epoch(self) -> None:
        """Validate, add the epoch to the history and call the callbacks."""
        started = perf_counter()
        self._check_finite(self.examples, bool(np.isfinite(self.network.parameters).all()))
        n, progress = len(self.examples), self.progress
        validation_loss, validation_accuracy = self._validate()
        epoch = Epoch(
            epoch=progress.epoch + 1,
            loss=progress.loss_sum / n,
            accuracy=progress.correct / n,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            rate=progress.rate,
            gradient_norms=progress.gradient_norms,
            seconds=progress.seconds + perf_counter() - started,
        )
        self.order.end_epoch()
        self.progress = Progress(epoch=epoch.epoch, stopped=progress.stopped)
        self.history.append(epoch)
        for callback in self.callbacks:
            callback.epoch_ended(self, epoch)

    def _validate(self) -> tuple[float, float] | tuple[None, None]:
        """Return validation loss and accuracy, if this epoch is validated."""
        number, every = self.progress.epoch + 1, self.settings.validate_every
        due = number % every == 0 or number == self.settings.n_epochs
        if self.validation is None or not due:
            return None, None
        return evaluate(self.network, self.validation)

    def _check_fit(self, examples: Examples) -> None:
        """Raise where NumPy would silently broadcast or convert in every step."""
        network = self.network
        n_targets = network.loss.n_targets(network.n_outputs)
        wanted = (network.n_inputs, n_targets, network.dtype)
        found = (examples.x.shape[1], examples.targets.shape[1], examples.x.dtype)
        if found != wanted:
            raise ValueError(
                f"the network expects {wanted[0]} inputs, {wanted[1]} targets and {wanted[2]}; "
                f"the examples have {found[0]}, {found[1]} and {found[2]}"
            )

    def _check_finite(self, batch: Examples, finite: bool) -> None:
        if not finite:
            epoch = self.progress.epoch + 1
            raise DivergenceError(describe_divergence(self.network, batch.x, epoch))


def _watches_every_step(callback: Callback) -> bool:
    """Return whether a callback must be called after each step."""
    return callback.needs_every_step and type(callback).batch_ended is not Callback.batch_ended
