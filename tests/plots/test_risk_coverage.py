"""The risk-coverage curve."""

from digitus.plots import risk_coverage


def test_no_answers_are_a_figure_that_says_so():
    assert risk_coverage(([], [], [])).texts[1].get_text() == "There are no answers."


def test_marks_show_error_rate_and_threshold():
    axes = risk_coverage(([0.5, 1.0], [0.01, 0.055], [0.9, 0.3])).axes[0]
    assert axes.texts[0].get_text() == "100 % accepted, 5.50 % wrong (confidence from 0.30)"
