import numpy as np

from digitus.nn.activations import ReLU
from digitus.nn.layers import Dense, InputBias
from digitus.nn.storage import Storage


def test_the_arrays_lie_one_behind_the_other_without_a_gap():
    storage = Storage(4, [InputBias(), Dense(3), ReLU(), Dense(2)], np.float32)
    spans = [(place.start, place.start + np.prod(place.shape)) for place in storage.places]
    assert spans == [(0, 4), (4, 16), (16, 19), (19, 25), (25, 27)]
    assert storage.parameters.shape == storage.gradient.shape == (27,)


def test_each_layers_output_width_is_kept():
    assert Storage(4, [InputBias(), Dense(3), ReLU(), Dense(2)], np.float32).widths == [4, 3, 3, 2]


def test_a_place_gives_a_view_not_a_copy():
    storage = Storage(2, [Dense(2)], np.float64)
    storage.places[0].view(storage.parameters)[1, 0] = 5
    assert storage.parameters.tolist() == [0, 0, 5, 0, 0, 0]
