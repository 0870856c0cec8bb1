"""The bar is for many pages, whether they are many files or one."""

import io
import sys

from digitus.cli.read.page_inputs import Sources
from digitus.cli.read.progress_bar import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def shown(monkeypatch, sources, *, opened, stderr):
    """Give what is on stderr once a page of the first file is done."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress(sources) as bar:
        sources.n_pages, sources.n_opened = opened, 1
        bar.advance()
        assert bar.done == 1
        return stderr.getvalue()


def test_a_single_file_of_many_pages_has_a_bar(monkeypatch):
    sources = Sources(["a.pdf"])
    assert "1/1000" in shown(monkeypatch, sources, opened=1000, stderr=Terminal())


def test_many_files_have_a_bar_from_the_start(monkeypatch):
    sources = Sources([f"{i}.png" for i in range(9)])
    assert "0/9" in shown(monkeypatch, sources, opened=1, stderr=Terminal())


def test_a_few_pages_have_none(monkeypatch):
    sources = Sources(["a.pdf", "b.png"])
    assert shown(monkeypatch, sources, opened=2, stderr=Terminal()) == ""


def test_where_stderr_is_no_terminal_there_is_none(monkeypatch):
    assert shown(monkeypatch, Sources(["a.pdf"]), opened=1000, stderr=io.StringIO()) == ""
