"""scikit-learn's learning rates, its Adam and its shuffling, on the engine.

With these and the same first weights, training takes the same steps as scikit-learn's, up to
rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import RandomState

from digitus.classifier.parameters import Parameters
from digitus.nn.arrays import Floats, Ints
from digitus.nn.fitting.order import RowOrder
from digitus.nn.optimizers import SGD, Adam, Optimizer
from digitus.nn.schedules import Constant, Cosine, InverseScaling, OneCycle, Schedule, WarmUp


@dataclass(frozen=True)
class AdaptiveRate:
    """Constants of scikit-learn's "adaptive" learning rate.

    Attributes:
        divisor: number that divides the rate after too many epochs without improvement.
        smallest: rate that is not divided any more.
    """

    divisor: float = 5
    smallest: float = 1e-6


ADAPTIVE = AdaptiveRate()


@dataclass
class OptimizerState:
    """State of an optimizer between two calls of ``partial_fit``.

    Attributes:
        learning_rate: the last rate.
        n_steps: number of steps taken.
        arrays: the optimizer's arrays by name, (p,) each.
    """

    learning_rate: float
    n_steps: int = 0
    arrays: dict[str, Floats] = field(default_factory=dict)


class LearningRate:
    """The schedule that ``learning_rate`` names; "invscaling" and "adaptive" have a state.

    Args:
        parameters: parameters of the estimator.

    Attributes:
        rate: the current rate.
        n_done: epochs done in earlier calls of ``partial_fit``.
        schedule: the schedule without state that is followed; None if there is none.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.rate, self.n_done = float(parameters.learning_rate_init), 0
        self.schedule = _stateless_schedule(parameters)

    def __call__(self, epoch: float, n_epochs: int) -> float:
        """Return the rate; schedules count from the first epoch and end at ``max_iter``."""
        if self.schedule is not None:
            self.rate = self.schedule(self.n_done + epoch, self.parameters.max_iter)
        return self.rate

    def epoch_ended(self, n_seen: int) -> None:
        """Set the rate of "invscaling" to ``learning_rate_init / (t + 1)^power_t``.

        Args:
            n_seen: samples seen so far, ``t``.
        """
        given = self.parameters
        if given.solver == "sgd" and given.learning_rate == "invscaling":
            # Calls of `partial_fit` differ in length, so each sample is an epoch here.
            scaling = InverseScaling(float(given.learning_rate_init), given.power_t)
            self.rate = scaling(n_seen, given.max_iter)

    def reduce(self) -> bool:
        """Divide an "adaptive" rate by 5; return False if the rate cannot be reduced."""
        given = self.parameters
        is_adaptive = given.solver == "sgd" and given.learning_rate == "adaptive"
        if not is_adaptive or self.rate <= ADAPTIVE.smallest:
            return False
        self.rate /= ADAPTIVE.divisor
        return True


def _stateless_schedule(parameters: Parameters) -> Schedule | None:
    if callable(parameters.learning_rate):
        return parameters.learning_rate
    rate = float(parameters.learning_rate_init)
    named: dict[str, Callable[[], Schedule]] = {
        "cosine": lambda: Cosine(rate),
        "one_cycle": lambda: OneCycle(rate),
        "warm_up": lambda: WarmUp(Constant(rate)),
    }
    make = named.get(parameters.learning_rate)
    return None if make is None else make()


class AdamWithBareEpsilon(Adam):
    """Adam with epsilon added to the uncorrected sqrt(v), as in scikit-learn.

    It is the "epsilon hat" of Kingma and Ba (2015), end of section 2.

    Args:
        beta_1: decay of the mean of the gradient.
        beta_2: decay of the mean of its square.
        epsilon: added to the denominator.
    """

    def scaled(self, rate: float) -> tuple[float, float]:
        """Return ``rate`` and ``epsilon`` with the factors of the current step."""
        scaled, _ = super().scaled(rate)
        return scaled, self.epsilon / (1 - self.beta_2) ** 0.5


def make_optimizer(parameters: Parameters) -> Optimizer:
    """Return a new optimizer, SGD or Adam, as ``solver`` says."""
    if parameters.solver == "sgd":
        return SGD(momentum=parameters.momentum, nesterov=bool(parameters.nesterovs_momentum))
    return AdamWithBareEpsilon(
        beta_1=parameters.beta_1, beta_2=parameters.beta_2, epsilon=parameters.epsilon
    )


def restore_optimizer(optimizer: Optimizer, state: OptimizerState) -> bool:
    """Set a bound optimizer to an earlier state; return False if that is of another optimizer."""
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
        random_state: generator of the estimator.
        shuffle: False keeps the rows in their order.
        seed: seed for dropout.
    """

    def __init__(self, n: int, *, random_state: RandomState, shuffle: bool, seed: int) -> None:
        super().__init__(n, seed=seed, shuffle=shuffle)
        self.random_state = random_state
        self._last: Ints = np.arange(n)

    def _draw(self) -> Ints:
        if self.shuffle:
            permutation = np.arange(self.n)
            self.random_state.shuffle(permutation)
            self._last = self._last[permutation]
        return self._last
