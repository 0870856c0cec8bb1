"""Calibration of the confidences of digits and marks."""

import pytest

from digitus.reader.results.symbols import Symbol
from digitus.reader.sequence.confidence import Calibration, SymbolCalibration, shipped_calibration


def test_calibration_keeps_the_order_and_stays_between_zero_and_one():
    calibration = Calibration(0.8, -0.5)
    calibrated = [calibration.calibrated(posterior) for posterior in (0.0, 0.2, 0.9, 1.0)]
    assert calibrated == sorted(calibrated)
    assert 0 <= calibrated[0] < calibrated[-1] <= 1


def test_slope_one_and_offset_zero_change_nothing():
    assert Calibration(1.0, 0.0).calibrated(0.3) == pytest.approx(0.3)


def test_the_shipped_calibration_keeps_a_sure_digit_sure_and_a_toss_up_unsure():
    calibration = shipped_calibration().digits
    assert calibration.calibrated(1.0) > 0.99
    assert calibration.calibrated(0.5) < 0.9


def confidence_of(kind, posterior, *, is_read=True):
    calibration = SymbolCalibration(Calibration(1.0, 0.0), Calibration(0.5, 0.0))
    return calibration.confidence_of(
        Symbol(kind, (0, 0, 1, 1), confidence=posterior, is_read=is_read)
    )


def test_digits_and_marks_have_calibrations_of_their_own_and_letters_none():
    assert confidence_of("digit", 0.9) == pytest.approx(0.9)
    assert confidence_of("point", 0.9) == pytest.approx(0.75)
    assert confidence_of("other", 0.9) == 0


def test_the_confidence_of_an_unread_mark_is_what_that_of_its_absence_leaves():
    assert confidence_of("point", 0.1, is_read=False) == pytest.approx(0.25)
