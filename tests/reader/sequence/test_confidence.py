"""Honest confidences of digits and numbers."""

import numpy as np
import pytest

from digitus.reader.results.symbols import Symbol
from digitus.reader.sequence.confidence import Calibration, number_confidence

BOX = (0, 0, 10, 20)


def digit(confidence):
    return Symbol("digit", BOX, np.full(10, 0.1), 1.0, confidence)


def test_a_number_is_as_sure_as_all_its_digits_together():
    assert number_confidence([digit(0.9), digit(0.5)]) == pytest.approx(0.45)


def test_marks_do_not_lower_the_confidence_of_a_number():
    assert number_confidence([digit(0.9), Symbol("dot", BOX)]) == pytest.approx(0.9)


def test_calibration_keeps_the_order_and_stays_within_zero_and_one():
    calibration = Calibration(0.8, -0.5)
    honest = [calibration.calibrated(sure) for sure in (0.0, 0.2, 0.9, 1.0)]
    assert honest == sorted(honest)
    assert 0 <= honest[0] < honest[-1] <= 1
