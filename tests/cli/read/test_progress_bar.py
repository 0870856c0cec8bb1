"""A bar is shown for many pages, whether in many files or in one."""

import io
import sys

from digitus.cli.read.page_inputs import PageInputs
from digitus.cli.read.progress_bar import progress


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self):
        return True


def shown(monkeypatch, inputs, *, opened, stderr):
    """Return what is on stderr after a page of the first file."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress(inputs) as bar:
        inputs.n_pages, inputs.n_opened = opened, 1
        bar.advance()
        assert bar.done == 1
        return stderr.getvalue()


def test_a_single_file_of_many_pages_has_a_bar(monkeypatch):
    inputs = PageInputs(["a.pdf"])
    assert "1/1000" in shown(monkeypatch, inputs, opened=1000, stderr=Terminal())


def test_many_files_have_a_bar_from_the_start(monkeypatch):
    inputs = PageInputs([f"{i}.png" for i in range(9)])
    assert "0/9" in shown(monkeypatch, inputs, opened=1, stderr=Terminal())


def test_a_few_pages_have_no_bar(monkeypatch):
    inputs = PageInputs(["a.pdf", "b.png"])
    assert shown(monkeypatch, inputs, opened=2, stderr=Terminal()) == ""


def test_without_a_terminal_there_is_no_bar(monkeypatch):
    assert shown(monkeypatch, PageInputs(["a.pdf"]), opened=1000, stderr=io.StringIO()) == ""
