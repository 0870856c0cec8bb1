"""Loading data sets for commands, and their held-out rows."""

import numpy as np
import pytest

from digitus.cli import loading
from digitus.cli.loading import held_out, load_data
from digitus.data import DataSet, Samples
from digitus.errors import DataError


@pytest.fixture
def numbered():
    """Ten rows whose first pixel is the number of the row."""
    pixels = np.zeros((10, 784), np.uint8)
    pixels[:, 0] = range(10)
    return DataSet("ten", Samples(pixels, np.arange(10), "ten"), None)


def test_a_data_set_is_loaded_from_its_path(drawn):
    data = load_data(str(drawn), offline=True)
    assert (len(data.train), len(data.test)) == (200, 60)


def test_without_a_seed_the_last_rows_are_held_out(numbered):
    assert held_out(numbered, 3).pixels[:, 0].tolist() == [7, 8, 9]


def test_with_a_seed_the_held_out_rows_are_random_and_reproducible(numbered):
    rows = held_out(numbered, 3, seed=1).pixels[:, 0].tolist()
    assert rows == held_out(numbered, 3, seed=1).pixels[:, 0].tolist()
    assert rows != [7, 8, 9]


def test_holding_out_all_rows_is_an_error_that_names_both_numbers(numbered):
    with pytest.raises(DataError, match="ten: 10 training rows, but 10 are to be held out"):
        held_out(numbered, 10)


def test_ctrl_c_while_loading_interrupts_after_the_load(drawn, monkeypatch):
    class Pressed:
        wanted = True

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(loading, "interruptible", Pressed)
    with pytest.raises(KeyboardInterrupt):
        load_data(str(drawn), offline=True)
