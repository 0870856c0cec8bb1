"""Formatting of numbers, tables for files and terminals, and Ctrl-C."""

import signal

import pytest

from digitus.cli.screen import heading, line, loss, note, percent, stdout, table, visible
from digitus.cli.signals import Interrupt, interruptible


@pytest.mark.parametrize(
    ("share", "digits", "text"), [(0.97321, 2, "97.32 %"), (1, 0, "100 %"), (None, 2, "-")]
)
def test_a_share_is_formatted_as_per_cent(share, digits, text):
    assert percent(share, digits) == text


@pytest.mark.parametrize("value", [0.0, -0.0, 9_999.9, 1e5, 1e300, float("inf")])
def test_a_loss_has_at_most_nine_characters_and_no_sign(value):
    assert len(loss(value)) <= 9
    assert not loss(value).startswith("-")


def test_a_long_title_is_one_line(capsys):
    heading("a title of several words " * 20)
    assert capsys.readouterr().out.count("\n") == 1


def test_a_long_cell_is_one_line_if_stdout_is_no_terminal(capsys):
    rows = table("image")
    rows.add_row("x" * 500)
    stdout().print(rows)
    assert "x" * 500 in capsys.readouterr().out


@pytest.fixture
def usual_ctrl_c():
    """Ctrl-C as on a terminal; a shell ignores it in what it starts in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual_ctrl_c")
def test_the_first_ctrl_c_is_recorded():
    with interruptible() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.wanted


@pytest.mark.usefixtures("usual_ctrl_c")
def test_the_second_ctrl_c_interrupts_at_once():
    with interruptible():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("usual_ctrl_c")
def test_the_handler_of_ctrl_c_is_restored():
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_no_interrupt_is_recorded_at_first():
    assert not Interrupt().wanted


HOSTILE = "a\x1b]52;c;eA==\x07\x9b31m\u202egnp.png"


@pytest.mark.parametrize("kind", ["text", "markup", "cell"])
def test_no_control_character_of_a_name_reaches_the_terminal(kind, capsys):
    from rich.text import Text

    screen = stdout()
    if kind == "text":
        screen.print(Text(HOSTILE, style="bold"))
    elif kind == "markup":
        screen.print(f"[bold]{HOSTILE}[/]")
    else:
        rows = table("name")
        rows.add_row(HOSTILE)
        rows.add_row(Text(HOSTILE))
        screen.print(rows)
    shown = capsys.readouterr().out
    assert "gnp.png" in shown
    assert not (set(HOSTILE) - set(visible(HOSTILE))) & set(shown)


def test_notes_and_lines_show_control_characters_as_signs(capsys):
    note(HOSTILE)
    line(f"{HOSTILE}\nsecond")
    shown = capsys.readouterr()
    assert shown.err == f"{visible(HOSTILE)}\n"
    assert shown.out == f"{visible(HOSTILE)}\nsecond\n"
    assert len(visible(HOSTILE)) == len(HOSTILE)
