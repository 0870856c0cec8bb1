"""Writing is divided into its components and at columns with little ink."""

import cv2
import numpy as np
import pytest

from digitus.models.model import Classification
from digitus.recognizer.split_evidence import (
    SPLIT,
    WritingShape,
    may_be_several,
    shape_of,
    split_confidence,
)


class Ring:
    """Takes a patch for a zero if its middle is bare and surrounded by ink."""

    digit_threshold = 0.5

    def classify(self, pixels):
        patches = pixels.reshape(-1, 28, 28)
        bare = patches[:, 13:15, 13:15].mean(axis=(1, 2)) < 20
        sides = patches[:, 13:15].max(axis=1)
        around = (sides[:, :13].max(axis=1) > 128) & (sides[:, 15:].max(axis=1) > 128)
        p_digit = np.where(bare & around, 0.9, 0.05)
        return Classification(np.tile(np.eye(10)[0], (len(patches), 1)), p_digit)


def rings(*centers, cols=200):
    ink = np.zeros((100, cols), np.float32)
    for center in centers:
        cv2.ellipse(ink, (center, 50), (22, 36), 0, 0, 360, 1.0, 8)
    return ink


def test_one_component_is_not_listed_and_two_are():
    assert shape_of(rings(50)).components == []
    shape = shape_of(rings(50, 140))
    assert [one.shape for one in shape.components] == [(81, 53), (81, 53)]
    assert shape.aspect == pytest.approx(143 / 81)


def test_a_dot_is_no_component_of_a_digits_size():
    ink = rings(50)
    cv2.circle(ink, (100, 80), 6, 1.0, -1)
    assert shape_of(ink).components == []


def test_two_digits_apart_are_found_among_components():
    assert split_confidence(Ring(), shape_of(rings(50, 140))) == pytest.approx(0.9)


def test_two_digits_that_a_stroke_joins_are_found_among_halves():
    ink = rings(50, 126)
    cv2.line(ink, (72, 60), (104, 60), 1.0, 6)
    shape = shape_of(ink)
    assert shape.components == []
    assert split_confidence(Ring(), shape) == pytest.approx(0.9)


def test_one_digit_cannot_be_divided_into_two():
    assert split_confidence(Ring(), shape_of(rings(50))) == pytest.approx(0.05)


def test_a_digit_and_a_stroke_are_not_two_sure_digits():
    ink = rings(50)
    cv2.line(ink, (120, 20), (120, 80), 1.0, 8)
    assert split_confidence(Ring(), shape_of(ink)) < 0.1


def test_a_single_column_cannot_be_divided():
    assert split_confidence(Ring(), shape_of(np.ones((30, 1), np.float32))) == 0.0


@pytest.mark.parametrize(
    ("cols", "n_components", "confidence", "wanted"),
    [
        (50, 0, 0.999, False),
        (50, 0, SPLIT.sure - 0.01, True),
        (100, 0, 0.999, True),
        (50, 2, 0.999, True),
    ],
)
def test_a_sure_narrow_component_is_one_digit(cols, n_components, confidence, wanted):
    ink = np.ones((100, cols), np.float32)
    assert may_be_several(WritingShape(ink, [ink] * n_components), confidence) == wanted
