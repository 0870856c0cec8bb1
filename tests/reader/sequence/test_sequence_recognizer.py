"""The sequence recognizer: scaled input, windows that leave no trace, and spans of places."""

from itertools import product

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import DIGIT_PX, N_CLASSES, ROWS
from digitus.models.sequence.line_input import LINE_INPUT, line_input
from digitus.models.sequence.sequence_network import STEP_PX, sequence_network
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.sequence_recognizer import (
    PARAMETERS,
    SequenceRecognizer,
    shipped_sequence_recognizer,
    span_probabilities,
)

K = 2
"""Classes of the spans; the blank is the third."""


def image_of(ink, height):
    return LineImage(np.asarray(ink, np.float32), 0, 0, float(height))


def test_the_output_along_a_long_line_does_not_depend_on_where_it_is_divided():
    rng = np.random.default_rng(0)
    network = sequence_network(64, N_CLASSES)
    network.initialize(rng)
    recognizer = SequenceRecognizer(network.parameters)
    cols = 2 * PARAMETERS.widths[-1] + 90
    image = image_of((rng.random((ROWS - 2, cols)) > 0.7).astype(np.float32), DIGIT_PX)
    (output,) = recognizer.recognize([image])
    scaled, _ = line_input(image.ink, image.height_px)
    padded = np.pad(scaled, ((0, 0), (0, 64 + scaled.shape[1] % 2)))
    wide = sequence_network(padded.shape[1], N_CLASSES, parameters=network.parameters)
    wanted = wide.probabilities(padded.reshape(1, -1)).reshape(-1, N_CLASSES + 1)
    found = output.probabilities
    assert len(found) == -(-scaled.shape[1] // STEP_PX)
    np.testing.assert_allclose(found, wanted[: len(found)], atol=1e-4)


def test_a_column_of_the_line_image_has_its_place():
    (output,) = shipped_sequence_recognizer().recognize([image_of(np.ones((22, 100)), 22)])
    margin = LINE_INPUT.margin_px
    assert output.places(np.array([0.0, 50.0])).tolist() == [
        margin // STEP_PX,
        (margin + 50) // STEP_PX,
    ]
    assert output.places(np.array([1e9]))[0] == len(output.probabilities)


def test_only_a_doubtful_line_image_has_further_views():
    blank = image_of(np.zeros((20, 60)), 20)
    scribble = image_of(np.random.default_rng(1).random((30, 90)) > 0.6, 25)
    sure, doubtful = shipped_sequence_recognizer().recognize([blank, scribble])
    assert sure.views == ()
    assert len(doubtful.views) == 2
    narrow, wide = map(len, doubtful.views)
    assert narrow < len(doubtful.probabilities) < wide


@pytest.fixture
def probabilities():
    return np.random.default_rng(3).dirichlet(np.ones(K + 1), size=6)


def enumerated(probabilities, first, last, one):
    """Sum over the paths of a span that read one class, or nothing if it is None."""
    total = 0.0
    for path in product(range(K + 1), repeat=last - first):
        kept = [kind for i, kind in enumerate(path) if i == 0 or kind != path[i - 1]]
        kept = [kind for kind in kept if kind != K]
        if kept != ([] if one is None else [one]):
            continue
        weight = np.prod([probabilities[first + i, kind] for i, kind in enumerate(path)])
        continues = first > 0 and path[:1] == (one,)
        total += weight * (1 - probabilities[first - 1, one] if continues else 1)
    return total


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 6), (2, 5), (5, 6), (3, 3)])
def test_a_span_sums_over_the_paths_that_read_one_class(probabilities, first, last):
    found = span_probabilities(probabilities, np.array([first]), np.array([last]))[0]
    wanted = [enumerated(probabilities, first, last, one) for one in (*range(K), None)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_class_that_was_read_right_before_a_span_does_not_count_again():
    probabilities = np.tile([0.98, 0.01, 0.01], (4, 1))
    found = span_probabilities(probabilities, np.array([0, 2]), np.array([2, 4]))
    assert found[0, 0] > 0.9
    assert found[1, 0] < 0.05


def test_a_span_that_is_too_long_for_one_symbol_reads_none():
    longest = PARAMETERS.max_span
    probabilities = np.tile([0.0, 0.0, 1.0], (longest + 5, 1))
    found = span_probabilities(probabilities, np.array([0]), np.array([longest + 1]))
    assert (found == 0).all()
