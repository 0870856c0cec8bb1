"""Choose the settings of `mlp --no-augmentation` on validation rows; the test set is not read.

The last 10,000 of MNIST's 60,000 training rows validate, the first 50,000 train; three seeds each.

    python benchmarks/choose_mlp.py [--quick]
"""

import argparse
from dataclasses import replace
from itertools import product
from statistics import mean

from threadpoolctl import threadpool_limits

from digitus.data import load
from digitus.models.config import (
    TrainingConfig,
    build_network,
    make_optimizer,
    make_schedule,
    make_settings,
)
from digitus.nn.fitting.trainer import Trainer
from digitus.training.training_rows import Rows, prepare_rows

START = TrainingConfig(optimizer="adamw", schedule="one_cycle", rate=3e-3, epochs=30, batch_size=64)
DROPOUTS = (0.0, 0.1, 0.15, 0.2)
DECAYS = (0.01, 0.1, 0.3)
SEEDS = (0, 1, 2)


def accuracy(config: TrainingConfig, rows: Rows) -> float:
    """Train; return the last validation accuracy."""
    trainer = Trainer(
        build_network(config),
        rows.train,
        optimizer=make_optimizer(config),
        schedule=make_schedule(config),
        settings=make_settings(config),
        validation=rows.validation,
    )
    return trainer.run()[-1].validation_accuracy or 0.0


def main() -> None:
    """Print mean, lowest and highest validation accuracy of each setting."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two settings, two epochs")
    quick = parser.parse_args().quick
    grid = list(product(DROPOUTS, DECAYS))
    start = replace(START, epochs=2) if quick else START
    rows = prepare_rows(start, load())
    print("dropout  weight decay    mean   lowest  highest")
    for dropout, decay in grid[:2] if quick else grid:
        configs = [replace(start, dropout=dropout, weight_decay=decay, seed=seed) for seed in SEEDS]
        found = [accuracy(config, rows) for config in configs]
        scores = f"{mean(found):>8.2%} {min(found):>8.2%} {max(found):>8.2%}"
        print(f"{dropout:>7}  {decay:>12}{scores}", flush=True)


if __name__ == "__main__":
    with threadpool_limits(1, user_api="blas"):  # as `digitus train`; the bits depend on it
        main()
