"""Learning-rate schedules.

A schedule is called with the progress in epochs (a float: 1.5 is the middle of the second epoch)
and the total number of epochs, and returns the learning rate. It has no state, so a resumed run
gets the rates of an uninterrupted one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, pi

Schedule = Callable[[float, int], float]


@dataclass(frozen=True)
class Constant:
    """The same rate in every step."""

    rate: float

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        return self.rate


@dataclass(frozen=True)
class Staged:
    """A new rate from given epochs on, as in the system S0.

    Args:
        stages: epoch, counted from 0, to the rate from its start on.

    Raises:
        ValueError: if the rate for epoch 0 is missing.

    >>> [Staged({0: 0.1, 2: 0.01})(epoch, 4) for epoch in (0, 1.9, 2, 3)]
    [0.1, 0.1, 0.01, 0.01]
    """

    stages: Mapping[float, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the first epoch has a rate."""
        if 0 not in self.stages:
            raise ValueError("staged rates need a rate for epoch 0")

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate of the current stage."""
        return self.stages[max(start for start in self.stages if start <= epoch)]


@dataclass(frozen=True)
class Cosine:
    """Decay from ``rate`` to ``last`` along half a cosine (Loshchilov and Hutter 2017, eq. 5)."""

    rate: float
    last: float = 0.0

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate; it stays at ``last`` after the last epoch."""
        done = min(epoch / n_epochs, 1.0)
        return self.last + (self.rate - self.last) * (1 + cos(pi * done)) / 2


@dataclass(frozen=True)
class OneCycle:
    """Rise to ``rate`` and fall again, both along cosines (Smith and Topin 2018).

    Args:
        rate: the largest rate.
        rise: share of the epochs in which the rate rises, from 0 to below 1.
        first: the first rate is ``rate / first``.
        last: the last rate is ``rate / last``.

    Raises:
        ValueError: if ``rise`` is out of range.
    """

    rate: float
    rise: float = 0.3
    first: float = 25.0
    last: float = 1e4

    def __post_init__(self) -> None:
        """Check the share of the rise."""
        if not 0 <= self.rise < 1:
            raise ValueError(f"one-cycle needs a rise from 0 to below 1, got {self.rise}")

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
    """Another schedule, multiplied by a linear ramp at the start (Goyal et al. 2017, section 2.2).

    Args:
        schedule: the other schedule.
        epochs: length of the ramp.
        first: factor at the first step.
    """

    schedule: Schedule
    epochs: float = 1.0
    first: float = 0.01

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the other schedule's rate times the ramp."""
        done = min(epoch / self.epochs, 1.0) if self.epochs > 0 else 1.0
        return (self.first + (1 - self.first) * done) * self.schedule(epoch, n_epochs)


@dataclass(frozen=True)
class InverseScaling:
    """``rate / (t + 1)^power`` after t samples: scikit-learn's "invscaling".

    Args:
        rate: the first rate.
        power: the exponent.
        n: samples per epoch; the rate changes between epochs only.
    """

    rate: float
    power: float = 0.5
    n: int = 1

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate."""
        seen = int(epoch) * self.n + 1
        return float(self.rate / seen**self.power)
