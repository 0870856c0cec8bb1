"""Below the thresholds a digit is declined and its number is flagged."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.cli.options import Share
from digitus.errors import ModelFileError
from digitus.models import load_model
from digitus.models.error_bound import ErrorCurve
from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.pipeline.thresholds import (
    CHECK_BELOW,
    Thresholds,
    error_curves,
    fingerprint,
    make_thresholds,
)


@pytest.fixture(scope="module")
def cnn():
    return load_model("cnn")


def test_a_digit_below_the_threshold_is_declined_and_its_number_flagged(make_number):
    number = Thresholds(min_digit=0.95).apply_to_number(make_number("42", confidence=0.94))
    assert (number.text, number.to_check) == ("??", True)
    assert {digit.verdict for digit in number.digits} == {"not_a_digit"}
    assert number.digits[0].alternatives[0][0] == 4


def test_a_digit_at_the_threshold_is_kept(make_number):
    number = Thresholds(min_digit=0.94).apply_to_number(make_number("42", confidence=0.94))
    assert (number.text, number.to_check) == ("42", False)


def test_in_a_number_below_its_threshold_the_digit_of_lowest_confidence_is_declined(make_number):
    (confident,) = make_number("4", confidence=0.99).digits
    (doubtful,) = make_number("7", 64, confidence=0.6).digits
    number = replace(make_number("47"), confidence=0.594, digits=(confident, doubtful))
    flagged = Thresholds(min_number=0.9).apply_to_number(number)
    assert (flagged.text, flagged.to_check) == ("4?", True)


@pytest.fixture
def with_point(make_number):
    """Make 4.7 with a point of this confidence, or 47 without it."""

    def make(confidence, *, in_text=True):
        number = make_number("4.7", confidence=0.99)
        mark = replace(number.marks[0], confidence=confidence, in_text=in_text)
        text, whole = ("4.7", confidence) if in_text else ("47", 1 - confidence)
        return replace(number, text=text, marks=(mark,), confidence=0.98 * whole)

    return make


@pytest.mark.parametrize(
    "thresholds",
    [Thresholds(min_digit=0.8), Thresholds(min_number=0.8), Thresholds(check_below=0.8)],
)
@pytest.mark.parametrize(("in_text", "text"), [(True, "4.7"), (False, "47")])
def test_a_mark_that_is_not_sure_flags_its_number_and_declines_no_digit(
    with_point, thresholds, in_text, text
):
    unsure = thresholds.apply_to_number(with_point(0.7 if in_text else 0.3, in_text=in_text))
    assert (unsure.text, unsure.to_check) == (text, True)
    sure = thresholds.apply_to_number(with_point(0.95 if in_text else 0.05, in_text=in_text))
    assert (sure.text, sure.to_check) == (text, False)


def test_a_declined_digit_keeps_the_marks_around_it(with_point):
    number = Thresholds(min_digit=0.995).apply_to_number(with_point(1.0))
    assert (number.text, number.digit_text) == ("?.?", "??")


def test_without_options_doubtful_numbers_are_flagged_and_keep_their_digits(cnn, make_number):
    thresholds = make_thresholds(cnn, min_confidence=0, max_error=None)
    doubtful = thresholds.apply_to_number(make_number("42", confidence=CHECK_BELOW - 0.1))
    assert (doubtful.text, doubtful.to_check) == ("42", True)
    assert not thresholds.apply_to_number(make_number("42", confidence=0.999)).to_check


def test_the_text_of_a_line_follows_its_numbers(make_number):
    line = join_numbers([make_number("42", confidence=0.5), make_number("17", 200)])
    assert Thresholds(min_digit=0.9).apply_to_line(line).text == "?? 17"


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_confidence_out_of_range_is_refused(cnn, share):
    with pytest.raises(ValueError, match="min_confidence: expected 0 to 1"):
        make_thresholds(cnn, min_confidence=share, max_error=None)


@pytest.mark.parametrize("share", [0, 1, -1])
def test_an_error_bound_out_of_range_is_refused(cnn, share):
    with pytest.raises(ValueError, match="max_error: expected a share between 0 and 1"):
        make_thresholds(cnn, min_confidence=0, max_error=share)


def test_a_model_whose_errors_were_not_measured_has_no_error_bound():
    with pytest.raises(ModelFileError, match="measured with the model cnn only"):
        make_thresholds(load_model("mlp"), min_confidence=0, max_error=0.01)


def test_the_error_curves_were_measured_with_the_shipped_model(cnn):
    for curve in error_curves(cnn):
        assert curve.n >= 1000
        assert 0 < len(curve.kept) < 0.2 * curve.n
    assert fingerprint(cnn) != fingerprint(load_model("mlp"))


def test_a_lower_error_bound_needs_a_higher_confidence(cnn):
    loose, strict = (make_thresholds(cnn, min_confidence=0, max_error=p) for p in (0.5, 0.02))
    assert 0 <= loose.min_number < strict.min_number <= 1


def test_the_lowest_bound_in_the_message_can_be_met_and_a_lower_one_cannot(cnn):
    with pytest.raises(ModelFileError, match="the lowest bound that can be met is") as refused:
        make_thresholds(cnn, min_confidence=0, max_error=1e-9)
    least = Share("1%").convert(str(refused.value).split()[-1], None, None)
    assert make_thresholds(cnn, min_confidence=0, max_error=least).min_number > 0
    with pytest.raises(ModelFileError):
        make_thresholds(cnn, min_confidence=0, max_error=0.9 * least)


def test_the_lowest_bound_is_that_of_the_stricter_curve(cnn, monkeypatch):
    few = ErrorCurve(20, (), ())
    curves = (error_curves(cnn)[0], few)
    monkeypatch.setattr("digitus.reader.pipeline.thresholds.error_curves", lambda _: curves)
    with pytest.raises(ModelFileError, match=r"measured on 20 numbers; .* is 14%"):
        make_thresholds(cnn, min_confidence=0, max_error=1e-9)
