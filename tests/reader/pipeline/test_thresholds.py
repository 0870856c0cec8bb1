"""Below the thresholds a digit is a question mark and its number is to be checked."""

import numpy as np
import pytest

from digitus.cli.options import Share
from digitus.errors import ModelFileError
from digitus.models import load_model
from digitus.models.error_bound import ErrorCurve
from digitus.reader.pipeline.assembly import line_of
from digitus.reader.pipeline.thresholds import (
    WORTH_A_LOOK,
    Thresholds,
    error_curves,
    fingerprint,
    make_thresholds,
)


@pytest.fixture(scope="module")
def cnn():
    return load_model("cnn")


def test_a_digit_below_the_threshold_is_declined_and_its_number_listed(make_number):
    number = Thresholds(least_digit=0.95).judge(make_number("42", sure=0.94))
    assert (number.text, number.to_check) == ("??", True)
    assert {digit.verdict for digit in number.digits} == {"not_a_digit"}
    assert number.digits[0].alternatives[0][0] == 4


def test_a_digit_at_the_threshold_is_told(make_number):
    number = Thresholds(least_digit=0.94).judge(make_number("42", sure=0.94))
    assert (number.text, number.to_check) == ("42", False)


def test_of_a_number_too_doubtful_the_least_sure_digit_is_declined(make_number):
    sure, unsure = make_number("4", sure=0.99), make_number("7", 64, sure=0.6)
    both = line_of([sure, unsure]).numbers
    number = make_number("47")
    digits = (both[0].digits[0], both[1].digits[0])
    number = type(number)("47", 0.594, False, number.box, digits)
    judged = Thresholds(least_number=0.9).judge(number)
    assert (judged.text, judged.to_check) == ("4?", True)


def test_without_thresholds_doubtful_numbers_are_listed_and_still_told(cnn, make_number):
    thresholds = make_thresholds(cnn, min_confidence=0, max_error=None)
    doubtful = thresholds.judge(make_number("42", sure=WORTH_A_LOOK - 0.1))
    assert (doubtful.text, doubtful.to_check) == ("42", True)
    assert not thresholds.judge(make_number("42", sure=0.999)).to_check


def test_the_text_of_a_line_is_that_of_its_judged_numbers(make_number):
    line = line_of([make_number("42", sure=0.5), make_number("17", 200)])
    assert Thresholds(least_digit=0.9).judge_line(line).text == "?? 17"


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_confidence_out_of_range_is_refused(cnn, share):
    with pytest.raises(ValueError, match="0 to 1"):
        make_thresholds(cnn, min_confidence=share, max_error=None)


@pytest.mark.parametrize("share", [0, 1, -1])
def test_an_error_out_of_range_is_refused(cnn, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        make_thresholds(cnn, min_confidence=0, max_error=share)


def test_a_model_whose_numbers_were_not_measured_can_promise_nothing():
    with pytest.raises(ModelFileError, match="measured with the model cnn alone"):
        make_thresholds(load_model("mlp"), min_confidence=0, max_error=0.01)


def test_the_errors_were_measured_with_the_model_that_ships(cnn):
    for curve in error_curves(cnn):
        assert curve.n >= 1000
        assert 0 < len(curve.kept) < 0.2 * curve.n
    assert fingerprint(cnn) != fingerprint(load_model("mlp"))


def test_a_smaller_promise_asks_for_a_higher_confidence(cnn):
    loose, strict = (make_thresholds(cnn, min_confidence=0, max_error=p) for p in (0.5, 0.02))
    assert 0 <= loose.least_number < strict.least_number <= 1


def test_the_least_promise_that_is_told_can_be_made(cnn):
    with pytest.raises(ModelFileError, match="the least that can be promised") as refused:
        make_thresholds(cnn, min_confidence=0, max_error=1e-9)
    least = Share("1%").convert(str(refused.value).split()[-1], None, None)
    assert make_thresholds(cnn, min_confidence=0, max_error=least).least_number > 0
    with pytest.raises(ModelFileError):
        make_thresholds(cnn, min_confidence=0, max_error=0.9 * least)


def test_of_two_curves_the_least_promise_is_that_of_the_stricter(cnn, monkeypatch):
    few = ErrorCurve(20, (), ())
    curves = (error_curves(cnn)[0], few)
    monkeypatch.setattr("digitus.reader.pipeline.thresholds.error_curves", lambda _: curves)
    with pytest.raises(ModelFileError, match=r"measured on 20 of them; .* is 14%"):
        make_thresholds(cnn, min_confidence=0, max_error=1e-9)
