"""Choose lambda and iterations for S1's network on validation rows; the test set is not read.

The last 10,000 of MNIST's 60,000 training rows validate, the first 50,000 train. There is one
run for each lambda; the validation accuracy is measured every 50 iterations.

    python benchmarks/choose_s1.py [--quick]
"""

import argparse
from dataclasses import replace

from threadpoolctl import threadpool_limits

from digitus.data import load
from digitus.models.config import build_network
from digitus.models.presets import PRESETS
from digitus.nn.fitting.examples import evaluate
from digitus.nn.lbfgs import LBFGSSettings, minimize_lbfgs
from digitus.training.training_rows import prepare_rows

LAMBDAS = (0.1, 1.0, 2.0, 3.0, 5.0, 8.0)
ITERATIONS = 300
EVERY = 50  # iterations from one validation to the next


def main() -> None:
    """Print the validation accuracy by lambda (rows) and iterations (columns)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two lambdas, 100 iterations")
    quick = parser.parse_args().quick
    lambdas, iterations = ((0.1, 3.0), 100) if quick else (LAMBDAS, ITERATIONS)
    config = replace(PRESETS["s1"].config, validation=10_000)
    rows = prepare_rows(config, load())
    print("lambda  " + "".join(f"{n:>9}" for n in range(EVERY, iterations + 1, EVERY)))
    for l2 in lambdas:
        network = build_network(config)
        scores: list[float] = []

        def measure(iteration: int, cost: float, _: int, network=network, scores=scores) -> None:
            if iteration % EVERY == 0 and rows.validation is not None:
                scores.append(evaluate(network, rows.validation)[1])

        settings = LBFGSSettings(l2=l2, max_iterations=iterations)
        minimize_lbfgs(network, rows.train, settings, callback=measure)
        print(f"{l2:>6}  " + "".join(f"{score:>9.2%}" for score in scores), flush=True)


if __name__ == "__main__":
    with threadpool_limits(1, user_api="blas"):  # as `digitus train`; the bits depend on it
        main()
