"""The panel of test images on a small artificial set."""

from threading import Event
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from PySide6.QtCore import Qt

from digitus.data import DataSet, Samples
from digitus.data.mnist import fetch_mnist
from digitus.data.sources.remote import MNIST, is_whole
from digitus.desktop.test_set.panel import TestSetPanel
from digitus.errors import DataError, DownloadError
from digitus.models.model import Classification, split_classes
from digitus.recognizer import Recognizer

N = 60
WRONG = np.arange(N) % 9 == 4


class FirstPixel:
    """Reads the first pixel as the digit; ``shift`` makes another model of it."""

    digit_threshold = 0.0

    def __init__(self, shift=0):
        self.shift, self.given, self.gate = shift, [], None

    def classify(self, pixels):
        self.given.append(pixels)
        if self.gate is not None and len(pixels) > 1:
            self.gate.wait(10)
        return split_classes(np.eye(10)[(pixels[:, 0].round().astype(int) + self.shift) % 10])


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (N, 784), np.uint8)
    pixels[:, 0] = np.arange(N) % 10
    test = Samples(pixels, (pixels[:, 0] + WRONG) % 10, "made up")
    return DataSet("made up", test, test)


@pytest.fixture
def open_panel(qtbot, data):
    panels = []

    def make(*, seed=0, model=None, load=lambda *_, **__: data, recognizer=None):
        recognizer = recognizer or Recognizer(model or FirstPixel())
        panel = TestSetPanel(np.random.default_rng(seed), recognizer=recognizer, load=load)
        qtbot.addWidget(panel)
        panels.append(panel)
        panel.show()
        qtbot.waitUntil(lambda: not panel.is_busy)
        return panel

    yield make
    for panel in panels:
        panel.close()
    qtbot.waitUntil(lambda: "digitus-task" not in {thread.name for thread in enumerate_threads()})


@pytest.fixture
def panel(open_panel):
    return open_panel()


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def enter(qtbot, panel, text):
    panel.page.number.setText(text)
    qtbot.keyClick(panel.page.number, Qt.Key.Key_Return)


def walk(qtbot, panel, n=8):
    seen = [panel.index]
    for _ in range(n):
        click(qtbot, panel.page.random)
        seen.append(panel.index)
    return seen


def test_the_same_seed_walks_the_same_images(qtbot, open_panel):
    first = walk(qtbot, open_panel(seed=3))
    assert walk(qtbot, open_panel(seed=3)) == first
    assert walk(qtbot, open_panel(seed=4)) != first


def test_the_network_gets_the_stored_784_values(qtbot, open_panel, data):
    model = FirstPixel()
    panel = open_panel(model=model)
    np.testing.assert_allclose(model.given[-1][0], data.test.pixels[panel.index], atol=1e-4)
    np.testing.assert_array_equal(
        np.rint(panel.page.image.values * 255).ravel(), data.test.pixels[panel.index]
    )


def test_each_answer_is_emitted_with_label_and_number(qtbot, panel, data):
    answers = []
    panel.answered.connect(lambda *given: answers.append(given))
    enter(qtbot, panel, "17")
    ((prediction, label, index),) = answers
    assert prediction.digit == 7
    assert (label, index) == (data.test.labels[17], 17)


@pytest.mark.parametrize("text", ["60", "-1", "abc", "", "1e99"])
def test_an_invalid_number_is_a_message_and_the_image_stays(qtbot, panel, text):
    before = panel.index
    enter(qtbot, panel, text)
    assert "go from 0 to 59" in panel.page.message.text()
    assert panel.index == before
    enter(qtbot, panel, "5")
    assert panel.page.message.text() == ""
    assert panel.index == 5


def test_a_key_goes_to_the_number_and_others_walk(qtbot, panel):
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    enter(qtbot, panel, "7")
    panel.page.random.setFocus()
    qtbot.keyClick(panel, Qt.Key.Key_G)
    assert panel.page.number.hasFocus()
    assert panel.page.number.selectedText() == "7"
    qtbot.keyClick(panel.page.random, Qt.Key.Key_PageDown)
    assert panel.index == 8
    qtbot.keyClick(panel.page.random, Qt.Key.Key_PageUp)
    assert panel.index == 7


def test_next_and_previous_go_by_number(qtbot, panel):
    enter(qtbot, panel, "59")
    click(qtbot, panel.page.next)
    assert panel.index == 0
    click(qtbot, panel.page.previous)
    assert panel.index == 59
    assert panel.page.number.text() == "59"


def test_right_and_wrong_differ_in_words_and_shapes(qtbot, panel, data):
    enter(qtbot, panel, "3")
    assert panel.page.verdict.text().startswith("right")
    assert panel.page.mark.is_right is True
    enter(qtbot, panel, "4")
    assert panel.page.label.text() == "Label 5"
    assert panel.page.answer.text() == "Answer 4"
    assert panel.page.verdict.text().startswith("wrong")
    assert panel.page.mark.is_right is False


def test_the_score_counts_each_image_once_and_can_be_reset(qtbot, panel):
    click(qtbot, panel.page.restart)
    for text in ("3", "4", "3", "5"):
        enter(qtbot, panel, text)
    assert panel.page.score.text() == "2 of 3 right (66.7 %)"
    click(qtbot, panel.page.restart)
    assert panel.page.score.text() == "No image counted yet"
    assert not panel.page.restart.isEnabled()


def only_mistakes(qtbot, panel):
    panel.page.only_mistakes.click()
    qtbot.waitUntil(lambda: not panel.is_busy)


def test_the_filter_shows_mistakes_only(qtbot, panel):
    only_mistakes(qtbot, panel)
    assert panel.page.count.text() == "7 wrong"
    seen = set(walk(qtbot, panel, 10))
    for _ in range(10):
        click(qtbot, panel.page.next)
        seen.add(panel.index)
    assert seen == set(np.flatnonzero(WRONG))
    enter(qtbot, panel, "3")
    assert "not a mistake" in panel.page.message.text()
    assert panel.index != 3


def test_a_declined_image_is_not_counted_as_wrong(qtbot, open_panel):
    class Doubter(FirstPixel):
        digit_threshold = 0.5

        def classify(self, pixels):
            probabilities, digit = super().classify(pixels)
            digit[pixels[:, 0].round() == 2] = 0.1
            return Classification(probabilities, digit)

    panel = open_panel(model=Doubter())
    only_mistakes(qtbot, panel)
    assert panel.page.count.text() == "7 wrong, 5 declined"  # the sixth 2 is a wrong one
    enter(qtbot, panel, "12")
    assert panel.page.answer.text() == "Not a digit"
    assert panel.page.verdict.text().startswith("declined")
    assert panel.page.mark.is_right is False


def test_without_the_filter_all_images_are_shown_again(qtbot, panel):
    only_mistakes(qtbot, panel)
    only_mistakes(qtbot, panel)
    enter(qtbot, panel, "3")
    assert panel.index == 3
    assert panel.page.count.text() == ""


def test_mistakes_do_not_count_while_they_are_filtered(qtbot, panel):
    before = panel.page.score.text()
    only_mistakes(qtbot, panel)
    walk(qtbot, panel)
    assert panel.page.score.text() == before


def test_another_model_has_other_mistakes_and_a_new_score(qtbot, panel):
    enter(qtbot, panel, "3")
    only_mistakes(qtbot, panel)
    panel.set_recognizer(Recognizer(FirstPixel(shift=1)))
    qtbot.waitUntil(lambda: not panel.is_busy)
    assert panel.page.count.text() == "53 wrong"
    assert panel.page.score.text() == "No image counted yet"
    assert panel.prediction.digit != panel.samples.labels[panel.index]


def test_another_model_in_the_middle_of_the_search_begins_a_new_one(qtbot, open_panel):
    model = FirstPixel()
    panel = open_panel(model=model)
    model.gate = Event()
    panel.page.only_mistakes.click()
    qtbot.waitUntil(lambda: len(model.given[-1]) > 1)
    panel.set_recognizer(Recognizer(FirstPixel(shift=1)))
    model.gate.set()
    qtbot.waitUntil(lambda: not panel.is_busy)
    assert panel.page.count.text() == "53 wrong"
    assert panel.page.shows_mistakes_only


def test_another_model_reads_the_same_image_anew(qtbot, panel):
    enter(qtbot, panel, "3")
    panel.set_recognizer(Recognizer(FirstPixel(shift=1)))
    assert panel.index == 3
    assert panel.page.answer.text() == "Answer 4"
    assert panel.page.score.text() == "0 of 1 right (0.0 %)"


def test_closing_in_the_search_for_mistakes_is_clean(qtbot, open_panel):
    model = FirstPixel()
    panel = open_panel(model=model)
    model.gate = Event()
    panel.page.only_mistakes.click()
    qtbot.waitUntil(lambda: len(model.given[-1]) > 1)
    panel.close()
    model.gate.set()
    assert not panel.is_busy
    assert not panel.page.shows_mistakes_only


def test_a_search_that_fails_is_a_message(qtbot, open_panel):
    class Broken(FirstPixel):
        def classify(self, pixels):
            if len(pixels) > 1:
                raise DataError("this model cannot read so much")
            return super().classify(pixels)

    panel = open_panel(model=Broken())
    only_mistakes(qtbot, panel)
    assert panel.page.message.text() == "this model cannot read so much"
    assert not panel.page.shows_mistakes_only


def test_walking_leaves_the_widget_count_constant(qtbot, panel):
    before = len(panel.findChildren(object))
    walk(qtbot, panel, 50)
    assert len(panel.findChildren(object)) == before


# Where MNIST is not on this machine


def absent(*_, offline, **__):
    raise DownloadError("the network is down" if not offline else "not here")


def test_without_mnist_there_is_a_sentence_and_a_button(qtbot, open_panel):
    panel = open_panel(load=absent)
    assert "not on this machine" in panel.fetch.sentence.text()
    assert panel.fetch.button.isVisible()
    click(qtbot, panel.fetch.button)
    qtbot.waitUntil(lambda: not panel.is_busy)
    assert panel.fetch.sentence.text() == "the network is down"
    assert panel.fetch.button.text() == "Try again"


def test_a_damaged_folder_is_a_sentence(open_panel):
    def damaged(*_, **__):
        raise DataError("t10k: expected 16 bytes, found 3; delete the file")

    assert "found 3" in open_panel(load=damaged).fetch.sentence.text()


def test_an_unexpected_failure_is_a_sentence_too(open_panel):
    def broken(*_, **__):
        raise RuntimeError("boom")

    assert open_panel(load=broken).fetch.sentence.text() == "RuntimeError: boom"


class SlowMirror:
    """A source beside the network that sends one block and then waits to be stopped."""

    def __init__(self):
        self.is_asked, self.has_ended = Event(), Event()

    def __call__(self, files, watch):
        try:
            while True:
                watch.report("t10k-images", 4_000_000, 10_000_000)
                self.is_asked.set()
                Event().wait(0.01)
        finally:
            self.has_ended.set()
        yield  # a source is a generator


def test_a_stopped_fetch_leaves_nothing_half_written(qtbot, open_panel, tmp_path, monkeypatch):
    monkeypatch.delenv("DIGITUS_DATA", raising=False)
    monkeypatch.setattr("digitus.data.mnist.cache_folder", lambda: tmp_path / "mnist")
    mirror = SlowMirror()

    def slow(*_, offline, progress, cancelled):
        fetch_mnist(
            progress=progress,
            cancelled=cancelled,
            offline=offline,
            mirrors=(),
            registries=[mirror],
        )
        raise AssertionError("the fetch went on")

    panel = open_panel(load=slow)
    click(qtbot, panel.fetch.button)
    qtbot.waitUntil(lambda: panel.fetch.bar.value() == 400)
    assert "4.0 of 10.0 MB" in panel.fetch.sentence.text()
    assert panel.fetch.button.text() == "Stop"
    click(qtbot, panel.fetch.button)
    assert mirror.has_ended.wait(10)
    assert not panel.is_busy
    assert "not on this machine" in panel.fetch.sentence.text()
    assert not any(is_whole(tmp_path / "mnist", file) for file in MNIST)
    assert not list(tmp_path.rglob("*.*"))


def test_after_a_fetch_the_images_are_shown(qtbot, open_panel, data):
    def later(*_, offline, **__):
        if offline:
            raise DownloadError("not here")
        return data

    panel = open_panel(load=later)
    assert panel.samples is None
    click(qtbot, panel.fetch.button)
    qtbot.waitUntil(lambda: panel.index is not None)
    assert panel.page.isVisible()


@pytest.mark.mnist
def test_the_real_test_set_keeps_its_order(qtbot, open_panel, mnist):
    panel = open_panel(load=lambda *_, **__: mnist, recognizer=Recognizer("mlp"))
    assert panel.walk.n == 10_000
    enter(qtbot, panel, "0")
    assert panel.page.label.text() == "Label 7"
    enter(qtbot, panel, "10000")
    assert "go from 0 to 9999" in panel.page.message.text()
