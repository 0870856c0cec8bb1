"""What a span of a strip reads, against counting all of its paths."""

from itertools import product

import numpy as np
import pytest

from digitus.reader.sequence.spans import LONGEST, read_spans

K = 2  # classes; the blank is the third


@pytest.fixture
def likely():
    return np.random.default_rng(3).dirichlet(np.ones(K + 1), size=6)


def counted(likely, first, last, one):
    """Sum over the paths of a span that start afresh and read one class; None reads nothing."""
    total = 0.0
    for path in product(range(K + 1), repeat=last - first):
        kept = [kind for i, kind in enumerate(path) if i == 0 or kind != path[i - 1]]
        kept = [kind for kind in kept if kind != K]
        if kept != ([] if one is None else [one]):
            continue
        weight = np.prod([likely[first + i, kind] for i, kind in enumerate(path)])
        goes_on = first > 0 and path[:1] == (one,)
        total += weight * (1 - likely[first - 1, one] if goes_on else 1)
    return total


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 6), (2, 5), (5, 6), (3, 3)])
def test_a_span_sums_over_the_paths_that_read_one_thing(likely, first, last):
    found = read_spans(likely, np.array([first]), np.array([last]))[0]
    wanted = [counted(likely, first, last, one) for one in (*range(K), None)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_what_was_seen_right_before_a_span_does_not_count_again():
    likely = np.tile([0.98, 0.01, 0.01], (4, 1))
    found = read_spans(likely, np.array([0, 2]), np.array([2, 4]))
    assert found[0, 0] > 0.9
    assert found[1, 0] < 0.05


def test_a_span_too_long_for_one_thing_reads_none_of_it():
    likely = np.tile([0.0, 0.0, 1.0], (LONGEST + 5, 1))
    assert (read_spans(likely, np.array([0]), np.array([LONGEST + 1])) == 0).all()
