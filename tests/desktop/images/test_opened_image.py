"""An opened document: its pages, their answers, and the numbers of all."""

import numpy as np
import pytest

from digitus.data.sources.watching import Watch
from digitus.desktop.answer.answer import Answer, ReadPage
from digitus.desktop.images import opened_image
from digitus.desktop.images.opened_image import OpenedImage
from digitus.recognizer import BLANK


@pytest.fixture
def answer_of(page_of):
    def make(text, n_pages=3):
        page = ReadPage(page_of(text), page_of(text), np.ones((300, 400), np.float32))
        return Answer(BLANK, np.zeros((9, 9, 3), np.uint8), page, n_pages=n_pages)

    return make


def test_a_page_is_read_once_and_then_kept(monkeypatch, answer_of):
    read = []
    monkeypatch.setattr(
        opened_image, "read_image", lambda *given: read.append(given) or answer_of("17")
    )
    image = OpenedImage("a.pdf")
    first = image.reader()("recognizer")
    assert read == [("recognizer", "a.pdf", 1)]
    image.keep(first)
    assert image.reader()("recognizer") is first
    assert len(read) == 1


def test_pages_end_at_the_first_and_the_last(answer_of):
    image = OpenedImage("a.pdf")
    assert not image.turn(1)
    image.keep(answer_of("17", n_pages=2))
    assert not image.turn(-1)
    assert image.turn(1)
    assert not image.turn(1)
    assert image.page == 2


def test_all_pages_are_read_but_those_that_were_shown(monkeypatch, answer_of):
    read, told = [], []
    monkeypatch.setattr(
        opened_image, "read_pages", lambda *given: read.append(given[-1]) or answer_of("9").page
    )
    image = OpenedImage("a.pdf")
    image.keep(answer_of("17"))
    watch = Watch(lambda *given: told.append(given[1:]), lambda: False)
    texts = [page.reading.text for page in image.all_pages("recognizer", watch)]
    assert texts == ["17", "9", "9"]
    assert read == [2, 3]
    assert told == [(0, 3), (1, 3), (2, 3)]
