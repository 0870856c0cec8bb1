"""Percentages: what rounds to all or to nothing says so."""

from hypothesis import given
from hypothesis import strategies as st

from digitus.percent import percent


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(0, 3))
def test_only_all_is_100_percent_and_only_nothing_is_0_percent(share, digits):
    text = percent(share, digits)
    number = float(text.strip("<> %")) / 100
    assert 0 < number < 1
    assert abs(number - share) <= 10.0 ** -(digits + 2)


def test_all_and_nothing_are_written_exactly():
    assert (percent(1.0), percent(0.0), percent(1, 0)) == ("100.0 %", "0.0 %", "100 %")
