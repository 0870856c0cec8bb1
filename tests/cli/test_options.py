"""Types of option values: valid and invalid texts."""

from contextlib import suppress

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.cli.options import Number, Share, Whole, batch_size, stages, widths


@given(st.lists(st.integers(1, 10_000), max_size=6))
def test_widths_are_parsed_to_the_same_numbers(layers):
    assert widths(None, None, ", ".join(map(str, layers))) == tuple(layers)


@given(st.dictionaries(st.integers(0, 99), st.floats(1e-9, 10), min_size=1))
def test_stages_are_parsed_to_the_same_numbers(rates):
    text = ",".join(f"{epoch}:{rate!r}" for epoch, rate in rates.items())
    assert stages(None, None, text) == {str(epoch): rate for epoch, rate in rates.items()}


@pytest.mark.parametrize(("text", "rows"), [("full", 0), ("1", 1), ("128", 128), (None, None)])
def test_a_batch_size_is_a_number_of_rows_or_full(text, rows):
    assert batch_size(None, None, text) == rows


@pytest.mark.parametrize("read", [widths, stages, batch_size])
def test_an_option_that_is_not_given_is_none(read):
    assert read(None, None, None) is None


@given(st.text(max_size=12))
@pytest.mark.parametrize("read", [widths, stages, batch_size])
def test_any_text_is_parsed_or_rejected_as_wrong_usage(read, text):
    with suppress(click.BadParameter):
        assert read(None, None, text) is not None


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "x", "-1"])
def test_a_number_that_is_not_finite_or_out_of_range_is_rejected(text):
    with pytest.raises(click.BadParameter):
        Number(0).convert(text, None, None)


@pytest.mark.parametrize(
    ("kind", "wanted"), [(Number(0), "a number"), (Whole(0), "a whole number")]
)
def test_a_text_that_is_no_number_is_named_with_what_was_expected(kind, wanted):
    with pytest.raises(click.BadParameter, match=f"expected {wanted}, got 'many'"):
        kind.convert("many", None, None)


@given(st.floats(0, 1))
def test_a_share_is_the_same_as_a_number_and_as_a_percentage(share):
    number, percentage = (
        Share("99%").convert(text, None, None) for text in (repr(share), f"{100 * share!r}%")
    )
    assert number == share
    assert percentage == pytest.approx(share)


@pytest.mark.parametrize("text", ["nan", "inf", "1.01", "101%", "-1%", "%", "", "5%%", "x"])
def test_a_share_outside_0_to_1_is_rejected(text):
    with pytest.raises(click.BadParameter, match="such as 99% or a number from 0 to 1"):
        Share("99%").convert(text, None, None)


@pytest.mark.parametrize("text", ["0", "1", "0%", "100%"])
def test_0_and_1_are_rejected_if_they_are_excluded(text):
    with pytest.raises(click.BadParameter, match="between 0 and 1"):
        Share("99%", within=True).convert(text, None, None)
