"""QR codes in the terminal, read back by OpenCV."""

import io
import re
import sys

import cv2
import numpy as np
import pytest

from digitus.cli.qr_code import qr_code, terminal_qr_code

LINK = "http://192.168.100.100:8000/?token=abcd-efgh-jkmn-pqrs-tuvw"
LIGHT = {"\N{FULL BLOCK}": (1, 1), "\N{UPPER HALF BLOCK}": (1, 0), "\N{LOWER HALF BLOCK}": (0, 1)}


def read_back(text: str, *, light: int, dark: int) -> str:
    """Return what a camera reads of a code in a terminal with these colors (0 black, 255 white)."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    pairs = np.array([[LIGHT.get(sign, (0, 0)) for sign in line] for line in lines])
    modules = pairs.transpose(0, 2, 1).reshape(-1, pairs.shape[1])
    image = np.where(modules, light, dark).astype(np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(image)
    return found


@pytest.mark.parametrize("is_colored", [True, False])
def test_a_code_holds_the_text(is_colored):
    assert read_back(qr_code(LINK, is_colored=is_colored), light=255, dark=0) == LINK


def test_without_color_a_dark_terminal_shows_a_code_that_is_read():
    assert read_back(qr_code(LINK, is_colored=False), light=220, dark=30) == LINK


def test_each_line_sets_its_colors_and_puts_them_back():
    for line in qr_code(LINK, is_colored=True).splitlines():
        assert line.startswith("\x1b[38;2;255;255;255;48;2;0;0;0m")
        assert line.endswith("\x1b[0m")
    assert "\x1b" not in qr_code(LINK, is_colored=False)


def test_a_code_is_small_and_has_a_light_edge():
    lines = qr_code(LINK, is_colored=False).splitlines()
    assert (len(lines), {len(line) for line in lines}) == (21, {41})
    assert {lines[0], lines[1]} == {"\N{FULL BLOCK}" * 41}
    assert {line[:4] + line[-4:] for line in lines} == {"\N{FULL BLOCK}" * 8}


class Terminal(io.StringIO):
    """A terminal that takes the signs of an encoding."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch):
    """A function that returns the code for the link on a terminal of 80 columns."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def show(stdout: io.StringIO | None = None) -> str | None:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", stdout or Terminal())
            return terminal_qr_code(LINK)

    return show


def test_a_terminal_shows_a_code(shown):
    assert shown() == qr_code(LINK, is_colored=True)


def test_without_color_a_code_has_none(shown, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown() == qr_code(LINK, is_colored=False)


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("COLUMNS", "40")])
def test_a_terminal_that_cannot_show_it_is_spared(shown, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert shown() is None


def test_a_terminal_without_the_signs_is_spared(shown, monkeypatch):
    monkeypatch.setattr(Terminal, "encoding", "iso-8859-1")
    assert shown() is None


def test_what_is_no_terminal_is_spared(shown):
    assert shown(io.StringIO()) is None
