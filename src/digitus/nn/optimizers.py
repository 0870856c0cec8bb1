"""Optimizers: each step is a few vector operations on the flat parameters and gradient.

An optimizer is bound to one network, where it allocates its state; a step allocates nothing.
"""

from math import inf, log
from typing import Any

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.network import Network

_LIFT = 1e8
"""Decaying moments are kept above this multiple of the smallest normal number."""


class Optimizer:
    """Base of the optimizers: moves the parameters against the gradient.

    Attributes:
        state: the arrays that a resumed run needs, by name, all (p,) like the parameters.
        n_steps: number of steps taken.
    """

    def __init__(self) -> None:
        self.state: dict[str, Floats] = {}
        self.n_steps = 0

    def bind(self, network: Network) -> None:
        """Attach to a network's vectors and reset the state."""
        self.network = network
        self.parameters, self.gradient = network.parameters, network.gradient
        self.n_steps = 0
        self._tiny = float(np.finfo(self.parameters.dtype).tiny) * _LIFT
        self.state = {
            name: np.full_like(self.parameters, self._tiny) for name in self.state_names()
        }
        self._scratch = np.empty_like(self.parameters)

    def state_names(self) -> tuple[str, ...]:
        """Return the names of the state arrays."""
        return ()

    def lift(self, decay: float) -> float:
        """Return what to add to the moments so that none has decayed below normal numbers.

        The weight of an input that is hardly ever on gets no gradient; its moments shrink by
        ``decay`` at each step and become denormal numbers, which some processors compute a
        hundred times slower. The number added (1e-30 in float32) is too small to move a parameter.
        It is 0 in most steps.
        """
        n_until_denormal = -log(_LIFT) / log(decay) if decay else inf
        is_due = self.n_steps % max(1, int(min(n_until_denormal, 1e6))) == 0
        return self._tiny if is_due else 0.0

    def _avoid_denormals(self, decay: float) -> None:
        """Add a tiny number to the moments, where `lift` says so."""
        if lift := self.lift(decay):
            for moment in self.state.values():
                moment += lift

    def options(self) -> dict[str, Any]:
        """Return the optimizer's parameters (JSON types only), which identify a run."""
        return {}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, optionally with momentum; the caller chooses the batch size.

    ``velocity = momentum * velocity - rate * gradient; parameters += velocity`` (Polyak 1964).
    Nesterov momentum looks one such step ahead (Sutskever et al. 2013, eqs. 3 and 4, in the form
    of Bengio et al. 2013).

    Args:
        momentum: decay of the velocity, from 0 (none) to below 1.
        nesterov: use Nesterov momentum.

    Raises:
        ValueError: if the momentum is out of range.
    """

    def __init__(self, *, momentum: float = 0.0, nesterov: bool = False) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be from 0 to below 1, got {momentum}")
        super().__init__()
        self.momentum, self.nesterov = float(momentum), nesterov

    def state_names(self) -> tuple[str, ...]:
        """Return the velocity, if there is momentum."""
        return ("velocity",) if self.momentum else ()

    def options(self) -> dict[str, Any]:
        """Return momentum and whether it is Nesterov's."""
        return {"sgd": {"momentum": self.momentum, "nesterov": self.nesterov}}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        self.n_steps += 1
        move = np.multiply(self.gradient, -rate, out=self._scratch)
        if not self.momentum:
            self.parameters += move
            return
        self._avoid_denormals(self.momentum)
        velocity = self.state["velocity"]
        velocity *= self.momentum
        velocity += move
        if self.nesterov:
            self.parameters += move
            np.multiply(velocity, self.momentum, out=move)
            self.parameters += move
        else:
            self.parameters += velocity


class Adam(Optimizer):
    """Steps scaled by running moments of the gradient (Kingma and Ba 2015, algorithm 1).

    Args:
        beta_1: decay of the mean of the gradient, from 0 to below 1.
        beta_2: decay of the mean of its square, from 0 to below 1.
        epsilon: added to the denominator, above 0.
        weight_decay: above 0 it is AdamW: every step first shrinks the weights, not the biases,
            by ``rate * weight_decay`` (Loshchilov and Hutter 2019, algorithm 2).

    Raises:
        ValueError: if a number is out of range.
    """

    def __init__(
        self,
        *,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__()
        if not (0 <= beta_1 < 1 and 0 <= beta_2 < 1):
            raise ValueError(f"Adam's betas must be from 0 to below 1, got {beta_1} and {beta_2}")
        if epsilon <= 0 or weight_decay < 0:
            raise ValueError(
                f"Adam's epsilon must be above 0 and its weight_decay 0 or more, "
                f"got {epsilon} and {weight_decay}"
            )
        # Python's floats take the arrays' type; NumPy's float64 would widen float32 arrays.
        self.beta_1, self.beta_2 = float(beta_1), float(beta_2)
        self.epsilon, self.weight_decay = float(epsilon), float(weight_decay)

    def state_names(self) -> tuple[str, ...]:
        """Return the names of the two moments, which `step` turns into means."""
        return ("sum", "square_sum")

    def options(self) -> dict[str, Any]:
        """Return betas, epsilon and weight decay."""
        names = ("beta_1", "beta_2", "epsilon", "weight_decay")
        return {"adam": {name: getattr(self, name) for name in names}}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        self.n_steps += 1
        self._avoid_denormals(self.beta_1)
        if self.weight_decay:
            self.network.scale_weights(1 - rate * self.weight_decay)
        self._update(*self.scaled(rate))

    def scaled(self, rate: float) -> tuple[float, float]:
        """Return ``rate`` and ``epsilon`` with the factors of the current step.

        The means m and v of algorithm 1 are (1 - beta) times the sums kept here, divided by
        1 - beta^t as they start at 0. These factors of whole vectors are applied to ``rate`` and
        ``epsilon`` instead, which costs nothing.
        """
        mean = (1 - self.beta_1) / (1 - self.beta_1**self.n_steps)
        root = ((1 - self.beta_2) / (1 - self.beta_2**self.n_steps)) ** 0.5
        return rate * mean / root, self.epsilon / root

    def _update(self, rate: float, epsilon: float) -> None:
        """Update the decayed sums, then ``parameters -= rate * m / (sqrt(v) + epsilon)``."""
        g, m, v, s = self.gradient, self.state["sum"], self.state["square_sum"], self._scratch
        m *= self.beta_1
        m += g
        np.multiply(g, g, out=s)
        v *= self.beta_2
        v += s
        np.sqrt(v, out=s)
        s += epsilon
        np.divide(m, s, out=s)
        s *= rate
        self.parameters -= s
