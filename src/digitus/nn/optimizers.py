"""Optimizers: each step is a few vector operations on the flat parameters and gradient.

An optimizer is bound to a network once and makes its state then; a step allocates nothing.
"""

from math import inf, log
from typing import TYPE_CHECKING, Any

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.network import Network

if TYPE_CHECKING:
    from digitus.nn.compiled import Steps

_LIFT = 1e8
"""A fading moment is kept this far above the smallest normal number."""


class Optimizer:
    """Moves the parameters against the gradient.

    Attributes:
        state: the arrays that a resumed run needs, by name, all (p,) like the parameters.
        n_steps: steps taken.
    """

    def __init__(self) -> None:
        self.state: dict[str, Floats] = {}
        self.n_steps = 0
        self._compiled: Steps | None = None

    def bind(self, network: Network) -> None:
        """Take over a network's vectors and start afresh."""
        self.network = network
        self.parameters, self.gradient = network.parameters, network.gradient
        self.n_steps = 0
        self._tiny = float(np.finfo(self.parameters.dtype).tiny) * _LIFT
        self.state = {
            name: np.full_like(self.parameters, self._tiny) for name in self.state_names()
        }
        self._scratch = np.empty_like(self.parameters)

    def compile(self, threads: int = 1) -> None:
        """Let Numba do the steps from now on, to the same bits.

        Raises:
            ValueError: if Numba is not installed.
        """
        try:
            from digitus.nn.compiled import Steps  # an extra, and slow to import
        except ImportError as error:
            raise ValueError(
                "compiled steps need Numba, which is not installed; "
                "install the extra `fast`, or train without"
            ) from error
        self._compiled = Steps(threads)

    def state_names(self) -> tuple[str, ...]:
        """Name the state arrays."""
        return ()

    def _lift_what_fades(self, decay: float) -> None:
        """Add a tiny number to the moments before any can have decayed below normal numbers.

        A weight whose input is hardly ever on gets no gradient; its moments shrink by ``decay``
        a step and end as denormal numbers, which some processors compute a hundred times slower.
        The number added (1e-30 in float32) is too small to move a parameter.
        """
        fades_after = -log(_LIFT) / log(decay) if decay else inf
        if self.n_steps % max(1, int(min(fades_after, 1e6))) == 0:
            for moment in self.state.values():
                moment += self._tiny

    def options(self) -> dict[str, Any]:
        """Return the settings (JSON types only), to recognize a run by."""
        return {}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted; full batch or mini-batch is the caller's choice.

    ``velocity = momentum * velocity - rate * gradient; parameters += velocity`` (Polyak 1964);
    Nesterov looks ahead by one more such step (Sutskever et al. 2013, eqs. 3 and 4, in
    the form of Bengio et al. 2013).
    """

    def __init__(self, *, momentum: float = 0.0, nesterov: bool = False) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum wants 0 to below 1, got {momentum}")
        super().__init__()
        self.momentum, self.nesterov = float(momentum), nesterov

    def state_names(self) -> tuple[str, ...]:
        """The velocity, if there is momentum."""
        return ("velocity",) if self.momentum else ()

    def options(self) -> dict[str, Any]:
        """Return the settings."""
        return {"sgd": {"momentum": self.momentum, "nesterov": self.nesterov}}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        self.n_steps += 1
        if self._compiled is not None and not self.momentum:
            self._compiled.sgd(self.parameters, self.gradient, rate=rate)
            return
        move = np.multiply(self.gradient, -rate, out=self._scratch)
        if not self.momentum:
            self.parameters += move
            return
        self._lift_what_fades(self.momentum)
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
        beta_1: decay of the mean of the gradient.
        beta_2: decay of the mean of its square.
        epsilon: keeps the division finite.
        weight_decay: above 0 it is AdamW: every step first shrinks the weights, not the
            biases, by ``rate * weight_decay`` (Loshchilov and Hutter 2019, algorithm 2).

    Raises:
        ValueError: if a number is out of its range.
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
            raise ValueError(f"Adam wants betas from 0 to below 1, got {beta_1} and {beta_2}")
        if epsilon <= 0 or weight_decay < 0:
            raise ValueError(
                f"Adam wants epsilon above 0 and weight_decay 0 or more, "
                f"got {epsilon} and {weight_decay}"
            )
        # Python's floats take the arrays' type; NumPy's float64 would widen float32 arrays.
        self.beta_1, self.beta_2 = float(beta_1), float(beta_2)
        self.epsilon, self.weight_decay = float(epsilon), float(weight_decay)

    def state_names(self) -> tuple[str, ...]:
        """The two moments, as plain decayed sums: the factors 1 - beta wait until `step`."""
        return ("sum", "square_sum")

    def options(self) -> dict[str, Any]:
        """Return the settings."""
        names = ("beta_1", "beta_2", "epsilon", "weight_decay")
        return {"adam": {name: getattr(self, name) for name in names}}

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        self.n_steps += 1
        self._lift_what_fades(self.beta_1)
        if self.weight_decay:
            self.network.scale_weights(1 - rate * self.weight_decay)
        # The averages of algorithm 1 are (1 - beta) times the sums kept here, over 1 - beta^t as
        # they start at 0. As factors of the whole vector, they cost nothing when taken here.
        mean = (1 - self.beta_1) / (1 - self.beta_1**self.n_steps)
        root = ((1 - self.beta_2) / (1 - self.beta_2**self.n_steps)) ** 0.5
        self._move(rate * mean / root, self.epsilon / root)

    def _move(self, rate: float, epsilon: float) -> None:
        """Bring the sums up to date; ``parameters -= rate * m / (sqrt(v) + epsilon)``."""
        g, m, v, s = self.gradient, self.state["sum"], self.state["square_sum"], self._scratch
        if self._compiled is not None:
            betas = (self.beta_1, self.beta_2)
            self._compiled.adam(self.parameters, g, m, v, betas=betas, rate=rate, epsilon=epsilon)
            return
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
