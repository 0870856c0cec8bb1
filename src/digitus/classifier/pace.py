"""How fast and in which order: scikit-learn's rates, its Adam and its shuffling, on our engine.

With these, and the same start, training goes the way that scikit-learn's goes, up to rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import RandomState

from digitus.nn.arrays import Floats, Ints
from digitus.nn.fitting.order import RowOrder
from digitus.nn.optimizers import SGD, Adam, Optimizer
from digitus.nn.schedules import Constant, Cosine, InverseScaling, OneCycle, Schedule, WarmUp

if TYPE_CHECKING:
    from digitus.classifier.estimator import MLPClassifier

_SMALLEST_RATE = 1e-6
"""Where "adaptive" gives up."""


@dataclass
class OptimizerState:
    """What the next ``partial_fit`` needs of the last one's optimizer.

    Attributes:
        learning_rate: the rate at the end.
        n_steps: steps taken.
        arrays: the optimizer's arrays by name, (p,) each.
    """

    learning_rate: float
    n_steps: int = 0
    arrays: dict[str, Floats] = field(default_factory=dict)


class Pace:
    """The learning rate, as a schedule of the engine that remembers where it is.

    Args:
        model: the estimator.
        rate: the present rate.
        n_done: epochs done in earlier calls of ``partial_fit``.
    """

    def __init__(self, model: "MLPClassifier", *, rate: float, n_done: int) -> None:
        self.model, self.rate, self.n_done = model, rate, n_done
        self.schedule = _named_schedule(model)

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate; schedules count from the first epoch and end at ``max_iter``."""
        if self.schedule is not None:
            self.rate = self.schedule(self.n_done + epoch, self.model.max_iter)
        return self.rate

    def epoch_ended(self) -> None:
        """Lower the rate of "invscaling" to ``learning_rate_init / (t + 1)^power_t``."""
        model = self.model
        if model.solver == "sgd" and model.learning_rate == "invscaling":
            # Calls of `partial_fit` differ in length, so each sample is an epoch here.
            scaling = InverseScaling(float(model.learning_rate_init), model.power_t)
            self.rate = scaling(model.t_, model.max_iter)

    def slow_down(self) -> bool:
        """Divide the rate of "adaptive" by 5; False if it cannot go on so."""
        adaptive = self.model.solver == "sgd" and self.model.learning_rate == "adaptive"
        if not adaptive or self.rate <= _SMALLEST_RATE:
            return False
        self.rate /= 5
        return True


def _named_schedule(model: "MLPClassifier") -> Schedule | None:
    """Return the schedule without memory that ``learning_rate`` names, if it does."""
    if callable(model.learning_rate):
        given: Schedule = model.learning_rate
        return given
    rate = float(model.learning_rate_init)
    named: dict[str, Callable[[], Schedule]] = {
        "cosine": lambda: Cosine(rate),
        "one_cycle": lambda: OneCycle(rate),
        "warm_up": lambda: WarmUp(Constant(rate)),
    }
    make = named.get(model.learning_rate)
    return None if make is None else make()


class AdamWithBareEpsilon(Adam):
    """Adam with epsilon added to sqrt(v) uncorrected, as scikit-learn has it.

    It is the "epsilon hat" of Kingma and Ba (2015), end of section 2.
    """

    def __init__(self, *, beta_1: float, beta_2: float, epsilon: float) -> None:
        super().__init__(beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)
        self.bare_epsilon = epsilon

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        # Adam.step multiplies epsilon by this root.
        root = (1 - self.beta_2 ** (self.n_steps + 1)) ** 0.5
        self.epsilon = self.bare_epsilon / root
        super().step(rate)


def make_optimizer(model: "MLPClassifier") -> Optimizer:
    """Return the optimizer that ``solver`` names."""
    if model.solver == "sgd":
        return SGD(momentum=model.momentum, nesterov=bool(model.nesterovs_momentum))
    return AdamWithBareEpsilon(beta_1=model.beta_1, beta_2=model.beta_2, epsilon=model.epsilon)


def continue_optimizer(optimizer: Optimizer, state: OptimizerState) -> bool:
    """Put a bound optimizer where an earlier one ended; False if that was of another kind."""
    shapes = {name: array.shape for name, array in optimizer.state.items()}
    if shapes != {name: array.shape for name, array in state.arrays.items()}:
        return False
    optimizer.n_steps = state.n_steps
    for name, array in optimizer.state.items():
        array[...] = state.arrays[name]
    return True


class RandomStateOrder(RowOrder):
    """Shuffles the last epoch's order with a `RandomState`, as scikit-learn does.

    Args:
        n: number of rows.
        random_state: of the estimator.
        shuffle: False keeps the rows as they lie.
        seed: of dropout.
    """

    def __init__(self, n: int, *, random_state: RandomState, shuffle: bool, seed: int) -> None:
        super().__init__(n, seed=seed, shuffle=shuffle)
        self.random_state = random_state
        self._last: Ints = np.arange(n)

    def _draw(self) -> Ints:
        if self.shuffle:
            places = np.arange(self.n)
            self.random_state.shuffle(places)
            self._last = self._last[places]
        return self._last
