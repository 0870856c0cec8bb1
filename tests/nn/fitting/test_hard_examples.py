import numpy as np
import pytest

from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.hard_examples import misread, train_on_misread
from digitus.nn.fitting.trainer import TrainerSettings
from digitus.nn.optimizers import SGD


@pytest.fixture
def rows(make_examples):
    return make_examples(n=200, noise=0.8)


def train(network, rows):
    settings = TrainerSettings(n_epochs=2, batch_size=10)
    return train_on_misread(network, rows, optimizer=SGD(), schedule=0.05, settings=settings)


def test_the_misread_rows_are_the_brute_force_set(make_network, rows):
    network = make_network()
    brute = []
    for i in range(len(rows)):
        outputs = network.probabilities(rows.x[i])[0].tolist()
        if outputs.index(max(outputs)) != rows.targets[i].tolist().index(1):
            brute.append(i)
    assert 0 < len(brute) < len(rows)
    assert misread(network, rows).tolist() == brute


def test_it_trains_on_the_misread_rows_alone(make_network, rows):
    network, copied = make_network(), make_network()
    hard = misread(network, rows)
    train(network, rows)
    train(copied, Examples(rows.x[hard], rows.targets[hard]))
    np.testing.assert_array_equal(network.parameters, copied.parameters)


def test_the_number_of_misread_rows_and_the_history_are_returned(make_network, rows):
    network = make_network()
    expected = len(misread(network, rows))
    count, history = train(network, rows)
    assert (count, len(history)) == (expected, 2)


def test_row_weights_are_used(make_network, make_examples):
    rows = make_examples(n=200, noise=0.8, weighted=True)
    plain, weighted = make_network(), make_network()
    train(plain, Examples(rows.x, rows.targets))
    train(weighted, rows)
    assert not np.array_equal(plain.parameters, weighted.parameters)


def test_nothing_is_trained_when_every_row_is_read_right(make_network, rows):
    network = make_network()
    before = network.parameters.copy()
    right = np.setdiff1d(np.arange(len(rows)), misread(network, rows))
    count, history = train(network, Examples(rows.x[right], rows.targets[right]))
    assert (count, len(history)) == (0, 0)
    np.testing.assert_array_equal(network.parameters, before)
