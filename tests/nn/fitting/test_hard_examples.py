from dataclasses import replace

import numpy as np
import pytest

from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.hard_examples import misread, train_on_misread
from digitus.nn.fitting.trainer import TrainerSettings
from digitus.nn.optimizers import SGD


@pytest.fixture
def rows(make_examples):
    return make_examples(n=200, noise=0.8)


def train(network, rows, rounds, **changes):
    return train_on_misread(
        network,
        rows,
        rounds=rounds,
        make_optimizer=SGD,
        schedule=0.05,
        settings=replace(TrainerSettings(n_epochs=2, batch_size=10), **changes),
    )


def test_the_misread_rows_are_the_brute_force_set(make_network, rows):
    network = make_network()
    brute = []
    for i in range(len(rows)):
        outputs = network.probabilities(rows.x[i])[0].tolist()
        if outputs.index(max(outputs)) != rows.targets[i].tolist().index(1):
            brute.append(i)
    assert 0 < len(brute) < len(rows)
    assert misread(network, rows).tolist() == brute


def test_a_round_trains_on_the_misread_rows_alone(make_network, rows):
    network, copied = make_network(), make_network()
    hard = misread(network, rows)
    train(network, rows, 1)
    train(copied, Examples(rows.x[hard], rows.targets[hard]), 1)
    np.testing.assert_array_equal(network.parameters, copied.parameters)


def test_each_round_searches_again_and_returns_the_count(make_network, rows):
    network = make_network()
    first = len(misread(network, rows))
    rounds = train(network, rows, 3)
    assert rounds[0][0] == first
    assert [len(history) for _, history in rounds] == [2] * len(rounds)


def test_row_weights_are_used(make_network, make_examples):
    rows = make_examples(n=200, noise=0.8, weighted=True)
    plain, weighted = make_network(), make_network()
    train(plain, Examples(rows.x, rows.targets), 1)
    train(weighted, rows, 1)
    assert not np.array_equal(plain.parameters, weighted.parameters)


def test_rounds_end_when_nothing_is_misread(make_network, rows):
    network = make_network()
    right = np.setdiff1d(np.arange(len(rows)), misread(network, rows))
    assert train(network, Examples(rows.x[right], rows.targets[right]), 3) == []
