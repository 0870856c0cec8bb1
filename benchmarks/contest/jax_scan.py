"""JAX: an epoch is one compiled program, a `lax.scan` over the batches."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from contest.cells import BETAS, EPSILON, SLOPE, Cell, Weights
from contest.contestant import Contestant
from contest.rows import Rows

Parameters = list[tuple[Array, Array]]
ACTIVATIONS = {
    "relu": jax.nn.relu,
    "leaky_relu": lambda x: jax.nn.leaky_relu(x, SLOPE),
    "sigmoid": jax.nn.sigmoid,
}


def loss_function(cell: Cell, parameters: Parameters, x: Array, targets: Array) -> Array:
    """Return the mean loss of a batch."""
    for weight, bias in parameters[:-1]:
        x = ACTIVATIONS[cell.shape.hidden](x @ weight + bias)
    weight, bias = parameters[-1]
    logits = x @ weight + bias
    if cell.shape.output == "softmax":
        return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(logits), axis=1))
    return jnp.mean(jnp.sum(jax.nn.softplus(logits) - targets * logits, axis=1))


def sgd(rate: float, state: Any, grads: Parameters) -> Any:
    """Return the state after a step of gradient descent."""
    (parameters,) = state
    return (jax.tree.map(lambda p, g: p - rate * g, parameters, grads),)


def adam(rate: float, state: Any, grads: Parameters) -> Any:
    """Return the state after a step of Adam (Kingma and Ba 2015, algorithm 1)."""
    parameters, mean, square, n_steps = state
    beta_1, beta_2 = BETAS
    n_steps = n_steps + 1
    mean = jax.tree.map(lambda m, g: beta_1 * m + (1 - beta_1) * g, mean, grads)
    square = jax.tree.map(lambda v, g: beta_2 * v + (1 - beta_2) * g * g, square, grads)
    root = jnp.sqrt(1 - beta_2**n_steps)
    step, epsilon = rate * root / (1 - beta_1**n_steps), EPSILON * root
    parameters = jax.tree.map(
        lambda p, m, v: p - step * m / (jnp.sqrt(v) + epsilon), parameters, mean, square
    )
    return parameters, mean, square, n_steps


def first_state(optimizer: str, weights: Weights) -> Any:
    """Return the parameters and the optimizer's state."""

    def zeros() -> Any:
        return jax.tree.map(jnp.zeros_like, weights)

    parameters = jax.tree.map(jnp.array, weights)
    if optimizer == "sgd":
        return (parameters,)
    return parameters, zeros(), zeros(), jnp.float32(0)


class JaxScan(Contestant):
    """One call per epoch, and another for the shorter last batch."""

    def __init__(self, rows: Rows, threads: int) -> None:
        super().__init__(rows, threads)
        self.x, self.targets = jnp.asarray(rows.x), jnp.asarray(rows.targets)

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Compile for the full batches and for the shorter last one."""
        self.state = first_state(cell.optimizer, weights)
        gradient = jax.value_and_grad(loss_function, argnums=1)
        update = sgd if cell.optimizer == "sgd" else adam

        def run(state: Any, order: Array, x: Array, targets: Array) -> Any:
            def step(state: Any, rows: Array) -> tuple[Any, Array]:
                loss, grads = gradient(cell, state[0], x[rows], targets[rows])
                return update(cell.rate, state, grads), loss * len(rows)

            state, losses = jax.lax.scan(step, state, order)
            return state, losses.sum()

        jitted = jax.jit(run, donate_argnums=0)
        orders = self.split(np.arange(len(self.rows)))
        self.runs = [
            jitted.lower(self.state, order, self.x, self.targets).compile() for order in orders
        ]
        return True

    def split(self, order: Any) -> list[Any]:
        """Return an order of rows as a matrix, one row per batch, and a second for the rest."""
        batch = self.cell.batch
        whole = len(order) // batch * batch
        parts = [order[:whole].reshape(-1, batch), order[whole:].reshape(1, -1)]
        return [part.astype(np.int32) for part in parts if part.size]

    def train(self) -> float:
        """Train one epoch and wait for the result."""
        total = 0.0
        for run, order in zip(self.runs, self.split(self.draw_order()), strict=True):
            self.state, loss = run(self.state, order, self.x, self.targets)
            total += loss
        jax.block_until_ready(self.state)
        return float(total) / len(self.rows)

    def weights(self) -> Weights:
        """Return the parameters."""
        return [(np.array(weight), np.array(bias)) for weight, bias in self.state[0]]
