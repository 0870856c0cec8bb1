"""Trying learning rates for a plan."""

from dataclasses import replace

from threadpoolctl import threadpool_limits

from digitus.data import DataSet
from digitus.models.config import Plan, build_network, make_optimizer, make_settings
from digitus.nn.fitting.rate_finder import find_rate
from digitus.training.training_rows import prepare_rows


def find_rates(plan: Plan, data: DataSet) -> list[tuple[float, float]]:
    """Give (rate, loss after one epoch) for S0's rates 10^-2.5 ... 10^-0.5, from one start."""
    rows = prepare_rows(plan, data)
    with threadpool_limits(plan.threads, user_api="blas"):
        return find_rate(
            build_network(plan, n_inputs=rows.train.x.shape[1]),
            rows.train,
            make_optimizer=lambda: make_optimizer(plan),
            settings=replace(make_settings(plan), n_epochs=1),
        )
