import numpy as np
import pytest

from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import evaluate
from digitus.nn.fitting.rate_finder import best_rate, find_rate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.optimizers import SGD

ONE_EPOCH = TrainerSettings(n_epochs=1, batch_size=50)


@pytest.fixture
def find(make_network, make_examples):
    def find(network=None, **options):
        network = network or make_network(dropout=0.2)
        options = {"settings": ONE_EPOCH, **options}
        return find_rate(network, make_examples(), make_optimizer=SGD, **options)

    return find


def test_eleven_rates_are_tried_by_default(find):
    assert [rate for rate, _ in find()] == pytest.approx(
        [10 ** (-2.5 + 0.2 * i) for i in range(11)]
    )


def test_the_parameters_are_restored(find, make_network):
    network = make_network(dropout=0.2)
    before = network.parameters.copy()
    find(network)
    np.testing.assert_array_equal(network.parameters, before)


def test_the_parameters_are_restored_after_an_interruption(make_network, make_examples):
    class Interrupted(SGD):
        def step(self, rate):
            super().step(rate)
            raise KeyboardInterrupt

    network = make_network()
    before = network.parameters.copy()
    with pytest.raises(KeyboardInterrupt):
        find_rate(network, make_examples(), make_optimizer=Interrupted, settings=ONE_EPOCH)
    np.testing.assert_array_equal(network.parameters, before)


def test_each_loss_is_that_of_a_run_at_this_rate_alone(find, make_network, make_examples):
    network, rows = make_network(), make_examples()
    Trainer(network, rows, optimizer=SGD(), schedule=0.1, settings=ONE_EPOCH).run()
    assert find(make_network(), rates=[1.0, 0.1])[1] == (0.1, evaluate(network, rows)[0])


@pytest.mark.parametrize("rate", [1e20, 1e38])
def test_a_rate_that_diverges_has_an_infinite_loss(find, rate):
    table = find(rates=[0.1, rate], settings=TrainerSettings(n_epochs=3, batch_size=50))
    assert table[0][1] < 2
    assert table[1] == (rate, float("inf"))


def test_a_rate_that_diverges_in_the_last_step_has_an_infinite_loss(find):
    table = find(rates=[1e37], settings=TrainerSettings(n_epochs=1, batch_size=None))
    assert table == [(1e37, float("inf"))]


def test_the_best_rate_has_the_lowest_loss():
    assert best_rate([(0.1, 2.0), (0.2, 1.0), (0.4, float("inf"))]) == 0.2


def test_there_is_no_best_rate_when_all_diverge():
    with pytest.raises(DivergenceError, match="every rate"):
        best_rate([(1.0, float("inf")), (2.0, float("inf"))])
