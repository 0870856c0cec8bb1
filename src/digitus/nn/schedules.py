"""Learning-rate schedules: the rate at each moment of training.

A schedule is called with the progress in epochs (a float: 1.5 is the middle of the second epoch)
and the planned number of epochs; it gives the learning rate. It has no memory, so a resumed run
sees what the uninterrupted one would have seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, pi

Schedule = Callable[[float, int], float]


@dataclass(frozen=True)
class Constant:
    """The same rate throughout."""

    rate: float

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        return self.rate


@dataclass(frozen=True)
class Staged:
    """S0's way: another rate from given epochs on.

    Args:
        stages: epoch (0 is the start) to the rate from there on.

    >>> [Staged({0: 0.1, 2: 0.01})(epoch, 4) for epoch in (0, 1.9, 2, 3)]
    [0.1, 0.1, 0.01, 0.01]
    """

    stages: Mapping[float, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse stages that leave the start without a rate."""
        if 0 not in self.stages:
            raise ValueError("staged rates need one for epoch 0")

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate of the latest stage that has begun."""
        return self.stages[max(start for start in self.stages if start <= epoch)]


@dataclass(frozen=True)
class Cosine:
    """From ``rate`` down to ``last`` along half a cosine (Loshchilov and Hutter 2017, eq. 5)."""

    rate: float
    last: float = 0.0

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate; it stays at ``last`` beyond the planned end."""
        done = min(epoch / n_epochs, 1.0)
        return self.last + (self.rate - self.last) * (1 + cos(pi * done)) / 2


@dataclass(frozen=True)
class OneCycle:
    """Up to ``rate`` and down again, both along cosines (Smith and Topin 2018).

    Args:
        rate: the largest rate.
        rise: share of the training in which the rate rises.
        first: divisor, the run begins at ``rate / first``.
        last: divisor, the run ends at ``rate / last``.
    """

    rate: float
    rise: float = 0.3
    first: float = 25.0
    last: float = 1e4

    def __post_init__(self) -> None:
        """Refuse a rise that leaves no fall."""
        if not 0 <= self.rise < 1:
            raise ValueError(f"one-cycle wants a rise from 0 to below 1, got {self.rise}")

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        done = min(epoch / n_epochs, 1.0)
        if done < self.rise:
            low, up = self.rate / self.first, done / self.rise
        else:
            low, up = self.rate / self.last, (1 - done) / (1 - self.rise)
        return low + (self.rate - low) * (1 - cos(pi * up)) / 2


@dataclass(frozen=True)
class WarmUp:
    """Let another schedule begin gently: its rate times a straight ramp (Goyal et al. 2017).

    Args:
        schedule: the other schedule.
        epochs: length of the ramp.
        first: share of the rate at the very first step.
    """

    schedule: Schedule
    epochs: float = 1.0
    first: float = 0.01

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the other schedule's rate, times at most 1."""
        done = min(epoch / self.epochs, 1.0) if self.epochs > 0 else 1.0
        return (self.first + (1 - self.first) * done) * self.schedule(epoch, n_epochs)


@dataclass(frozen=True)
class InverseScaling:
    """``rate / (t + 1)^power``, t counting the samples seen: scikit-learn's "invscaling".

    Args:
        rate: the first rate.
        power: the exponent.
        n: samples an epoch; the rate changes between epochs only.
    """

    rate: float
    power: float = 0.5
    n: int = 1

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        seen = int(epoch) * self.n + 1
        return float(self.rate / seen**self.power)
