"""Training: epochs of batches, each sample once an epoch, resumable to the bit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, inf, isfinite
from time import perf_counter

import numpy as np

from digitus.errors import DivergenceError
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.divergence import describe_divergence
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.history import Epoch, History
from digitus.nn.fitting.order import Order
from digitus.nn.inspection import gradient_norms
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer
from digitus.nn.schedules import Constant, Schedule


@dataclass(frozen=True)
class Settings:
    """How long and in what portions to train.

    Attributes:
        n_epochs: passes over the training rows.
        batch_size: rows a step; None takes all of them at once (full batch).
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``, n the rows of the batch.
        seed: of the shuffling and of dropout.
        shuffle: a new order each epoch.
        validate_every: epochs from one validation to the next.
        threads: of the compiled steps on long vectors. Those of the matrix products are BLAS's
            own; whoever trains sets both alike.
        shares: parts of a batch that are computed at the same time (`batch_chunks`).
        compiled: let Numba do the softmax loss and the optimizer's steps (the extra ``fast``).

    Raises:
        ValueError: if a number is out of its range.
    """

    n_epochs: int = 10
    batch_size: int | None = 128
    l2: float = 0.0
    seed: int = 0
    shuffle: bool = True
    validate_every: int = 1
    threads: int = 1
    shares: int = 1
    compiled: bool = False

    def __post_init__(self) -> None:
        """Refuse what would train nothing or divide by zero."""
        if self.batch_size is not None and self.batch_size < 1:
            raise ValueError(f"batch_size wants 1 or more, or None for all, got {self.batch_size}")
        if self.n_epochs < 0 or self.validate_every < 1:
            raise ValueError(
                f"n_epochs wants 0 or more and validate_every 1 or more, "
                f"got {self.n_epochs} and {self.validate_every}"
            )
        if not 0 <= self.l2 < inf:
            raise ValueError(f"l2 wants 0 or more, got {self.l2}")


@dataclass
class Progress:
    """How far a run has come, between two batches.

    Attributes:
        epoch: number of epochs completed.
        batch: number of batches completed in the present epoch.
        loss_sum: of the present epoch's rows.
        correct: rows answered right in the present epoch.
        seconds: spent in the present epoch before a resume.
        rate: learning rate of the latest step.
        gradient_norms: of the epoch's last step, once it is taken.
        stopped: the run has come to its end before the last epoch.
    """

    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    gradient_norms: list[float] = field(default_factory=list)
    stopped: bool = False


class Trainer:
    """Trains a network; every moment between two batches can be saved and gone on from.

    Attributes:
        history: the epochs completed.
        n_batches: number of steps in an epoch.
        progress: how far the run has come.
        batch_loss: loss of the latest batch.
        interrupted: True if the run was stopped to be resumed later.

    Raises:
        ValueError: if the examples are not of the network's widths and type.
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        *,
        optimizer: Optimizer,
        schedule: Schedule | float = 0.1,
        settings: Settings | None = None,
        validation: Examples | None = None,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        self.network, self.examples, self.validation = network, examples, validation
        self.optimizer, self.callbacks = optimizer, list(callbacks)
        self.schedule = schedule if callable(schedule) else Constant(schedule)
        self.settings = settings if settings is not None else Settings()
        self.history, self.progress, self.batch_loss = History(), Progress(), 0.0
        self.interrupted = self._stopping = False
        self.batch_size = min(self.settings.batch_size or len(examples), len(examples))
        self.n_batches = ceil(len(examples) / self.batch_size)
        shuffle = self.settings.shuffle and self.batch_size < len(examples)
        self.order = Order(len(examples), seed=self.settings.seed, shuffle=shuffle)
        self._gathered = examples.batch(self.batch_size) if shuffle else None
        self._pieces = BatchChunks(network, self.settings.shares)
        self._refuse_unfit(examples)
        optimizer.bind(network)
        if self.settings.compiled:
            optimizer.compile(self.settings.threads)
            network.loss.compile()

    @property
    def rate(self) -> float:
        """The learning rate at this moment."""
        epoch = self.progress.epoch + self.progress.batch / self.n_batches
        return float(self.schedule(epoch, self.settings.n_epochs))

    def stop(self, *, interrupted: bool = False) -> None:
        """End the run after the present batch; ``interrupted`` if it is to be resumed later."""
        self._stopping, self.interrupted = True, interrupted
        self.progress.stopped |= not interrupted

    def run(self) -> History:
        """Train to the last epoch, or until something stops it.

        Raises:
            DivergenceError: if a NaN or an infinity appears; it names epoch and layer.
        """
        self._stopping, self.interrupted = self.progress.stopped, False
        for callback in self.callbacks:
            callback.started(self)
        while self.progress.epoch < self.settings.n_epochs and not self._stopping:
            self._run_epoch()
        if self.progress.epoch >= self.settings.n_epochs:
            self.interrupted = False  # asked to stop in the last step: nothing is left to resume
        for callback in self.callbacks:
            callback.ended(self)
        return self.history

    @np.errstate(over="ignore", invalid="ignore")  # what breaks becomes a DivergenceError
    def _run_epoch(self) -> None:
        started = perf_counter()
        self.order.begin_epoch()
        for batch in self._batches():
            self._step(batch)
            if self._stopping:
                break
        self.progress.seconds += perf_counter() - started
        if self.progress.batch == self.n_batches:
            self._close_epoch()

    def _step(self, batch: Examples) -> None:
        rate, progress, pieces = self.rate, self.progress, self._pieces
        self.batch_loss = pieces.loss_and_gradient(batch, l2=self.settings.l2, rng=self.order.rng)
        self._refuse_divergence(batch, isfinite(self.batch_loss))
        if progress.epoch == progress.batch == 0:
            self.history.first_gradient_norms = gradient_norms(self.network)
        self.optimizer.step(rate)
        progress.batch, progress.rate = progress.batch + 1, rate
        if progress.batch == self.n_batches:
            progress.gradient_norms = gradient_norms(self.network)
        progress.loss_sum += self.batch_loss * len(batch)
        progress.correct += pieces.correct
        for callback in self.callbacks:
            callback.batch_ended(self)

    def _batches(self) -> Iterator[Examples]:
        """Return the epoch's batches from the present one on."""
        first = self.progress.batch * self.batch_size
        for start in range(first, len(self.examples), self.batch_size):
            part = slice(start, start + self.batch_size)
            if self._gathered is not None and self.order.rows is not None:
                yield self._gathered.gather(self.order.rows[part])
            else:
                yield self.examples.part(part)

    def _close_epoch(self) -> None:
        started = perf_counter()
        self._refuse_divergence(self.examples, bool(np.isfinite(self.network.parameters).all()))
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
        number, every = self.progress.epoch + 1, self.settings.validate_every
        due = number % every == 0 or number == self.settings.n_epochs
        if self.validation is None or not due:
            return None, None
        return evaluate(self.network, self.validation)

    def _refuse_unfit(self, examples: Examples) -> None:
        """Refuse what NumPy would stretch or convert in every step without a word."""
        network = self.network
        n_targets = network.loss.n_targets(network.n_outputs)
        wanted = (network.n_inputs, n_targets, network.dtype)
        found = (examples.x.shape[1], examples.targets.shape[1], examples.x.dtype)
        if found != wanted:
            raise ValueError(
                f"the network wants {wanted[0]} inputs, {wanted[1]} targets and {wanted[2]}; "
                f"the examples have {found[0]}, {found[1]} and {found[2]}"
            )

    def _refuse_divergence(self, batch: Examples, finite: bool) -> None:
        if not finite:
            epoch = self.progress.epoch + 1
            raise DivergenceError(describe_divergence(self.network, batch.x, epoch))
