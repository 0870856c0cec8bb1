"""Calibration of the confidences of digits."""

import pytest

from digitus.reader.sequence.confidence import Calibration, shipped_calibration


def test_calibration_keeps_the_order_and_stays_between_zero_and_one():
    calibration = Calibration(0.8, -0.5)
    calibrated = [calibration.calibrated(posterior) for posterior in (0.0, 0.2, 0.9, 1.0)]
    assert calibrated == sorted(calibrated)
    assert 0 <= calibrated[0] < calibrated[-1] <= 1


def test_slope_one_and_offset_zero_change_nothing():
    assert Calibration(1.0, 0.0).calibrated(0.3) == pytest.approx(0.3)


def test_the_shipped_calibration_keeps_a_sure_digit_sure_and_a_toss_up_unsure():
    calibration = shipped_calibration()
    assert calibration.calibrated(1.0) > 0.99
    assert calibration.calibrated(0.5) < 0.9
