"""Lessons in reading strings: their truth is the truth, and right ranges are right."""

import numpy as np
import pytest

from digitus.data import Samples
from digitus.models.line_image_format import N_CLASSES
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.arcs import find_arcs
from digitus.reader.sequence.cuts import cut_components
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer
from digitus.synthesis.pen.pen_drawings import pen_patches
from digitus.training.sequence.arc_truth import right_ranges
from digitus.training.sequence.training_lines import Lesson, make_lesson


@pytest.fixture(scope="module")
def samples():
    patches, labels = pen_patches(40, np.random.default_rng(0))
    pixels = np.rint(255 * patches).astype(np.uint8).reshape(len(patches), -1)
    return Samples(pixels, labels, "pen")


def test_the_layers_of_a_lesson_make_its_ink(samples):
    for seed in range(8):
        lesson = make_lesson(samples, np.random.default_rng(seed))
        assert (lesson.layers.max(axis=0) == lesson.run.ink).all()
        assert len(lesson.classes) == len(lesson.layers)
        assert (lesson.classes < N_CLASSES).all()


def test_the_same_seed_gives_the_same_lesson(samples):
    one, other = (make_lesson(samples, np.random.default_rng(3)) for _ in range(2))
    assert (one.run.ink == other.run.ink).all()


def two_that_touch():
    """An upright bar, and beside it one with an arm that reaches it."""
    layers = np.zeros((2, 40, 44), np.float32)
    layers[0, 5:35, 10:14] = 1
    layers[1, 5:35, 26:30] = 1
    layers[1, 18:22, 14:26] = 1
    return Lesson(LineImage(layers.max(axis=0), 0, 0, 30.0), layers, np.array([1, 7]))


def ranges_of(lesson):
    parts = find_line_components(lesson.run)
    (cuts,) = cut_components([parts], [np.ones(len(parts), bool)])
    (seen,) = shipped_sequence_recognizer().recognize([lesson.run])
    candidates = find_arcs(parts, cuts, np.zeros(len(parts), bool), seen)
    return candidates.ranges, right_ranges(lesson, candidates.ranges)


def test_a_range_with_all_of_two_things_is_right_as_neither():
    candidates, right = ranges_of(two_that_touch())
    whole = candidates.is_uncut()
    assert whole.sum() == 1
    assert not right[whole].any()


def test_cuts_between_two_things_make_each_right():
    _, right = ranges_of(two_that_touch())
    assert right[:, 1].any()
    assert right[:, 7].any()
