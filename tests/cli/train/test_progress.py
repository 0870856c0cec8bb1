"""A training run on a terminal of 80 columns, and its lines elsewhere."""

import fcntl
import os
import pty
import re
import struct
import termios

import pytest

from digitus.cli.signals import Interrupt
from digitus.cli.train.progress import TrainingScreen, _line
from digitus.nn.fitting.history import Epoch

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
COLORS = re.compile(r"\x1b\[(3[0-7]|9[0-7]|38;[0-9;]+)m")
COLUMNS = 80


def make_epoch(number, *, loss=0.1, validation=0.2):
    return Epoch(
        epoch=number,
        loss=loss,
        accuracy=1.0,
        validation_loss=validation,
        validation_accuracy=None if validation is None else 1.0,
        rate=0.1,
        gradient_norms=[1.0],
        seconds=9.99,
    )


@pytest.mark.parametrize("loss", [0.0, 2.5, 12345.6, 1e30])
def test_a_line_fits_into_80_columns(loss):
    assert len(_line(make_epoch(1000, loss=loss, validation=loss), 1000)) <= COLUMNS


@pytest.mark.parametrize("n", [1, 2, 19, 21, 39, 70, 500, 1000])
def test_a_run_however_long_is_told_in_some_twenty_lines_with_the_first_and_the_last(n, capsys):
    screen = TrainingScreen(Interrupt())
    for number in range(1, n + 1):
        screen.epoch(make_epoch(number), n)
    screen.close()
    lines = capsys.readouterr().err.splitlines()
    assert min(n, 10) <= len(lines) <= 22
    assert (lines[0].split()[1].split("/")[0], lines[-1].split()[1]) == ("1", f"{n}/{n}")


def test_epochs_without_validation_say_nothing_of_it():
    assert "validation" not in _line(make_epoch(1, validation=None), 2)


def read_all(descriptor):
    content = b""
    while True:
        try:
            block = os.read(descriptor, 65536)
        except OSError:  # the other end of a pseudo-terminal is closed
            return content.decode()
        if not block:
            return content.decode()
        content += block


@pytest.fixture
def on_a_terminal(start, drawn, tmp_path):
    def run(**environment):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        words = ["--hidden", "16", "--epochs", "5", "--batch-size", "1", "--validation", "50"]
        process = start(
            "train",
            *words,
            "--data",
            drawn,
            "--out",
            tmp_path / "m.safetensors",
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(theirs)
        content = read_all(ours)
        os.close(ours)
        assert process.wait() == 0
        return content

    return run


def test_a_terminal_is_not_written_over_its_edge_and_gets_its_cursor_back(on_a_terminal):
    raw = on_a_terminal()
    shown = ESCAPES.sub("", raw)
    lines = [line for line in re.split(r"[\r\n]+", shown) if not line.startswith("wrote")]
    assert max(map(len, lines)) <= COLUMNS
    assert raw.rfind("\x1b[?25h") > raw.rfind("\x1b[?25l")


def test_no_color_is_respected(on_a_terminal):
    assert not COLORS.search(on_a_terminal(NO_COLOR="1"))
