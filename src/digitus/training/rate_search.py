"""Trying learning rates for a config."""

from dataclasses import replace

from threadpoolctl import threadpool_limits

from digitus.data import DataSet
from digitus.models.config import TrainingConfig, build_network, make_optimizer, make_settings
from digitus.nn.fitting.rate_finder import find_rate
from digitus.training.training_rows import prepare_rows


def find_rates(config: TrainingConfig, data: DataSet) -> list[tuple[float, float]]:
    """Return (rate, loss after one epoch) for S0's rates 10^-2.5 ... 10^-0.5, from one start."""
    rows = prepare_rows(config, data)
    with threadpool_limits(config.threads, user_api="blas"):
        return find_rate(
            build_network(config, n_inputs=rows.train.x.shape[1]),
            rows.train,
            make_optimizer=lambda: make_optimizer(config),
            settings=replace(make_settings(config), n_epochs=1),
        )
