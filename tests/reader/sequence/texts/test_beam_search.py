"""Beam search: paths that read the same text count together."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from digitus.reader.sequence.texts import beam_search
from digitus.reader.sequence.texts.beam_search import PARAMETERS, align_text, likeliest_texts

NO = -50.0


def steps_of(start, end, scores):
    return readings(start, end, scores)[0].steps


def readings(start, end, scores, posterior=1.0):
    posterior = np.full(np.shape(scores), posterior)
    return likeliest_texts(np.array(start), np.array(end), np.array(scores), posterior)


def collapsed(kinds):
    """A text of classes in which "other", 2, never stands twice in a row."""
    return tuple(k for n, k in enumerate(kinds) if k != 2 or tuple(kinds[n - 1 : n]) != (2,))


def test_two_paths_with_one_text_outweigh_a_heavier_one_with_another():
    start, end = [0, 1, 0, 2, 0], [1, 3, 2, 3, 3]
    scores = [[1.0, NO, NO], [1.0, NO, NO], [1.0, NO, NO], [1.0, NO, NO], [NO, 2.3, NO]]
    assert [kind for _, kind in steps_of(start, end, scores)] == [0, 0]


def test_the_steps_are_those_of_the_best_path_with_that_text():
    scores = [[1.0, NO, NO], [1.0, NO, NO], [1.5, NO, NO], [1.5, NO, NO], [NO, 2.0, NO]]
    assert [arc for arc, _ in steps_of([0, 1, 0, 2, 0], [1, 3, 2, 3, 3], scores)] == [2, 3]


def test_the_first_text_is_the_likeliest_when_every_path_is_enumerated():
    rng = np.random.default_rng(0)
    start, end = [0, 0, 1, 1, 2, 0], [1, 2, 2, 3, 3, 3]
    paths = [[0, 2, 4], [0, 3], [1, 4], [5]]
    for _ in range(20):
        scores = rng.normal(size=(6, 3))
        weights: dict[tuple[int, ...], float] = {}
        for path in paths:
            for kinds in product(range(3), repeat=len(path)):
                score = sum(scores[arc, kind] for arc, kind in zip(path, kinds, strict=True))
                text = collapsed(kinds)
                weights[text] = weights.get(text, 0.0) + np.exp(score)
        text = collapsed([kind for _, kind in steps_of(start, end, scores)])
        assert weights[text] == pytest.approx(max(weights.values()))


def test_other_texts_follow_by_falling_weight_with_their_own_steps():
    scores = [[2.0, 0.0, -9.0], [1.5, 3.0, -9.0]]
    found = readings([0, 1], [1, 2], scores)[:4]
    assert [one.text for one in found] == [(0, 1), (0, 0), (1, 1), (1, 0)]
    assert [one.weight for one in found] == [5.0, 3.5, 3.0, 1.5]
    assert [tuple(kind for _, kind in one.steps) for one in found] == [one.text for one in found]


def test_the_likeliest_texts_are_kept_and_no_more_than_the_beam_is_wide(monkeypatch):
    scores = np.tile([0.0, 1.0, -9.0], (3, 1))
    monkeypatch.setattr(beam_search, "PARAMETERS", replace(PARAMETERS, width=2))
    found = readings([0, 1, 2], [1, 2, 3], scores)
    assert found[0].text == (1, 1, 1)
    assert [one.weight for one in found] == [3.0, 2.0]


def test_unlikely_classes_of_an_arc_are_not_followed():
    posterior = np.array([[0.9, 1e-6, 0.1]])
    found = likeliest_texts(np.array([0]), np.array([1]), np.zeros((1, 3)), posterior)
    assert sorted(one.text for one in found) == [(0,), (2,)]


def test_neighboring_arcs_of_other_symbols_count_as_one():
    found = readings([0, 1, 2], [1, 2, 3], [[NO, NO, 0.0], [NO, NO, 0.0], [0.0, NO, NO]])
    assert found[0].text == (2, 0)


def test_a_text_is_aligned_along_its_best_path_and_weighs_all_of_them():
    start, end = np.array([0, 1, 0, 2, 0]), np.array([1, 3, 2, 3, 3])
    scores = np.array([[1.0, -9, NO], [1, -9, NO], [1.5, -9, NO], [1.5, -9, NO], [2, -9, NO]])
    found = align_text(start, end, scores, (0, 0))
    assert found.steps == [(2, 0), (3, 0)]
    assert found.weight == pytest.approx(np.logaddexp(2.0, 3.0))


def test_a_text_that_no_path_reads_cannot_be_aligned():
    assert align_text(np.array([0, 1]), np.array([1, 2]), np.zeros((2, 3)), (0, 0, 0)) is None


def test_arcs_of_other_symbols_may_lie_anywhere_in_an_aligned_text():
    start, end = np.arange(4), np.arange(1, 5)
    scores = np.full((4, 3), -20.0)
    scores[[0, 1, 2, 3], [2, 0, 2, 1]] = 0
    assert align_text(start, end, scores, (0, 1)).steps == [(0, 2), (1, 0), (2, 2), (3, 1)]
