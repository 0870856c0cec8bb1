import numpy as np
import pytest

from digitus.nn.feed import Feed
from digitus.nn.optimizers import SGD
from digitus.nn.training import Settings, Trainer


@pytest.fixture
def rows(make_examples):
    return make_examples(n=5000, weighted=True)


@pytest.mark.parametrize("ahead", [False, True], ids=["in turn", "ahead"])
@pytest.mark.parametrize("batch_size", [7, 128, 1024, 3000, 5000])
@pytest.mark.parametrize("first", [0, 1])
def test_the_batches_are_the_rows_in_their_order(rows, ahead, batch_size, first):
    order = np.random.default_rng(0).permutation(len(rows))
    found = [
        (batch.x.copy(), batch.targets.copy(), batch.weights.copy())
        for batch in Feed(rows, batch_size, ahead=ahead).walk(order, first)
    ]
    rest = order[first * batch_size :]
    assert [len(x) for x, _, _ in found[:-1]] == [batch_size] * (len(found) - 1)
    for i, source in enumerate((rows.x, rows.targets, rows.weights)):
        joined = np.concatenate([batch[i] for batch in found]) if found else source[:0]
        np.testing.assert_array_equal(joined, source[rest])


def test_a_walk_that_is_left_early_ends_its_helper(rows):
    feed, order = Feed(rows, 100, ahead=True), np.arange(len(rows))
    walk = feed.walk(order)
    next(walk)
    walk.close()
    again = np.concatenate([batch.x.copy() for batch in feed.walk(order)])
    np.testing.assert_array_equal(again, rows.x)


def test_an_error_while_gathering_ahead_is_heard(rows):
    broken = Feed(rows, 100, ahead=True)
    for buffer in broken._buffers:
        buffer.gather = lambda rows: 1 / 0
    with pytest.raises(ZeroDivisionError):
        list(broken.walk(np.arange(len(rows))))


def test_a_helper_leaves_every_bit_as_it_is(make_network, rows):
    found = []
    for threads in (1, 2):
        network = make_network(dropout=0.2)
        plan = Settings(n_epochs=2, batch_size=64, threads=threads)
        Trainer(network, rows, optimizer=SGD(), settings=plan).run()
        found.append(network.parameters)
    np.testing.assert_array_equal(*found)
