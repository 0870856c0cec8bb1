"""L-BFGS-B, 70 iterations of 784-100-10 on MNIST: Digitus, scikit-learn and a textbook program.

    python benchmarks/lbfgs.py [--quick] [--json] [--threads N]

The network of S1: sigmoid activations, binary cross-entropy summed over the ten outputs, and
lambda/(2n) times the sum of the squared weights. scikit-learn minimizes the same function if the
targets are an indicator matrix; for labels it would use softmax. All start from the same weights
and stop by the same criteria. scikit-learn computes in the type of its rows and gets them as
float32, like Digitus, and as float64, the type of most data for it; the limit applies to float32.
The textbook program uses float64: cost and gradient in plain NumPy, and scipy.optimize.minimize.

Each runs in its own process, alternating. One float64 function computes the final cost of all; the
exit code is 1 if the costs differ by more than 1 %.
"""

import argparse
import json
import warnings
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

from contest.interleave import Duty, Worker, ask_in_turn, installed

WIDTHS, LAMBDA, TOLERANCE = (784, 100, 10), 0.1, 1e-5
LARGEST_COST_GAP, REQUIRED_RATIO = 0.01, 3.0
OURS, SKLEARN, TEXTBOOK = "Digitus", "scikit-learn", "textbook, float64"
SKLEARN_DOUBLE = "scikit-learn, float64"
Solve = Callable[[int], tuple[Any, int]]


def first_parameters() -> Any:
    """Draw W1 (784, 100), b1, W2 (100, 10), b2 within +-0.15 as one float64 vector, as in S1."""
    import numpy as np

    size = sum((d + 1) * h for d, h in pairwise(WIDTHS))
    drawn = np.random.default_rng(0).uniform(-0.15, 0.15, size)
    return drawn.astype(np.float32).astype(np.float64)


def unpack(parameters: Any) -> list[Any]:
    """Return W1, b1, W2, b2 as views of the vector."""
    arrays, start = [], 0
    for d, h in pairwise(WIDTHS):
        for shape in ((d, h), (h,)):
            stop = start + (d * h if len(shape) == 2 else h)
            arrays.append(parameters[start:stop].reshape(shape))
            start = stop
    return arrays


def load_rows(n: int) -> tuple[Any, Any]:
    """Return the first n training images (n, 784) and their targets (n, 10), float32."""
    import numpy as np

    from digitus.data import load, one_hot

    train = load("mnist").train
    return train.pixels[:n].astype(np.float32) / np.float32(255), one_hot(train.labels[:n])


def make_digitus(n: int) -> Duty:
    """Prepare the L-BFGS-B of Digitus."""
    from digitus.models.config import build_network
    from digitus.models.presets import PRESETS
    from digitus.nn.fitting.examples import Examples
    from digitus.nn.lbfgs import LBFGSSettings, minimize_lbfgs

    rows = Examples(*load_rows(n))
    network = build_network(PRESETS["s1"].config)

    def solve(iterations: int) -> tuple[Any, int]:
        network.parameters[...] = first_parameters()
        settings = LBFGSSettings(l2=LAMBDA, max_iterations=iterations, gradient_tolerance=TOLERANCE)
        found = minimize_lbfgs(network, rows, settings)
        return network.parameters.copy(), found.n_iterations

    return timed(solve)


def make_sklearn(n: int, dtype: str) -> Duty:
    """Prepare scikit-learn's solver, started from the common weights."""
    import numpy as np
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    class FromGivenWeights(MLPClassifier):
        def _init_coef(self, fan_in: int, fan_out: int, dtype: Any) -> tuple[Any, Any]:
            w1, b1, w2, b2 = (array.astype(dtype) for array in unpack(first_parameters()))
            return (w1, b1) if fan_in == WIDTHS[0] else (w2, b2)

    x, targets = load_rows(n)
    x, indicator = x.astype(dtype), targets.astype(np.int64)

    def solve(iterations: int) -> tuple[Any, int]:
        model = FromGivenWeights(
            WIDTHS[1:-1],
            activation="logistic",
            solver="lbfgs",
            alpha=LAMBDA,
            max_iter=iterations,
            tol=TOLERANCE,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping at max_iter is intended
            model.fit(x, indicator)
        layers = zip(model.coefs_, model.intercepts_, strict=True)
        return np.concatenate(
            [np.ravel(array) for layer in layers for array in layer]
        ), model.n_iter_

    return timed(solve)


def make_textbook(n: int) -> Duty:
    """Prepare the textbook program."""
    from scipy.optimize import minimize

    x, targets = (array.astype("float64") for array in load_rows(n))

    def solve(iterations: int) -> tuple[Any, int]:
        found = minimize(
            cost_and_gradient,
            first_parameters(),
            args=(x, targets),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": iterations, "gtol": TOLERANCE},
        )
        return found.x, found.nit

    return timed(solve)


def cost_and_gradient(parameters: Any, x: Any, targets: Any) -> tuple[float, Any]:
    """Return the cost and its gradient (p,), by the textbook's formulas."""
    import numpy as np

    w1, b1, w2, b2 = unpack(parameters)
    hidden = 1 / (1 + np.exp(-(x @ w1 + b1)))
    z = hidden @ w2 + b2
    n = len(x)
    delta_2 = (1 / (1 + np.exp(-z)) - targets) / n
    delta_1 = delta_2 @ w2.T * hidden * (1 - hidden)
    gradients = (
        x.T @ delta_1 + LAMBDA / n * w1,
        delta_1.sum(axis=0),
        hidden.T @ delta_2 + LAMBDA / n * w2,
        delta_2.sum(axis=0),
    )
    cost = np.sum(np.logaddexp(0, z) - targets * z) / n
    penalty = LAMBDA / (2 * n) * (np.sum(w1**2) + np.sum(w2**2))
    return cost + penalty, np.concatenate([np.ravel(gradient) for gradient in gradients])


def timed(solve: Solve) -> Duty:
    """Return a duty that returns seconds, iterations and parameters of a solution."""

    def duty(iterations: int) -> tuple[float, int, Any]:
        start = perf_counter()
        parameters, done = solve(iterations)
        return perf_counter() - start, int(done), parameters

    return duty


def measure(n: int, iterations: int, runs: int, threads: int) -> dict[str, list[Any]]:
    """Run all solvers, alternating."""
    makers: dict[str, tuple[Any, ...]] = {OURS: (make_digitus, n), TEXTBOOK: (make_textbook, n)}
    if installed("sklearn"):
        makers[SKLEARN] = make_sklearn, n, "float32"
        makers[SKLEARN_DOUBLE] = make_sklearn, n, "float64"
    workers = {name: Worker(*making, threads=threads) for name, making in makers.items()}
    try:
        return ask_in_turn(workers, runs, iterations, warm_ups=0)
    finally:
        for worker in workers.values():
            worker.close()


def summarize(answers: dict[str, list[Any]], n: int) -> list[dict[str, Any]]:
    """Return median, ratio to Digitus and final cost of each contestant."""
    x, targets = (array.astype("float64") for array in load_rows(n))
    ours = median(seconds for seconds, _, _ in answers[OURS])
    rows = []
    for name, found in answers.items():
        seconds = median(each for each, _, _ in found)
        cost = float(cost_and_gradient(found[-1][2].astype("float64"), x, targets)[0])
        rows.append(
            {
                "name": name,
                "median_s": seconds,
                "fastest_s": min(each for each, _, _ in found),
                "times_ours": seconds / ours,
                "iterations": found[-1][1],
                "cost": cost,
            }
        )
    return rows


def main() -> None:
    """Print seconds and final cost of each contestant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="12,000 rows, 20 iterations")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    n, iterations, runs = (12_000, 20, 3) if options.quick else (60_000, 70, 3)
    rows = summarize(measure(n, iterations, runs, options.threads), n)
    costs = [row["cost"] for row in rows]
    apart = max(costs) / min(costs) - 1
    if options.as_json:
        facts = {"rows": n, "iterations": iterations, "runs": runs, "threads": options.threads}
        print(json.dumps({**facts, "contestants": rows, "costs_apart": apart}, indent=2))
    else:
        print(f"L-BFGS-B, {n:,} rows, {options.threads} thread(s), {runs} runs each")
        for row in rows:
            limit = f" (at least {REQUIRED_RATIO})" if row["name"] == SKLEARN else ""
            print(
                f"{row['name']:<21} median {row['median_s']:7.2f} s   cost {row['cost']:.6f} after"
                f" {row['iterations']} iterations   {row['times_ours']:5.2f} times ours{limit}"
            )
        print(f"final costs differ by {apart:.3%} (at most {LARGEST_COST_GAP:.0%})")
    if not apart <= LARGEST_COST_GAP:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
