"""``predict --min-confidence`` and ``--max-error``: what is declined, and what is said of it."""

import numpy as np
import pytest

from digitus.models.error_bound import ErrorCurve
from digitus.models.model import Classification

# 1,000 held-out digits; three of them wrong, at confidences 0.9, 0.8 and 0.5
CURVE = ErrorCurve(1000, (0.9, 0.8, 0.5), (600, 800, 950))


class Fixed:
    """Reads 3 with a fixed confidence, whatever it is given."""

    name, digit_threshold, errors = "fixed", 0.5, CURVE
    share, is_digit = 0.85, 1.0

    def classify(self, pixels):
        row = np.full(10, (1 - self.share) / 9)
        row[3] = self.share
        return Classification(np.tile(row, (len(pixels), 1)), np.full(len(pixels), self.is_digit))


@pytest.fixture
def model(monkeypatch):
    model = Fixed()
    monkeypatch.setattr("digitus.cli.loading.load_digit_model", lambda _: model)
    return model


@pytest.fixture
def predict(digitus, model, draw_image, tmp_path):
    image = draw_image(tmp_path / "3.png", 3)
    return lambda *words: digitus("predict", image, *words)


@pytest.mark.parametrize("least", ["0.84", "84%", "84 %", "0", "0.85"])
def test_an_answer_of_the_least_confidence_is_given(predict, least):
    (entry,) = predict("--json", "--min-confidence", least).json
    assert (entry["verdict"], entry["digit"]) == ("digit", 3)


@pytest.mark.parametrize("least", ["0.86", "86%", "1", "100%"])
def test_an_answer_below_the_least_confidence_is_declined_and_keeps_its_best_guess(predict, least):
    result = predict("--json", "--min-confidence", least)
    (entry,) = result.json
    assert result.code == 0
    assert (entry["verdict"], entry["digit"]) == ("not_a_digit", None)
    assert (entry["best_guess"], entry["confidence"]) == (3, 0.85)


@pytest.mark.parametrize("least", ["99", "-1%", "101%", "nan", "sure", "", "%"])
def test_a_least_confidence_that_is_none_is_wrong_usage(predict, least):
    result = predict("--min-confidence", least)
    assert result.code == 2
    assert "expected a percentage such as 99% or a number from 0 to 1, got" in result.err


@pytest.mark.parametrize("error", ["0", "1", "100%", "5", "nan"])
def test_an_error_that_nobody_wants_promised_is_wrong_usage(predict, error):
    result = predict("--max-error", error)
    assert result.code == 2
    assert "expected a percentage such as 0.5% or a number between 0 and 1" in result.err


def test_a_doubtful_answer_is_a_question_mark_and_counted_below_the_table(predict):
    out = predict("--min-confidence", "99%").out
    assert "(3) ?" in out
    assert (
        "To check: 1 of 1; 1 declined as too doubtful (confidence below 99 %). "
        "The best guess is in brackets.\n"
    ) in out


def test_what_is_no_digit_is_counted_apart_from_what_is_too_doubtful(predict, model):
    model.is_digit = 0.4
    out = predict("--min-confidence", "99%").out
    assert "To check: 1 of 1; 1 declined as not a digit. The best guess" in out


def test_where_all_is_read_nothing_is_said_to_be_checked(predict):
    assert "check" not in predict().out


def test_the_best_guess_stands_dim_on_a_terminal(predict, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[2m(3)\x1b[0m ?" in predict("--min-confidence", "99%").out


# The chance of at most i errors among k at a rate of p is 5 % for the bound p: with none among
# 600 it is 0.5 %, with one among 800 it is 0.6 %, with two among 950 it is 0.7 %, with three
# among 1,000 it is 0.8 %.


@pytest.mark.parametrize(
    ("error", "threshold"), [("0.5%", 0.9), ("0.6%", 0.8), ("0.007", 0.5), ("0.8%", None)]
)
def test_the_largest_error_decides_above_which_held_out_mistake_answers_are_kept(
    predict, model, error, threshold
):
    if threshold is not None:
        model.share = threshold
        assert predict("--json", "--max-error", error).json[0]["verdict"] == "not_a_digit"
    model.share = (threshold or 0.1) + 1e-3
    assert predict("--json", "--max-error", error).json[0]["verdict"] == "digit"


def test_a_promised_error_says_what_it_rests_on(predict):
    result = predict("--json", "--max-error", "0.6%")
    assert result.err == (
        "at most 0.6 % errors: answers are kept above a confidence of 80 %, measured on 1,000 "
        "held-out digits, of which 800 would be kept; with 95 % certainty this holds for digits "
        "of their kind\n"
    )


def test_an_error_that_all_answers_keep_says_so(predict):
    assert "answers are kept at any confidence" in predict("--max-error", "5%").err


def test_an_error_that_no_confidence_can_promise_is_one_sentence_with_the_least_that_can(predict):
    result = predict("--max-error", "0.1%")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "digitus: fixed: no confidence promises at most 0.1 % errors, measured on 1,000 held-out "
        "digits; the least that can be promised is --max-error 0.5%\n"
    )


@pytest.mark.parametrize("n", [17, 300, 59_999])
def test_the_least_promise_that_is_named_can_be_had(predict, model, n):
    model.errors = ErrorCurve(n, (0.9,), (n - 10,))
    named = predict("--max-error", "0.0001%").err.rsplit(maxsplit=1)[1]
    assert predict("--max-error", named).code == 0


def test_a_model_without_a_curve_promises_nothing(predict, model):
    model.errors = None
    result = predict("--max-error", "1%")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("digitus: fixed: holds no error curve")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("least", "verdict", "is_said"),
    [("84%", "digit", True), ("86%", "not_a_digit", True), ("70%", "digit", False)],
)
def test_of_both_options_the_stricter_one_counts(predict, least, verdict, is_said):
    result = predict("--json", "--max-error", "0.6%", "--min-confidence", least)
    assert result.json[0]["verdict"] == verdict
    assert (f"--min-confidence {least[:-1]} % is stricter" in result.err) == is_said


def test_of_both_options_the_promise_may_be_the_stricter_one(predict, model):
    model.share = 0.75
    result = predict("--json", "--max-error", "0.6%", "--min-confidence", "70%")
    assert result.json[0]["verdict"] == "not_a_digit"


@pytest.mark.parametrize("option", ["--min-confidence", "--max-error"])
def test_thresholds_do_not_go_with_a_submission(digitus, tmp_path, option):
    result = digitus("predict", "a.csv", option, "1%", "--submission", tmp_path / "out.csv")
    assert result.code == 2
    assert "--submission wants a digit for every row" in result.err
