"""What the next steps are made of: rates and factors as the optimizer would compute them."""

import numpy as np
import pytest

from digitus.nn.compiled.arrays.step_plan import plan_steps
from digitus.nn.compiled.optimizers import ADAM, MOMENTUM, NESTEROV
from digitus.nn.compiled.optimizers import SGD as PLAIN
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam

RATES = (0.01, 0.02, 0.03)
ORDER = np.arange(12)[::-1]


def plan(optimizer):
    optimizer.bind(Network(3, [Dense(2)]))
    return plan_steps(optimizer, RATES, order=ORDER, l2=0.5, uniform=np.zeros(0, np.float32))


@pytest.mark.parametrize(
    ("optimizer", "code", "decay"),
    [
        (SGD(), PLAIN, 0.0),
        (SGD(momentum=0.9), MOMENTUM, 0.9),
        (SGD(momentum=0.9, nesterov=True), NESTEROV, 0.9),
        (Adam(beta_1=0.8), ADAM, 0.8),
    ],
)
def test_each_optimizer_has_its_code_and_decay(optimizer, code, decay):
    found = plan(optimizer)
    assert found.optimizer == code
    assert found.decay_1 == np.float32(decay)


def test_rows_are_divided_among_the_steps_and_these_are_counted():
    optimizer = SGD()
    found = plan(optimizer)
    assert found.n_rows == 4
    assert optimizer.n_steps == 3
    np.testing.assert_array_equal(found.order, ORDER)
    np.testing.assert_allclose(found.rates, RATES)
    assert found.l2 == 0.5


def test_adams_rates_and_epsilons_are_those_of_its_steps_one_after_the_other():
    optimizer, other = Adam(weight_decay=0.1), Adam(weight_decay=0.1)
    found = plan(optimizer)
    for step, rate in enumerate(RATES):
        other.n_steps = step + 1
        scaled, epsilon = other.scaled(rate)
        assert found.rates[step] == np.float32(scaled)
        assert found.epsilons[step] == np.float32(epsilon)
        assert found.shrinks[step] == np.float32(1 - 0.1 * rate)
