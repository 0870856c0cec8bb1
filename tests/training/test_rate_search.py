"""The search for a learning rate."""

import numpy as np
import pytest

from digitus.training import find_rates


def test_eleven_rates_are_tried_a_fifth_of_a_decade_apart(data, quick):
    rates = [rate for rate, _ in find_rates(quick(optimizer="sgd"), data)]
    np.testing.assert_allclose(np.log10(rates), np.linspace(-2.5, -0.5, 11))


def test_the_same_config_gives_the_same_losses(data, quick):
    config = quick(optimizer="sgd")
    assert find_rates(config, data) == find_rates(config, data)


def test_a_trial_is_one_epoch_however_many_are_configured(data, quick):
    assert find_rates(quick(epochs=1), data) == find_rates(quick(epochs=9), data)


@pytest.mark.parametrize("hidden", [(), (8, 8)])
def test_every_loss_is_a_number(data, quick, hidden):
    assert not np.isnan([loss for _, loss in find_rates(quick(hidden=hidden), data)]).any()
