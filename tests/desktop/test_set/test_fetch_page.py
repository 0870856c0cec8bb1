"""The page that looks for MNIST and fetches it."""

from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt

from digitus.data import DataSet, Samples
from digitus.desktop.test_set.fetch_page import FetchPage
from digitus.errors import Cancelled, DataError, DownloadError

TEST = Samples(np.zeros((3, 784), np.uint8), np.arange(3), "made up")


def found(*_, **__):
    return DataSet("made up", TEST, TEST)


def absent(*_, offline, **__):
    if offline:
        raise DownloadError("not on this machine")
    return found()


def failing(*_, **__):
    raise DataError("t10k-labels: damaged")


@pytest.fixture
def make_page(qtbot):
    def make(load):
        page = FetchPage(load)
        qtbot.addWidget(page)
        page.show()
        return page

    return make


def press(qtbot, page):
    qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)


def test_images_on_this_machine_are_loaded_without_a_question(qtbot, make_page):
    page = make_page(found)
    with qtbot.waitSignal(page.loaded) as loaded:
        page.look()
    assert loaded.args == [TEST]
    assert not page.button.isVisible()


def test_looking_never_fetches(qtbot, make_page):
    page = make_page(absent)
    with qtbot.assertNotEmitted(page.loaded):
        page.look()
        qtbot.waitUntil(lambda: not page.is_busy)
    assert "not on this machine" in page.sentence.text()
    assert page.button.text() == "Fetch MNIST"


def test_a_press_fetches_absent_images(qtbot, make_page):
    page = make_page(absent)
    page.show_absent()
    with qtbot.waitSignal(page.loaded) as loaded:
        press(qtbot, page)
    assert loaded.args == [TEST]


def test_a_failure_is_shown_and_can_be_tried_again(qtbot, make_page):
    page = make_page(failing)
    page.fetch()
    qtbot.waitUntil(lambda: not page.is_busy)
    assert page.sentence.text() == "t10k-labels: damaged"
    assert page.button.text() == "Try again"
    assert not page.bar.isVisible()


def test_a_second_press_stops_fetching(qtbot, make_page):
    begun, ended = Event(), Event()

    def endless(*_, cancelled, **__):
        begun.set()
        while not cancelled():
            pass
        ended.set()
        raise Cancelled("stopped")

    page = make_page(endless)
    page.fetch()
    qtbot.waitUntil(begun.is_set)
    assert (page.is_busy, page.button.text()) == (True, "Stop")
    press(qtbot, page)
    qtbot.waitUntil(ended.is_set)
    assert not page.is_busy
    assert page.button.text() == "Fetch MNIST"


def test_progress_is_in_megabytes(make_page):
    page = make_page(found)
    page.show_progress("images", 2_500_000, 10_000_000)
    assert page.sentence.text() == "Fetching images: 2.5 of 10.0 MB"
    assert page.bar.value() / page.bar.maximum() == pytest.approx(0.25)


def test_progress_towards_an_unknown_total_has_no_numbers(make_page):
    page = make_page(found)
    page.show_progress("images", 2_500_000, 0)
    assert page.sentence.text() == "Fetching images \N{HORIZONTAL ELLIPSIS}"
    assert (page.bar.minimum(), page.bar.maximum()) == (0, 0)
