"""Training by L-BFGS-B on all rows at every step, with checkpoints."""

from time import monotonic, perf_counter

import numpy as np

from digitus.errors import CheckpointError
from digitus.json_values import is_of_type
from digitus.models.checkpoint import write_checkpoint
from digitus.nn.fitting.callbacks import State
from digitus.nn.fitting.examples import evaluate
from digitus.nn.fitting.history import Epoch, History
from digitus.nn.fitting.resume import DAMAGED_FACTS, restored_history
from digitus.nn.inspection import gradient_norms
from digitus.nn.lbfgs import Evaluations, LBFGSSettings, minimize_lbfgs
from digitus.training.run import Run

_PAUSE = 20
"""Least time between two checkpoints, in times of the last one: saving takes 5 % at most."""
_VALIDATE_EVERY = 10
"""Iterations from one validation to the next."""


def train_by_lbfgs(run: Run) -> tuple[History, bool]:
    """Train the run's network.

    The checkpoint holds every cost and gradient that SciPy received. A resumed run replays them,
    which is quick, and so is bit-identical to an uninterrupted one.

    Returns:
        The history, and whether the run was completed; False if it was interrupted.
    """
    log = _SearchLog(run)
    if run.resume:
        log.restore()
    minimize_lbfgs(
        run.network,
        run.rows.train,
        LBFGSSettings(l2=run.config.l2, max_iterations=run.config.epochs),
        callback=log.iteration_ended,
        evaluations=log.evaluations,
    )
    log.save()
    log.note_first_gradient()
    return log.history, not log.interrupted


class _SearchLog:
    """The history of a search, its evaluations and its checkpoint."""

    def __init__(self, run: Run) -> None:
        self.run, self.network, self.rows = run, run.network, run.rows
        self.history, self.evaluations, self.interrupted = History(), Evaluations(), False
        self._due_at, self._mark = monotonic(), perf_counter()

    def iteration_ended(self, iteration: int, cost: float, correct: int) -> bool:
        """Record an iteration, unless it is replayed; return True to interrupt the search."""
        if iteration > len(self.history):
            self.history.append(self._record(iteration, cost, correct))
            self.run.listener.epoch(self.history[-1], self.run.config.epochs)
            if monotonic() >= self._due_at:
                self.save()
        self.interrupted = self.run.listener.wants_to_stop() and iteration < self.run.config.epochs
        return self.interrupted

    def _record(self, iteration: int, cost: float, correct: int) -> Epoch:
        now = perf_counter()
        seconds, self._mark = now - self._mark, now
        train, validation = self.rows.train, self.rows.validation
        due = iteration % _VALIDATE_EVERY == 0 or iteration == self.run.config.epochs
        scores = evaluate(self.network, validation) if validation is not None and due else None
        return Epoch(
            epoch=iteration,
            loss=cost,
            accuracy=correct / len(train),
            validation_loss=scores[0] if scores else None,
            validation_accuracy=scores[1] if scores else None,
            rate=None,
            gradient_norms=gradient_norms(self.network),
            seconds=seconds,
        )

    def save(self) -> None:
        """Write every evaluation so far."""
        started, kept = monotonic(), self.evaluations
        arrays = {"gradients": np.stack(kept.gradients)} if kept.gradients else {}
        facts = {**self.run.facts, "costs": kept.costs, "history": self.history.to_json()}
        write_checkpoint(self.run.checkpoint, State(arrays, facts))
        ended = monotonic()
        self._due_at = ended + _PAUSE * (ended - started)

    def restore(self) -> None:
        """Read what `save` wrote."""
        state = self.run.read_checkpoint()
        try:
            self.evaluations.costs = self._checked_costs(state)
            self.history = restored_history(state.facts)
        except DAMAGED_FACTS as error:
            raise CheckpointError(
                f"{self.run.checkpoint}: is incomplete ({error!r:.200}); start without --resume"
            ) from error
        self.evaluations.gradients = list(state.arrays.get("gradients", []))

    def _checked_costs(self, state: State) -> list[float]:
        """Return the costs; each has a gradient of the network's shape."""
        costs: list[float] = state.facts["costs"]
        gradients = state.arrays.get("gradients")
        network = self.network
        if not is_of_type(costs, list[float]):
            raise TypeError("costs that are not numbers")
        wanted = (len(costs), network.parameters.size)
        if costs and (
            gradients is None
            or (gradients.shape, gradients.dtype) != (wanted, network.dtype)
            or not np.isfinite(gradients).all()
        ):
            raise ValueError("gradients that do not fit the costs and the network")
        return costs

    def note_first_gradient(self) -> None:
        """Put the norms of the very first gradient into the history."""
        first = self.evaluations.gradients[0]
        self.history.first_gradient_norms = gradient_norms(self.network, first)
