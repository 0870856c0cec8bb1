"""Train 784-128-64-10 on MNIST with JAX, save it, and print the test accuracy.

python jax_mnist.py FOLDER OUT.npz --epochs 4 --batch-size 128 --rate 0.008 --smoothing 0.1

The whole run is one compiled program, a scan over the batches of all epochs; rows that do not fill
a batch at the end of an epoch are left out, so that there is one shape to compile.
"""

import argparse
import gzip
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

WIDTHS = ((784, 128), (128, 64), (64, 10))
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
RISE, FIRST, LAST = 0.3, 25.0, 1e4
Parameters = list[tuple[Array, Array]]


def read_idx(folder: Path, name: str, header: int) -> np.ndarray:
    """Read the bytes after the header of a .gz or plain IDX file."""
    packed = folder / f"{name}.gz"
    data = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / name).read_bytes()
    return np.frombuffer(data, np.uint8, offset=header)


def read_part(folder: Path, part: str) -> tuple[Array, Array]:
    """Read images (n, 784), 0 to 1, and labels (n,)."""
    pixels = read_idx(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 784)
    scaled = np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)
    return jnp.asarray(scaled), jnp.asarray(read_idx(folder, f"{part}-labels-idx1-ubyte", 8))


def first_parameters(rng: np.random.Generator) -> Parameters:
    """Draw weights by He's initialization; biases are zero."""
    return [
        (
            jnp.asarray(rng.normal(0, (2 / d) ** 0.5, (d, h)), jnp.float32),
            jnp.zeros(h, jnp.float32),
        )
        for d, h in WIDTHS
    ]


def logits_of(parameters: Parameters, x: Array) -> Array:
    """Return the logits (n, 10)."""
    for weight, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


def loss_of(parameters: Parameters, x: Array, labels: Array, smoothing: float) -> Array:
    """Return the mean cross-entropy of a batch with smoothed labels."""
    targets = jax.nn.one_hot(labels, 10) * (1 - smoothing) + smoothing / 10
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(logits_of(parameters, x)), axis=1))


def one_cycle(largest: float, n_steps: int) -> Array:
    """Return the rate of each step: rising, then falling, along cosines."""
    done = np.arange(n_steps) / n_steps
    rising = done < RISE
    low = largest / np.where(rising, FIRST, LAST)
    up = np.where(rising, done / RISE, (1 - done) / (1 - RISE))
    return jnp.asarray(low + (largest - low) * (1 - np.cos(np.pi * up)) / 2, jnp.float32)


def adam(state: Any, grads: Parameters, rate: Array, step: Array) -> Any:
    """Return the state after a step of Adam; ``step`` counts from 1."""
    parameters, mean, square = state
    mean = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, mean, grads)
    square = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, square, grads)
    root = jnp.sqrt(1 - BETA_2**step)
    size = rate * root / (1 - BETA_1**step)
    parameters = jax.tree.map(
        lambda p, m, v: p - size * m / (jnp.sqrt(v) + EPSILON * root), parameters, mean, square
    )
    return parameters, mean, square


@partial(jax.jit, static_argnames="smoothing")
def scan_batches(state: Any, x: Array, labels: Array, steps: Any, *, smoothing: float) -> Any:
    """Return the state after all steps; ``steps`` has rows, rate and number of each."""

    def step(state: Any, now: Any) -> tuple[Any, None]:
        rows, rate, number = now
        grads = jax.grad(loss_of)(state[0], x[rows], labels[rows], smoothing)
        return adam(state, grads, rate, number), None

    return jax.lax.scan(step, state, steps)[0]


def train(x: Array, labels: Array, options: argparse.Namespace) -> Parameters:
    """Train with Adam and a one-cycle schedule; return the parameters."""
    rng, batch = np.random.default_rng(options.seed), options.batch_size
    parameters = first_parameters(rng)
    full = len(x) // batch * batch
    orders = [rng.permutation(len(x))[:full].reshape(-1, batch) for _ in range(options.epochs)]
    rows = jnp.asarray(np.concatenate(orders), jnp.int32)
    steps = rows, one_cycle(options.rate, len(rows)), jnp.arange(1.0, len(rows) + 1)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = parameters, zeros, zeros
    return scan_batches(state, x, labels, steps, smoothing=options.smoothing)[0]


def main() -> None:
    """Train, save, and print the test accuracy."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    parameters = train(*read_part(options.folder, "train"), options)
    arrays = [np.asarray(array) for layer in parameters for array in layer]
    np.savez(options.out, *arrays)
    x, labels = read_part(options.folder, "t10k")
    print(float(jnp.mean(logits_of(parameters, x).argmax(axis=1) == labels)))


if __name__ == "__main__":
    main()
