"""Training by L-BFGS-B, all rows at every step, with checkpoints."""

from pathlib import Path
from time import monotonic, perf_counter

import numpy as np

from digitus.models.checkpoint import read_checkpoint, write_checkpoint
from digitus.models.plan import Plan
from digitus.nn.callbacks import State
from digitus.nn.examples import count_correct, evaluate
from digitus.nn.history import Epoch, History
from digitus.nn.inspection import gradient_norms
from digitus.nn.lbfgs import Evaluations, minimize_lbfgs
from digitus.nn.network import Network
from digitus.recipes.descent import refuse_other_facts
from digitus.recipes.listening import Listener
from digitus.recipes.rows import Rows

_PAUSE = 20
"""Between two saves pass this many times the seconds that the last one took: 5 % at most."""
_VALIDATE_EVERY = 10


def search(
    plan: Plan,
    network: Network,
    rows: Rows,
    *,
    checkpoint: Path,
    facts: dict[str, object],
    resume: bool,
    listener: Listener,
) -> tuple[History, bool]:
    """Train the network in place; arguments and result as `descend`.

    The checkpoint holds every answer given to SciPy so far; a resumed run answers from there,
    walks the same way in a moment, and computes on from where it was.
    """
    run = _Run(plan, network, rows, checkpoint, facts, listener)
    if resume:
        run.restore()
    minimize_lbfgs(
        network,
        rows.train,
        l2=plan.l2,
        max_iterations=plan.epochs,
        callback=run.iteration_ended,
        evaluations=run.evaluations,
    )
    run.save()
    return run.history, not run.interrupted


class _Run:
    """The history of a search and its checkpoint."""

    def __init__(
        self,
        plan: Plan,
        network: Network,
        rows: Rows,
        checkpoint: Path,
        facts: dict[str, object],
        listener: Listener,
    ) -> None:
        self.plan, self.network, self.rows = plan, network, rows
        self.checkpoint, self.facts, self.listener = checkpoint, facts, listener
        self.history, self.evaluations, self.interrupted = History(), Evaluations(), False
        self._due_at, self._mark = monotonic(), perf_counter()

    def iteration_ended(self, iteration: int, cost: float) -> bool:
        """Record an iteration, unless it is only replayed; True interrupts the search."""
        if iteration > len(self.history):
            self.history.append(self._record(iteration, cost))
            self.listener.epoch(self.history[-1], self.plan.epochs)
            if monotonic() >= self._due_at:
                self.save()
        self.interrupted = self.listener.wants_to_stop() and iteration < self.plan.epochs
        return self.interrupted

    def _record(self, iteration: int, cost: float) -> Epoch:
        now = perf_counter()
        seconds, self._mark = now - self._mark, now
        train, validation = self.rows.train, self.rows.validation
        correct = count_correct(self.network.loss, self.network.work.outputs[-1], train.targets)
        due = iteration % _VALIDATE_EVERY == 0 or iteration == self.plan.epochs
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
        facts = {**self.facts, "costs": kept.costs, "history": self.history.to_json()}
        write_checkpoint(self.checkpoint, State(arrays, facts))
        ended = monotonic()
        self._due_at = ended + _PAUSE * (ended - started)

    def restore(self) -> None:
        """Take back what `save` wrote."""
        state = read_checkpoint(self.checkpoint)
        refuse_other_facts(self.checkpoint, state.facts, self.facts)
        self.evaluations.costs = list(state.facts["costs"])
        self.evaluations.gradients = list(state.arrays.get("gradients", []))
        self.history = History.from_json(state.facts["history"])
