import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.nn.fitting.order import RowOrder


@given(st.integers(1, 300), st.integers(0, 2**31))
def test_every_row_occurs_once_per_epoch(n, seed):
    order = RowOrder(n, seed=seed, shuffle=True)
    order.begin_epoch()
    assert sorted(order.rows) == list(range(n))


def test_each_epoch_has_its_own_order():
    order, seen = RowOrder(50, seed=0, shuffle=True), []
    for _ in range(5):
        order.begin_epoch()
        seen.append(tuple(order.rows))
        order.end_epoch()
    assert len(set(seen)) == 5


def test_without_shuffling_the_rows_keep_their_order():
    order = RowOrder(50, seed=0, shuffle=False)
    order.begin_epoch()
    assert order.rows.tolist() == list(range(50))


@pytest.mark.parametrize("shuffle", [True, False])
def test_an_order_restored_within_an_epoch_continues_exactly(shuffle):
    order = RowOrder(20, seed=1, shuffle=shuffle)
    order.begin_epoch()
    order.rng.random(3, dtype=np.float32)  # dropout's masks; an odd number leaves half a word
    state = json.loads(json.dumps(order.state()))
    other = RowOrder(20, seed=99, shuffle=shuffle)
    other.restore(state)
    assert other.rows.tolist() == order.rows.tolist()
    assert (
        other.rng.random(5, dtype=np.float32).tolist()
        == order.rng.random(5, dtype=np.float32).tolist()
    )


def test_an_order_restored_between_epochs_draws_the_same_next_epoch():
    order = RowOrder(20, seed=1, shuffle=True)
    order.begin_epoch()
    order.end_epoch()
    other = RowOrder(20, seed=99, shuffle=True)
    other.restore(json.loads(json.dumps(order.state())))
    order.begin_epoch()
    other.begin_epoch()
    assert other.rows.tolist() == order.rows.tolist()
