from itertools import product

import numpy as np
import pytest
from scipy.special import softmax

from digitus.nn.ctc import (
    ConnectionistTemporalClassification,
    best_paths,
    count_probabilities,
    log_probabilities,
)
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.gradient_check import check_gradient
from digitus.nn.layers import Dense
from digitus.nn.losses import LossWork
from digitus.nn.network import Network
from digitus.nn.optimizers import Adam

T, K = 5, 4  # places; classes with the blank
TEXTS = np.array([[0, 1, 2], [1, 1, -1], [2, -1, -1], [-1, -1, -1], [0, 1, 0]], float)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def read(path):
    """The text of a path by definition."""
    kept = [one for i, one in enumerate(path) if i == 0 or one != path[i - 1]]
    return [one for one in kept if one != K - 1]


def summed_over_all_paths(logits, text):
    y = softmax(logits.reshape(T, K), axis=1)
    paths = (path for path in product(range(K), repeat=T) if read(path) == text)
    return sum(np.prod([y[place, one] for place, one in enumerate(path)]) for path in paths)


def test_the_loss_is_that_of_the_sum_over_all_paths(rng):
    loss = ConnectionistTemporalClassification(K, 3)
    logits = rng.normal(size=(len(TEXTS), T * K))
    work = LossWork(len(TEXTS), T * K, np.dtype(float))
    found = loss.value_and_gradient(logits, TEXTS, work)
    texts = [row[row >= 0].astype(int).tolist() for row in TEXTS]
    wanted = [summed_over_all_paths(*pair) for pair in zip(logits, texts, strict=True)]
    assert found == pytest.approx(-np.log(wanted).mean(), rel=1e-12)


def test_texts_of_one_sequence_have_the_probabilities_of_the_loss(rng):
    logits = rng.normal(size=T * K)
    texts = [[0, 1], [2], [], [1, 1]]
    found = log_probabilities(softmax(logits.reshape(T, K), axis=1), texts)
    wanted = [np.log(summed_over_all_paths(logits, text)) for text in texts]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_counts_have_the_probabilities_of_all_texts_with_so_many_classes(rng):
    y = softmax(rng.normal(size=(T, K)), axis=1)
    wanted = np.zeros(3)
    for path in product(range(K), repeat=T):
        n = sum(one < 2 for one in read(path))  # the classes 0 and 1 count, 2 does not
        wanted[min(n, 2)] += np.prod([y[place, one] for place, one in enumerate(path)])
    np.testing.assert_allclose(count_probabilities(y, 2, 2), wanted, rtol=1e-12)


def test_the_gradient_agrees_with_measured_slopes(rng):
    network = Network(
        6,
        [Dense(T * K)],
        loss=ConnectionistTemporalClassification(K, 3),
        dtype=np.float64,
        rng=rng,
    )
    assert check_gradient(network, Examples(rng.normal(size=(5, 6)), TEXTS)).worst < 1e-6


def test_a_text_longer_than_its_sequence_has_a_finite_loss_and_gradient():
    loss = ConnectionistTemporalClassification(2, 4)
    work = LossWork(1, 2 * 2, np.dtype(float))
    value = loss.value_and_gradient(np.zeros((1, 4)), np.zeros((1, 4)), work)
    assert np.isfinite(value)
    assert value > 20
    assert np.isfinite(work.grad).all()


def test_a_thousand_time_steps_do_not_underflow():
    loss = ConnectionistTemporalClassification(3, 1)
    logits = np.tile([0.0, -50.0, 0.0], 1000)[None]
    work = LossWork(1, 3000, np.dtype(float))
    value = loss.value_and_gradient(logits, np.array([[0.0]]), work)
    # 1000 * 1001 / 2 paths, class 0 repeated between blanks, each of probability 2 ** -1000
    assert value == pytest.approx(1000 * np.log(2) - np.log(1000 * 1001 / 2), rel=1e-9)


def test_best_path_decoding_merges_and_drops_blanks(rng):
    logits = rng.normal(size=(50, T, K))
    assert best_paths(logits) == [read(one.argmax(axis=1).tolist()) for one in logits]


def test_the_probabilities_of_every_time_step_sum_to_one(rng):
    logits = 50 * rng.normal(size=(3, T * K))
    ConnectionistTemporalClassification(K, 3).probabilities(logits, logits)
    np.testing.assert_allclose(logits.reshape(3, T, K).sum(axis=2), 1)


def test_it_learns_positions_from_texts_alone(rng):
    texts = rng.integers(0, K - 1, (200, 2)).astype(float)
    x = np.zeros((200, 2 * T), float)
    places = np.sort(rng.permuted(np.tile(np.arange(T), (200, 1)), axis=1)[:, :2], axis=1)
    apart = places[:, 1] - places[:, 0] > 1  # between two of a kind there must be room
    for row in range(200):
        for place, one in zip(places[row], texts[row], strict=True):
            x[row, 2 * place : 2 * place + 2] = np.array([[1, 0], [0, 1], [1, 1]])[int(one)]
    loss = ConnectionistTemporalClassification(K, 2)
    network = Network(2 * T, [Dense(T * K)], loss=loss, dtype=np.float64, rng=rng)
    examples = Examples(x[apart], texts[apart])
    Trainer(
        network, examples, optimizer=Adam(), schedule=0.05, settings=TrainerSettings(n_epochs=60)
    ).run()
    assert evaluate(network, examples)[1] > 0.95


@pytest.mark.parametrize(("classes", "longest"), [(1, 3), (3, 0)])
def test_sizes_without_classes_or_text_are_refused(classes, longest):
    with pytest.raises(ValueError, match="2 classes or more"):
        ConnectionistTemporalClassification(classes, longest)
