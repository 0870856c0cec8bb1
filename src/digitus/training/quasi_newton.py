"""Training by L-BFGS-B, all rows at every step, with checkpoints."""

from time import monotonic, perf_counter

import numpy as np

from digitus.errors import CheckpointError
from digitus.models.checkpoint import write_checkpoint
from digitus.nn.fitting.callbacks import State
from digitus.nn.fitting.examples import evaluate
from digitus.nn.fitting.history import Epoch, History
from digitus.nn.inspection import gradient_norms
from digitus.nn.lbfgs import Evaluations, minimize_lbfgs
from digitus.training.run import Run

_PAUSE = 20
"""Between two saves pass this many times the seconds that the last one took: 5 % at most."""
_VALIDATE_EVERY = 10


def search(run: Run) -> tuple[History, bool]:
    """Train the run's network; result as `descend`.

    The checkpoint holds every answer given to SciPy so far; a resumed run answers from there,
    walks the same way in a moment, and computes on from where it was.
    """
    diary = _Diary(run)
    if run.resume:
        diary.restore()
    minimize_lbfgs(
        run.network,
        run.rows.train,
        l2=run.config.l2,
        max_iterations=run.config.epochs,
        callback=diary.iteration_ended,
        evaluations=diary.evaluations,
    )
    diary.save()
    diary.note_first_gradient()
    return diary.history, not diary.interrupted


class _Diary:
    """The history of a search and its checkpoint."""

    def __init__(self, run: Run) -> None:
        self.run, self.network, self.rows = run, run.network, run.rows
        self.history, self.evaluations, self.interrupted = History(), Evaluations(), False
        self._due_at, self._mark = monotonic(), perf_counter()

    def iteration_ended(self, iteration: int, cost: float, correct: int) -> bool:
        """Record an iteration, unless it is only replayed; True interrupts the search."""
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
        """Write every answer so far; the more there are, the longer until the next time."""
        started, kept = monotonic(), self.evaluations
        arrays = {"gradients": np.stack(kept.gradients)} if kept.gradients else {}
        facts = {**self.run.facts, "costs": kept.costs, "history": self.history.to_json()}
        write_checkpoint(self.run.checkpoint, State(arrays, facts))
        ended = monotonic()
        self._due_at = ended + _PAUSE * (ended - started)

    def restore(self) -> None:
        """Take back what `save` wrote."""
        state = self.run.read_checkpoint()
        try:
            self.evaluations.costs = list(state.facts["costs"])
            self.history = History.from_json(state.facts["history"])
        except (KeyError, TypeError) as error:
            raise CheckpointError(
                f"{self.run.checkpoint}: is incomplete ({error!r}); start without --resume"
            ) from error
        self.evaluations.gradients = list(state.arrays.get("gradients", []))

    def note_first_gradient(self) -> None:
        """Keep the norms of the very first gradient in the history."""
        first = self.evaluations.gradients[0]
        self.history.first_gradient_norms = gradient_norms(self.network, first)
