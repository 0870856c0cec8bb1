"""Posteriors of the arcs of a lattice, against the enumeration of all paths."""

from itertools import product

import numpy as np
import pytest

from digitus.reader.sequence.lattice import Lattice

START = np.array([0, 0, 1, 1, 2, 0])
END = np.array([1, 2, 2, 3, 3, 3])
PATHS = [[0, 2, 4], [0, 3], [1, 4], [5]]


def one_lattice() -> Lattice:
    return Lattice.of([(START, END, 4)])


@pytest.fixture
def scores():
    return np.random.default_rng(0).normal(size=len(START))


def test_the_probability_of_an_arc_is_the_share_of_the_paths_that_take_it(scores):
    weights = np.array([np.exp(scores[path].sum()) for path in PATHS])
    wanted = [
        sum(weight for weight, path in zip(weights, PATHS, strict=True) if arc in path)
        for arc in range(len(START))
    ]
    posterior, total = one_lattice().posteriors(scores)
    assert np.exp(posterior) == pytest.approx(np.array(wanted) / weights.sum())
    assert np.exp(total) == pytest.approx([weights.sum()])


def test_the_arcs_over_any_place_have_probabilities_that_sum_to_one(scores):
    posterior, _ = one_lattice().posteriors(scores)
    for place in (0.5, 1.5, 2.5):
        over = (place > START) & (place < END)
        assert np.exp(posterior[over]).sum() == pytest.approx(1)


def test_joined_lattices_do_not_change_each_other(scores):
    other = np.array([0.3, -0.2])
    both = Lattice.of([(START, END, 4), (np.array([0, 0]), np.array([1, 1]), 2)])
    posterior, total = both.posteriors(np.concatenate([scores, other]))
    alone, alone_total = one_lattice().posteriors(scores)
    assert posterior[: len(scores)] == pytest.approx(alone)
    assert np.exp(posterior[len(scores) :]).sum() == pytest.approx(1)
    assert total[0] == pytest.approx(alone_total[0])


def test_a_lattice_without_a_path_has_no_weight_and_no_likely_arc(scores):
    scores[END == 3] = -np.inf
    posterior, total = one_lattice().posteriors(scores)
    assert total[0] == -np.inf
    assert (posterior == -np.inf).all()


def test_a_forbidden_arc_is_never_taken(scores):
    for arc, path in product(range(len(START)), PATHS):
        if arc in path:
            banned = scores.copy()
            banned[arc] = -np.inf
            assert one_lattice().posteriors(banned)[0][arc] == -np.inf
