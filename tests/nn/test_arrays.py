import pickle

import numpy as np

from digitus.nn.arrays import Scratch


def test_fewer_rows_get_a_part_of_the_same_array():
    scratch = Scratch()
    large = scratch.like(np.empty((5, 3)))
    small = scratch.like(np.empty((2, 3)))
    assert small.shape == (2, 3)
    assert np.shares_memory(large, small)


def test_more_rows_get_a_new_array_filled_again():
    scratch = Scratch(fill=1)
    scratch.like(np.empty((2, 3)))
    assert (scratch.like(np.empty((5, 3))) == 1).all()


def test_another_type_gets_a_new_array():
    scratch = Scratch()
    scratch.like(np.empty((2, 3), np.float32))
    assert scratch.like(np.empty((2, 3), np.float64)).dtype == np.float64


def test_a_pickle_has_no_array():
    scratch = Scratch(fill=1)
    scratch.like(np.empty((1000, 1000)))
    copied = pickle.loads(pickle.dumps(scratch))
    assert len(pickle.dumps(scratch)) < 200
    assert (copied.like(np.empty((2, 2))) == 1).all()
