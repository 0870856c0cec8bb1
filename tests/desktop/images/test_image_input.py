"""Images from outside: dialog, drop, clipboard."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from digitus.desktop.images.image_input import has_image
from digitus.imaging.strokes import render_strokes
from digitus.reader import UprightPage
from digitus.recognizer import Recognizer


@pytest.fixture(autouse=True)
def page_reader(monkeypatch, page_of):
    """Put a page reader in place that finds no number, or these lines on every page."""

    def put(*lines):
        def read_upright(self, page):
            grey, _ = page.grey()
            reading = replace(page_of(*lines), source=page.source, page=page.page)
            return UprightPage(grey, reading, reading, lambda channel: channel)

        monkeypatch.setattr("digitus.reader.pipeline.reader.Reader.read_upright", read_upright)

    put()
    return put


@pytest.fixture
def document(tmp_path):
    """Return a function that makes a document with a red, a green and a blue page."""

    def make(kind):
        pages = [Image.new("RGB", (400, 300), color) for color in ("#fcc", "#cfc", "#ccf")]
        path = tmp_path / f"three.{kind.lower()}"
        pages[0].save(path, kind, save_all=True, append_images=pages[1:])
        return path

    return make


@pytest.fixture
def image(tmp_path, digit_strokes):
    """An image of a four in dark ink on light paper."""
    ink = render_strokes(digit_strokes(4), width=280, height=280, pen_px=20)
    path = tmp_path / "four.png"
    Image.fromarray(np.uint8(235 - 200 * ink)).save(path)
    return path


def drop(window, data):
    place, copy = QPointF(100, 100), Qt.DropAction.CopyAction
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(place, copy, data, button, none))


def test_an_image_from_the_dialog_is_read_by_the_recognizer(window, answered, image, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(image), ""))
    window.actions_.open.trigger()
    answered(window)
    expected = Recognizer().predict(image)
    assert window.shown.prediction == expected
    np.testing.assert_array_equal(window.shown.prediction.patch, expected.patch)
    assert window.frame.image_page.view.image is not None
    assert window.actions_.image.isChecked()


def test_a_dropped_file_is_read(window, answered, image):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(image))])
    assert has_image(data)
    drop(window, data)
    answered(window)
    assert window.shown.prediction.digit == 4


def test_a_pasted_image_is_read(window, answered, digit_strokes):
    window.canvas.drawing.replace(digit_strokes(2))
    QApplication.clipboard().setImage(window.canvas.image())
    window.actions_.paste.trigger()
    answered(window)
    assert window.shown.prediction.digit == 2


def test_pasting_without_an_image_says_so(window):
    QApplication.clipboard().setText("no image")
    window.actions_.paste.trigger()
    assert window.statusBar().currentMessage().startswith("There is no image")


def test_the_image_is_read_again_when_its_page_is_shown_again(window, answered, image):
    window.open_image(str(image))
    answered(window)
    window.actions_.draw.trigger()
    assert window.frame.image_page.view.image is None
    window.actions_.image.trigger()
    answered(window)
    assert window.frame.image_page.view.image is not None
    assert window.shown.prediction.digit == 4


def test_a_damaged_image_is_one_sentence_and_no_old_answer_stays(window, answered, tmp_path):
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\ngarbage")
    window.open_image(str(damaged))
    answered(window)
    panel = window.frame.answers
    assert panel.answer.headline.text() == "No answer"
    assert "damaged.png" in panel.answer.more.text()
    assert panel.bars.percents == []


def test_an_empty_image_is_answered_as_empty(window, answered, tmp_path):
    empty = tmp_path / "empty.png"
    Image.new("L", (100, 100), 255).save(empty)
    window.open_image(str(empty))
    answered(window)
    assert window.frame.answers.answer.headline.text() == "Empty image"


def test_several_digits_are_handed_to_the_page_reader(window, answered, image, page_reader):
    page_reader("30", "5?")
    window.open_image(str(image))
    answered(window)
    assert window.frame.answers.answer.text() == "30\n[5]"
    assert window.frame.answers.bars.winner is None
    assert len(window.frame.image_page.view.boxes) == 2


def test_a_page_of_one_digit_is_answered_as_one_digit(window, answered, image, page_reader):
    page_reader("9")
    window.open_image(str(image))
    answered(window)
    assert window.shown.prediction.digit == 4
    assert window.frame.answers.bars.winner == 4
    assert window.frame.image_page.view.boxes == []


def test_selecting_a_number_and_its_box_go_together(window, answered, image, page_reader):
    page_reader("30 17", "5?")
    window.open_image(str(image))
    answered(window)
    view, numbers = window.frame.image_page.view, window.frame.answers.numbers
    view.number_clicked.emit((0, 1))
    assert numbers.current().text == "17"
    assert view.chosen == numbers.current().box


def test_a_correction_changes_headline_boxes_and_what_is_copied(
    window, answered, image, page_reader
):
    page_reader("30", "5?")
    window.open_image(str(image))
    answered(window)
    numbers, view = window.frame.answers.numbers, window.frame.image_page.view
    assert "1 to be checked" in window.frame.answers.answer.more.text()
    numbers.choose((1, 0))
    numbers.correct("6.5")
    assert window.shown.text == "30\n6.5"
    assert "to be checked" not in window.frame.answers.answer.more.text()
    assert not any(box.to_check for box in view.boxes)
    numbers.correct("x")
    assert "no number" in window.statusBar().currentMessage()
    assert window.shown.text == "30\n6.5"


def test_a_correction_stays_while_another_page_of_the_window_is_open(
    window, answered, image, page_reader
):
    page_reader("30", "5?")
    window.open_image(str(image))
    answered(window)
    window.correct_number((1, 0), "8")
    window.actions_.draw.trigger()
    window.actions_.image.trigger()
    answered(window)
    assert window.shown.text == "30\n8"


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_document_has_a_page_switch(window, answered, document, page_reader, kind):
    page_reader("30 17")
    window.open_image(str(document(kind)))
    answered(window)
    page, actions = window.frame.image_page, window.actions_
    assert page.pages.isVisible()
    assert page.pages.text() == "1 of 3"
    assert not actions.previous_page.isEnabled()
    colors = set()
    for place in ("2 of 3", "3 of 3"):
        actions.next_page.trigger()
        answered(window)
        assert page.pages.text() == place
        colors.add(page.view.image.pixelColor(5, 5).hue())
    assert len(colors) == 2
    assert not actions.next_page.isEnabled()
    actions.previous_page.trigger()
    answered(window)
    assert page.pages.text() == "2 of 3"


def test_an_image_of_one_page_has_no_switch(window, answered, image, page_reader):
    page_reader("30 17")
    window.open_image(str(image))
    answered(window)
    assert not window.frame.image_page.pages.isVisible()


def test_the_numbers_of_all_pages_are_saved_with_corrections(
    window, qtbot, answered, document, page_reader, tmp_path, monkeypatch
):
    page_reader("30 17?")
    window.open_image(str(document("TIFF")))
    answered(window)
    window.correct_number((0, 1), "71")
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "Tables (*.csv)"))
    with qtbot.waitSignal(window.commands.reported, check_params_cb=lambda text: "Saved" in text):
        window.actions_.save_numbers.trigger()
    with target.open(encoding="utf-8", newline="") as file:
        rows = [(row["page"], row["text"], row["to_check"]) for row in csv.DictReader(file)]
    expected = [("1", "30", "no"), ("1", "71", "no")]
    for page in ("2", "3"):
        expected += [(page, "30", "no"), (page, "17", "yes")]
    assert rows == expected


def test_a_workbook_is_saved_if_that_kind_is_chosen(
    window, qtbot, answered, image, page_reader, tmp_path, monkeypatch
):
    page_reader("30 17?")
    window.open_image(str(image))
    answered(window)
    chosen = (str(tmp_path / "numbers.csv"), "Workbooks (*.xlsx)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    with qtbot.waitSignal(window.commands.reported, check_params_cb=lambda text: "Saved" in text):
        window.actions_.save_numbers.trigger()
    assert (tmp_path / "numbers.xlsx").read_bytes().startswith(b"PK")


def test_there_is_nothing_to_save_without_numbers(window, draw):
    draw(window, 3)
    assert not window.actions_.save_numbers.isEnabled()


def test_another_model_reads_the_page_anew(window, answered, image, page_reader):
    page_reader("30", "5?")
    window.open_image(str(image))
    answered(window)
    window.correct_number((1, 0), "8")
    window.models.actions()[1].trigger()
    answered(window)
    assert window.shown.model == "mlp"
    assert window.shown.text == "30\n[5]"


def test_what_is_left_out_of_an_animation_is_said(window, answered, image, tmp_path):
    path = tmp_path / "moving.gif"
    with Image.open(image) as first:
        first.save(path, save_all=True, append_images=[Image.new("L", first.size, 90)])
    window.open_image(str(path))
    answered(window)
    assert window.shown.prediction.digit == 4
    assert window.statusBar().currentMessage() == (
        "It is an animation, of which the first frame alone is read."
    )
