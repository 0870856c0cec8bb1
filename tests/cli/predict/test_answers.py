"""``predict --min-confidence`` and ``--max-error``: what is declined, and the messages."""

import numpy as np
import pytest

from digitus.models.error_bound import ErrorCurve
from digitus.models.model import Classification

# 1,000 held-out digits; three of them wrong, at confidences 0.9, 0.8 and 0.5
CURVE = ErrorCurve(1000, (0.9, 0.8, 0.5), (600, 800, 950))


class Fixed:
    """Reads every image as 3 with a fixed confidence."""

    name, digit_threshold, errors = "fixed", 0.5, CURVE
    share, is_digit = 0.85, 1.0

    def classify(self, pixels):
        row = np.full(10, (1 - self.share) / 9)
        row[3] = self.share
        return Classification(np.tile(row, (len(pixels), 1)), np.full(len(pixels), self.is_digit))


@pytest.fixture
def model(monkeypatch):
    model = Fixed()
    monkeypatch.setattr("digitus.models.load_digit_model", lambda _: model)
    return model


@pytest.fixture
def predict(digitus, model, draw_image, tmp_path):
    image = draw_image(tmp_path / "3.png", 3)
    return lambda *words: digitus("predict", image, *words)


@pytest.mark.parametrize("least", ["0.84", "84%", "84 %", "0", "0.85"])
def test_an_answer_at_the_threshold_is_accepted(predict, least):
    (entry,) = predict("--json", "--min-confidence", least).json["results"]
    assert (entry["verdict"], entry["digit"]) == ("digit", 3)


@pytest.mark.parametrize("least", ["0.86", "86%", "1", "100%"])
def test_an_answer_below_the_threshold_is_declined_and_keeps_its_best_guess(predict, least):
    result = predict("--json", "--min-confidence", least)
    (entry,) = result.json["results"]
    assert result.code == 0
    assert (entry["verdict"], entry["digit"]) == ("not_a_digit", None)
    assert (entry["best_guess"], entry["confidence"]) == (3, 0.85)


@pytest.mark.parametrize("least", ["99", "-1%", "101%", "nan", "sure", "", "%"])
def test_an_invalid_min_confidence_is_wrong_usage(predict, least):
    result = predict("--min-confidence", least)
    assert result.code == 2
    assert "expected a percentage such as 99% or a number from 0 to 1, got" in result.err


@pytest.mark.parametrize("error", ["0", "1", "100%", "5", "nan"])
def test_an_invalid_max_error_is_wrong_usage(predict, error):
    result = predict("--max-error", error)
    assert result.code == 2
    assert "expected a percentage such as 0.5% or a number between 0 and 1" in result.err


def test_a_declined_answer_has_a_question_mark_and_is_counted_below_the_table(predict):
    out = predict("--min-confidence", "99%").out
    assert "(3) ?" in out
    assert (
        "To check: 1 of 1; 1 declined as too doubtful (confidence below 99 %). "
        "The best guess is in brackets.\n"
    ) in out


def test_answers_that_are_no_digit_are_counted_separately(predict, model):
    model.is_digit = 0.4
    out = predict("--min-confidence", "99%").out
    assert "To check: 1 of 1; 1 declined as not a digit. The best guess" in out


def test_the_table_accounts_for_all_of_the_probability(predict, model):
    model.share, model.is_digit = 0.9, 0.6
    header, row = [
        line.split("  ") for line in predict().out.splitlines() if "%" in line or "im" in line
    ]
    assert [cell.strip() for cell in header if cell.strip()][-1] == "not a digit"
    shares = [cell.strip() for cell in row if "%" in cell]
    assert shares == ["54.0 %", "0.7 %", "40.0 %"]


def test_a_small_probability_is_below_a_tenth_and_never_zero(predict, model):
    model.share, model.is_digit = 1.0, 0.99999
    row = predict().out.splitlines()[3]
    assert row.count("< 0.1 %") == 2  # of the runner-up, and that it is no digit
    assert "0.0 %" not in row


def test_a_model_that_declines_nothing_has_no_column_for_it(predict):
    assert "not a digit" not in predict().out


def test_json_has_the_probability_that_it_is_a_digit(predict, model):
    model.is_digit = 0.539
    assert predict("--json").json["results"][0]["p_digit"] == 0.539


def test_without_declined_answers_there_is_nothing_to_check(predict):
    assert "check" not in predict().out


def test_the_best_guess_is_dim_on_a_terminal(predict, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[2m(3)\x1b[0m ?" in predict("--min-confidence", "99%").out


# One-sided 95 % bounds: 0.5 % for no error among 600, 0.6 % for one among 800, 0.7 % for two among
# 950, 0.8 % for three among 1,000.


@pytest.mark.parametrize(
    ("error", "threshold"), [("0.5%", 0.9), ("0.6%", 0.8), ("0.007", 0.5), ("0.8%", None)]
)
def test_the_error_bound_sets_the_threshold_at_a_held_out_mistake(predict, model, error, threshold):
    if threshold is not None:
        model.share = threshold
        assert (
            predict("--json", "--max-error", error).json["results"][0]["verdict"] == "not_a_digit"
        )
    model.share = (threshold or 0.1) + 1e-3
    assert predict("--json", "--max-error", error).json["results"][0]["verdict"] == "digit"


def test_an_error_bound_reports_what_it_was_measured_on(predict):
    result = predict("--json", "--max-error", "0.6%")
    assert result.err == (
        "error bound 0.6 %: answers are accepted above a confidence of 80 %, measured on 1,000 "
        "held-out digits, of which 800 are accepted; the bound holds with 95 % confidence for "
        "digits of their kind\n"
    )


def test_an_error_bound_that_all_answers_satisfy_is_reported_as_such(predict):
    assert "answers are accepted at any confidence" in predict("--max-error", "5%").err


def test_an_error_bound_that_is_too_low_is_an_error_that_names_the_lowest(predict):
    result = predict("--max-error", "0.1%")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "digitus: fixed: the error bound 0.1 % is too low for the 1,000 held-out digits on which "
        "it is measured; the lowest is --max-error 0.5%\n"
    )


@pytest.mark.parametrize("n", [17, 300, 59_999])
def test_the_lowest_bound_that_is_named_is_accepted(predict, model, n):
    model.errors = ErrorCurve(n, (0.9,), (n - 10,))
    named = predict("--max-error", "0.0001%").err.rsplit(maxsplit=1)[1]
    assert predict("--max-error", named).code == 0


def test_a_model_without_an_error_curve_rejects_max_error(predict, model):
    model.errors = None
    result = predict("--max-error", "1%")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("digitus: fixed: has no error curve")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("least", "verdict", "is_said"),
    [("84%", "digit", True), ("86%", "not_a_digit", True), ("70%", "digit", False)],
)
def test_the_stricter_of_both_options_applies(predict, least, verdict, is_said):
    result = predict("--json", "--max-error", "0.6%", "--min-confidence", least)
    assert result.json["results"][0]["verdict"] == verdict
    assert (f"--min-confidence {least[:-1]} % is stricter" in result.err) == is_said


def test_the_error_bound_applies_if_it_is_stricter(predict, model):
    model.share = 0.75
    result = predict("--json", "--max-error", "0.6%", "--min-confidence", "70%")
    assert result.json["results"][0]["verdict"] == "not_a_digit"


@pytest.mark.parametrize("option", ["--min-confidence", "--max-error"])
def test_thresholds_cannot_be_combined_with_a_submission(digitus, tmp_path, option):
    result = digitus("predict", "a.csv", option, "1%", "--submission", tmp_path / "out.csv")
    assert result.code == 2
    assert "--submission writes a digit for every row" in result.err
