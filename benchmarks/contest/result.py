"""Result of one cell: times, losses and their ratios."""

from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from contest.cells import Cell
from contest.quiet import BUSY_CORES

FLOOR, OURS, COMPILED = "floor", "Digitus", "Digitus compiled"
FRAMEWORKS = ("PyTorch", "JAX", "scikit-learn")
LARGEST_SPREAD = 0.02


@dataclass
class Result:
    """Measurements of all contestants that can train the cell, by name.

    Attributes:
        cell: what was trained.
        times: seconds of each epoch after the warm-up.
        compile_s: seconds of compilation, where there is one.
        busy_cores: used by other programs just before each round of epochs.
        losses: mean training loss of each epoch, including the warm-up.
        final_losses: mean training loss of the final weights, computed by one function for all.
    """

    cell: Cell
    times: dict[str, list[float]] = field(default_factory=dict)
    compile_s: dict[str, float] = field(default_factory=dict)
    busy_cores: list[float] = field(default_factory=list)
    losses: dict[str, list[float]] = field(default_factory=dict)
    final_losses: dict[str, float] = field(default_factory=dict)

    @property
    def disturbed(self) -> bool:
        """Whether other programs were computing before a round of epochs."""
        return max(self.busy_cores, default=0.0) > BUSY_CORES

    def add_loss(self, name: str, loss: float | None) -> None:
        """Add an epoch's loss, if there is one."""
        if loss is not None:
            self.losses.setdefault(name, []).append(loss)

    def seconds(self, name: str) -> float:
        """Return the median seconds of a contestant."""
        return median(self.times[name])

    def best(self, framework: str) -> str | None:
        """Return the name of a framework's fastest variant; None if it was not measured."""
        names = [name for name in self.times if name.startswith(framework)]
        return min(names, key=self.seconds, default=None)

    @property
    def fastest_peer(self) -> str | None:
        """Name of the fastest contestant that is neither Digitus nor the floor."""
        names = [name for name in map(self.best, FRAMEWORKS) if name is not None]
        return min(names, key=self.seconds, default=None)

    def speed(self, name: str = OURS) -> float | None:
        """Return the seconds of the fastest peer over ours: above 1, Digitus is faster."""
        peer = self.fastest_peer
        both = peer is not None and name in self.times
        return self.seconds(peer) / self.seconds(name) if both else None

    def above_floor(self, name: str = OURS) -> float | None:
        """Return our seconds over the floor's."""
        return self.seconds(name) / self.seconds(FLOOR) if name in self.times else None

    @property
    def spread(self) -> float:
        """Relative difference of the mean losses of the run: largest over smallest, minus 1."""
        means = [mean(losses) for losses in self.losses.values()]
        return max(means) / min(means) - 1

    @property
    def final_spread(self) -> float:
        """The same of the losses of the final weights, where rounding differences have grown."""
        return max(self.final_losses.values()) / min(self.final_losses.values()) - 1

    def as_json(self) -> dict[str, Any]:
        """Return all measurements as JSON types."""
        shape = self.cell.shape
        return {
            "network": shape.name,
            "widths": list(shape.widths),
            "batch": self.cell.batch,
            "optimizer": self.cell.optimizer,
            "median_s": {name: self.seconds(name) for name in self.times},
            "epochs_s": self.times,
            "compile_s": self.compile_s,
            "busy_cores": self.busy_cores,
            "epoch_losses": self.losses,
            "final_losses": self.final_losses,
            "loss_spread": self.spread,
            "final_loss_spread": self.final_spread,
            "fastest_peer": self.fastest_peer,
            "fastest_peer_over_digitus": self.speed(),
            "fastest_peer_over_compiled": self.speed(COMPILED),
            "digitus_over_floor": self.above_floor(),
            "compiled_over_floor": self.above_floor(COMPILED),
        }
