"""Strips: runs at the size that a network has learned, seen whole however long they are."""

import numpy as np
import pytest

from digitus.models.line_image_format import DIGIT_PX, KINDS, ROWS
from digitus.models.sequence_network import STEP_PX, sequence_network
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.sequence_recognizer import (
    MARGIN_PX,
    WIDTHS,
    SequenceRecognizer,
    line_image_of,
    shipped_sequence_recognizer,
)


def run_of(ink, height):
    return LineImage(np.asarray(ink, np.float32), 0, 0, float(height))


@pytest.mark.parametrize("height", [11, 22, 88])
def test_digits_of_any_height_get_the_height_that_was_learned(height):
    ink = np.zeros((2 * height, 3 * height))
    ink[height // 2 : height // 2 + height, height : 2 * height] = 1
    strip, scale = line_image_of(run_of(ink, height))
    rows = np.flatnonzero(strip.max(axis=1) > 0.5)
    assert len(rows) == pytest.approx(DIGIT_PX, abs=1)
    assert abs(rows.mean() - (ROWS - 1) / 2) <= 1
    assert scale == pytest.approx(DIGIT_PX / height, rel=0.05)


def test_ink_higher_than_a_strip_is_made_smaller():
    strip, _ = line_image_of(run_of(np.ones((90, 30)), 20))
    assert strip.shape[0] == ROWS
    assert (strip[[0, -1]] == 0).all()


def test_a_run_without_ink_is_paper():
    strip, _ = line_image_of(run_of(np.zeros((20, 30)), 20))
    assert not strip.any()


def test_what_a_long_strip_shows_does_not_depend_on_where_it_is_cut():
    rng = np.random.default_rng(0)
    network = sequence_network(64, KINDS)
    network.initialize(rng)
    reader = SequenceRecognizer(network.parameters)
    cols = 2 * WIDTHS[-1] + 90
    ink = (rng.random((ROWS - 2, cols)) > 0.7).astype(np.float32)
    run = run_of(ink, DIGIT_PX)
    (seen,) = reader.look([run])
    strip, _ = line_image_of(run)
    whole = np.pad(strip, ((0, 0), (0, 64 + strip.shape[1] % 2)))
    wide = sequence_network(whole.shape[1], KINDS, parameters=network.parameters)
    wanted = wide.probabilities(whole.reshape(1, -1)).reshape(-1, KINDS + 1)
    assert len(seen.likely) == -(-strip.shape[1] // STEP_PX)
    np.testing.assert_allclose(seen.likely, wanted[: len(seen.likely)], atol=1e-4)


def test_a_column_of_the_run_is_found_among_the_places():
    ink = np.ones((22, 100), np.float32)
    (seen,) = shipped_sequence_recognizer().look([run_of(ink, 22)])
    assert seen.places(np.array([0.0, 50.0])).tolist() == [
        MARGIN_PX // STEP_PX,
        (MARGIN_PX + 50) // STEP_PX,
    ]
    assert seen.places(np.array([1e9]))[0] == len(seen.likely)


def test_a_run_that_is_surely_read_is_looked_at_once():
    blank = run_of(np.zeros((20, 60)), 20)
    scrawl = run_of(np.random.default_rng(1).random((30, 90)) > 0.6, 25)
    sure, doubtful = shipped_sequence_recognizer().look([blank, scrawl])
    assert sure.views == ()
    assert len(doubtful.views) == 2
    assert len(doubtful.views[0]) < len(doubtful.likely) < len(doubtful.views[1])
