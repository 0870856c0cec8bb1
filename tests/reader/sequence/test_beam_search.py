"""The likeliest text: ways that read alike count together."""

from itertools import product

import numpy as np
import pytest

from digitus.reader.sequence.beam_search import aligned, likeliest

ALWAYS = 1.0


def read(start, end, scores):
    return readings(start, end, scores)[0].steps


def readings(start, end, scores):
    return likeliest(
        np.array(start), np.array(end), np.array(scores), np.full(np.shape(scores), ALWAYS)
    )


def test_two_ways_with_one_text_outweigh_a_heavier_one_with_another():
    no = -50.0
    start, end = [0, 1, 0, 2, 0], [1, 3, 2, 3, 3]
    scores = [[1.0, no, no], [1.0, no, no], [1.0, no, no], [1.0, no, no], [no, 2.3, no]]
    assert [kind for _, kind in read(start, end, scores)] == [0, 0]


def test_the_steps_are_those_of_the_best_way_with_that_text():
    no = -50.0
    scores = [[1.0, no, no], [1.0, no, no], [1.5, no, no], [1.5, no, no], [no, 2.0, no]]
    assert [arc for arc, _ in read([0, 1, 0, 2, 0], [1, 3, 2, 3, 3], scores)] == [2, 3]


def test_the_text_is_the_likeliest_of_all_when_every_way_is_counted():
    rng = np.random.default_rng(0)
    start, end = [0, 0, 1, 1, 2, 0], [1, 2, 2, 3, 3, 3]
    ways = [[0, 2, 4], [0, 3], [1, 4], [5]]
    for _ in range(20):
        scores = rng.normal(size=(6, 3))
        weights: dict[tuple[int, ...], float] = {}
        for way in ways:
            for kinds in product(range(3), repeat=len(way)):
                text = tuple(k for n, k in enumerate(kinds) if k != 2 or kinds[n - 1 : n] != (2,))
                weight = np.exp(
                    sum(scores[arc, kind] for arc, kind in zip(way, kinds, strict=True))
                )
                weights[text] = weights.get(text, 0.0) + weight
        found = [kind for _, kind in read(start, end, scores)]
        text = tuple(k for n, k in enumerate(found) if k != 2 or tuple(found[n - 1 : n]) != (2,))
        assert weights[text] == pytest.approx(max(weights.values()))


def test_other_texts_follow_with_falling_weights_and_ways_of_their_own():
    scores = [[2.0, 0.0, -9.0], [1.5, 3.0, -9.0]]
    found = readings([0, 1], [1, 2], scores)
    assert [one.text for one in found[:4]] == [(0, 1), (0, 0), (1, 1), (1, 0)]
    assert [one.weight for one in found[:4]] == [5.0, 3.5, 3.0, 1.5]
    assert [tuple(kind for _, kind in one.steps) for one in found[:4]] == [
        one.text for one in found[:4]
    ]


def test_a_text_is_aligned_along_its_best_way_and_weighs_all_of_them():
    start, end = np.array([0, 1, 0, 2, 0]), np.array([1, 3, 2, 3, 3])
    scores = np.array([[1.0, -9, -50], [1, -9, -50], [1.5, -9, -50], [1.5, -9, -50], [2, -9, -50]])
    found = aligned(start, end, scores, (0, 0))
    assert found.steps == [(2, 0), (3, 0)]
    assert found.weight == pytest.approx(np.logaddexp(2.0, 3.0))
    assert aligned(start, end, scores, (0, 0, 0)) is None


def test_silent_arcs_lie_anywhere_in_an_aligned_text():
    start, end = np.arange(4), np.arange(1, 5)
    scores = np.full((4, 3), -20.0)
    scores[[0, 1, 2, 3], [2, 0, 2, 1]] = 0
    assert aligned(start, end, scores, (0, 1)).steps == [(0, 2), (1, 0), (2, 2), (3, 1)]
