"""Microseconds of equivalent NumPy expressions for the operations of a training step.

    python benchmarks/operations.py [--rows N] [--threads N] [--json]

These are the measurements behind the way the layers and losses are written
(docs/explanation/performance.md).
"""

import argparse
import json
from collections.abc import Callable
from time import perf_counter

import contest  # noqa: F401  (must be imported before NumPy)

# isort: split
import numpy as np
from threadpoolctl import threadpool_limits

Variants = dict[str, Callable[[], object]]
ROUNDS, CALLS = 15, 200


def hidden_layer(n: int, rng: np.random.Generator) -> dict[str, Variants]:
    """Return variants of ReLU, its derivative and the sum over rows, on (n, 128)."""
    x = rng.standard_normal((n, 128)).astype(np.float32)
    y, zeros, ones = np.empty_like(x), np.zeros_like(x), np.ones(n, np.float32)
    bias, mask = np.empty(128, np.float32), np.empty(x.shape, bool)
    return {
        "max(x, 0)": {
            "with the number 0": lambda: np.maximum(x, 0, out=y),
            "with an array of zeros": lambda: np.maximum(x, zeros, out=y),
        },
        "derivative of ReLU": {
            "as floats": lambda: np.greater(x, 0, out=y),
            "as booleans": lambda: np.greater(x, 0, out=mask),
        },
        "sum over the rows": {
            "add.reduce": lambda: np.add.reduce(x, axis=0, out=bias),
            "product with ones": lambda: ones.dot(x, out=bias),
        },
    }


def output_layer(n: int, rng: np.random.Generator) -> dict[str, Variants]:
    """Return variants of the softmax reduction and of a small matrix product, on (n, 10)."""
    by_row = rng.standard_normal((n, 10)).astype(np.float32)
    by_class, one = np.asfortranarray(by_row), np.empty((n, 1), np.float32)
    x = rng.standard_normal((n, 64)).astype(np.float32)
    weight, y = rng.standard_normal((64, 10)).astype(np.float32), np.empty((n, 10), np.float32)
    return {
        "largest of each row": {
            "rows contiguous": lambda: np.maximum.reduce(by_row, axis=1, keepdims=True, out=one),
            "columns contiguous": lambda: np.maximum.reduce(
                by_class, axis=1, keepdims=True, out=one
            ),
        },
        "x @ weight, 64 to 10": {
            "np.matmul": lambda: np.matmul(x, weight, out=y),
            "x.dot": lambda: x.dot(weight, out=y),
        },
    }


def microseconds(variant: Callable[[], object]) -> float:
    """Return the duration of a call: the minimum over rounds, as disturbances only add."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = perf_counter()
        for _ in range(CALLS):
            variant()
        best = min(best, perf_counter() - start)
    return best / CALLS * 1e6


def main() -> None:
    """Print the variants of each operation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    groups = {**hidden_layer(options.rows, rng), **output_layer(options.rows, rng)}
    with threadpool_limits(options.threads, user_api="blas"):
        found = {
            what: {name: microseconds(variant) for name, variant in variants.items()}
            for what, variants in groups.items()
        }
    if options.as_json:
        print(json.dumps(found))
        return
    for what, times in found.items():
        text = "   ".join(f"{name} {value:.2f} us" for name, value in times.items())
        print(f"{what:<24}{text}")


if __name__ == "__main__":
    main()
