"""Numbers as people write them, tables for files and terminals, and Ctrl-C remembered."""

import signal

import pytest

from digitus.cli.screen import Interrupt, heading, interruptible, loss, percent, stdout, table


@pytest.mark.parametrize(
    ("share", "digits", "text"), [(0.97321, 2, "97.32 %"), (1, 0, "100 %"), (None, 2, "-")]
)
def test_a_share_is_written_as_per_cent(share, digits, text):
    assert percent(share, digits) == text


@pytest.mark.parametrize("value", [0.0, -0.0, 9_999.9, 1e5, 1e300, float("inf")])
def test_no_loss_is_wider_than_nine_characters_or_negative(value):
    assert len(loss(value)) <= 9
    assert not loss(value).startswith("-")


def test_a_title_wider_than_its_table_stays_in_one_line(capsys):
    heading("a title of several words " * 20)
    assert capsys.readouterr().out.count("\n") == 1


def test_a_long_cell_stays_in_one_line_where_no_terminal_limits_it(capsys):
    rows = table("image")
    rows.add_row("x" * 500)
    stdout().print(rows)
    assert "x" * 500 in capsys.readouterr().out


def test_the_first_ctrl_c_is_remembered():
    with interruptible() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.wanted


def test_the_second_ctrl_c_interrupts_at_once():
    with interruptible():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_is_given_back_afterwards():
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_nothing_is_wanted_at_first():
    assert not Interrupt().wanted
