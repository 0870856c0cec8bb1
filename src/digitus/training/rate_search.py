"""Search for a learning rate: one epoch at each of several rates, from the same first weights."""

from dataclasses import replace

from threadpoolctl import threadpool_limits

from digitus.data import DataSet
from digitus.models.config import TrainingConfig, build_network, make_optimizer, make_settings
from digitus.nn.fitting.rate_finder import find_rate
from digitus.training.training_rows import prepare_rows


def find_rates(config: TrainingConfig, data: DataSet) -> list[tuple[float, float]]:
    """Return pairs of rate and loss after one epoch, for S0's rates 10^-2.5 to 10^-0.5.

    Args:
        config: of the network and its training; its own rate is not used.
        data: with labelled training rows.
    """
    rows = prepare_rows(config, data)
    with threadpool_limits(config.threads, user_api="blas"):
        return find_rate(
            build_network(config, n_inputs=rows.train.x.shape[1]),
            rows.train,
            make_optimizer=lambda: make_optimizer(config),
            settings=replace(make_settings(config), n_epochs=1),
        )
