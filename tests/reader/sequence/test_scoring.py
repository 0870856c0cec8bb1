"""Scoring: which components are cut, which are classified, and by whom."""

import numpy as np
import pytest

from digitus.models import Classification
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import classify_ranges, lattice_of, score_arcs
from digitus.reader.sequence.sequence_recognizer import SequenceOutput, shipped_sequence_recognizer


class Sevens:
    """A model that takes every patch for a 7, and counts the patches."""

    digit_threshold = 0.0

    def __init__(self):
        self.calls = []

    def classify(self, pixels):
        self.calls.append(len(pixels))
        probabilities = np.tile(np.eye(10, dtype=np.float32)[7], (len(pixels), 1))
        return Classification(probabilities, np.full(len(pixels), 0.75))


def scored(*images, model=None, outputs=None):
    lines = [find_line_components(image) for image in images]
    outputs = outputs or shipped_sequence_recognizer().recognize(images)
    return score_arcs(model or Sevens(), lines, outputs)


def output_that_reads(digit, *, places):
    """Output of a network that reads one digit with certainty in the middle of a line."""
    probabilities = np.zeros((places, N_CLASSES + 1))
    probabilities[:, N_CLASSES] = 1
    probabilities[places // 2] = np.eye(N_CLASSES + 1)[digit]
    return SequenceOutput(probabilities, 1.0)


@pytest.fixture
def eight(line_image, write_digits):
    """One wide digit."""
    return line_image(write_digits("8", gap=0.2, seed=2).ink)


def test_a_component_that_certainly_is_one_digit_is_not_cut(eight):
    (sure,) = scored(eight, outputs=[output_that_reads(8, places=30)])
    assert len(sure.arcs.nodes) == 2
    assert len(sure.arcs.start) == 1


def test_a_component_that_the_network_does_not_read_as_one_digit_is_cut(eight):
    blank = np.zeros((30, N_CLASSES + 1))
    blank[:, N_CLASSES] = 1
    (doubtful,) = scored(eight, outputs=[SequenceOutput(blank, 1.0)])
    assert len(doubtful.arcs.nodes) > 2


def test_a_narrow_stroke_is_never_cut(line_image, bars):
    (line,) = scored(line_image(bars(2)))
    assert len(line.arcs.nodes) == 2


def test_the_model_classifies_whole_components_of_all_lines_in_one_call(line_image, bars):
    model = Sevens()
    lines = scored(line_image(bars(2, 30)), line_image(bars(2, 30, 60)), model=model)
    assert len(model.calls) == 1
    assert model.calls[0] >= 5
    assert [(line.probabilities.p_digit > 0).any() for line in lines] == [True, True]


def test_what_was_cut_is_not_classified(line_image, write_digits):
    (line,) = scored(line_image(write_digits("38", gap=None, seed=4).ink))
    uncut = line.arcs.ranges.is_uncut()[line.arcs.range]
    assert (~uncut).any()
    assert (line.probabilities.p_digit[~uncut] == 0).all()
    np.testing.assert_allclose(line.probabilities.classifier[~uncut], 0.1)


def test_each_line_gets_its_own_classifications(line_image, bars):
    class Counting(Sevens):
        def classify(self, pixels):
            share = np.arange(1, len(pixels) + 1) / 10
            return Classification(np.full((len(pixels), 10), 0.1), share)

    lines = scored(line_image(bars(2, 40)), line_image(bars(2, 40)))
    ranges = [line.arcs.ranges for line in lines]
    first, second = classify_ranges(Counting(), ranges)
    known = int((first.p_digit > 0).sum())
    assert first.p_digit[first.p_digit > 0].tolist() == [n / 10 for n in range(1, known + 1)]
    assert second.p_digit.max() == pytest.approx(2 * known / 10)


def test_a_component_that_is_certainly_not_a_digit_still_counts_as_classified(line_image, bars):
    class NoDigits(Sevens):
        def classify(self, pixels):
            return Classification(np.full((len(pixels), 10), 0.1), np.zeros(len(pixels)))

    (line,) = scored(line_image(bars(2)), model=NoDigits())
    assert 0 < line.probabilities.p_digit.max() < 1e-300


def test_a_dot_is_too_small_to_be_classified(line_image):
    ink = np.zeros((32, 20), np.float32)
    ink[24:29, 4:9] = 1
    model = Sevens()
    (line,) = scored(line_image(ink), model=model)
    assert model.calls == []
    assert line.probabilities.p_digit.tolist() == [0.0]


def test_the_joined_lattice_has_the_arcs_and_nodes_of_every_line(line_image, bars):
    lines = scored(line_image(bars(2, 30)), line_image(bars(2)))
    lattice = lattice_of(lines)
    assert len(lattice.start) == sum(len(line.arcs.start) for line in lines)
    assert len(lattice.level) == sum(len(line.arcs.nodes) for line in lines)
