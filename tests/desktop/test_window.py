"""The window in use: drawing with the mouse, switching pages and models, closing."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from digitus.desktop.answer.answer import Answer, ReadPage
from digitus.desktop.canvas.drawing import CANVAS_PX
from digitus.desktop.numbers.saving import save_numbers
from digitus.recognizer import BLANK, Prediction
from digitus.synthesis.pen.digit_strokes import draw_digit, place

NO_DIGIT = Prediction(
    "not_a_digit",
    confidence=0.001,
    best_guess=8,
    runner_up=(9, 0.1),
    probabilities=(0.1,) * 10,
    patch=np.eye(28, dtype=np.float32),
)


@pytest.fixture(scope="module")
def expected_percents():
    return lambda bars: sum(round(10 * share) for share in bars.percents)


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_with_the_mouse_wins_in_the_bars(window, draw, digit, expected_percents):
    draw(window, digit)
    panel = window.frame.answers
    assert panel.bars.winner == digit
    assert panel.bars.percents[digit] == max(panel.bars.percents)
    assert expected_percents(panel.bars) == 1000
    assert panel.answer.digit.text() == str(digit)


def test_both_papers_give_the_same_patch(window, draw, answered):
    draw(window, 6)
    on_white = window.shown.prediction.patch
    first = window.canvas.paper
    window.actions_.black_paper.trigger()
    window.recognize()
    answered(window)
    np.testing.assert_array_equal(window.shown.prediction.patch, on_white)
    assert {first, window.canvas.paper} == {"white", "black"}


def test_the_paper_follows_the_theme_until_one_is_chosen(make_window, preferences):
    window = make_window()
    papers = []
    for theme in ("dark", "light"):
        window.actions_.themes[theme].trigger()
        papers.append(window.canvas.paper)
    assert papers == ["black", "white"]
    window.actions_.black_paper.trigger()
    window.actions_.themes["dark"].trigger()
    window.actions_.themes["light"].trigger()
    assert window.canvas.paper == "black"
    window.actions_.black_paper.trigger()
    assert preferences.paper is None
    window.actions_.themes["system"].trigger()


def test_the_button_to_recognize_is_loud_only_where_it_has_to_be_pressed(window):
    recognize = window.frame.draw_page._recognize
    assert not recognize.property("main")
    window.actions_.at_once.trigger()
    assert recognize.property("main")


def test_the_patch_shown_is_the_array_that_the_network_got(window, draw, monkeypatch):
    given = []
    classify = window.choice.model.classify
    monkeypatch.setattr(
        window.choice.model,
        "classify",
        lambda pixels: given.append(pixels.copy()) or classify(pixels),
    )
    draw(window, 2)
    seen = window.frame.answers.patch.patch
    np.testing.assert_array_equal(given[-1].reshape(28, 28), seen * 255)


def test_fifty_predictions_create_no_widgets(window, draw):
    draw(window, 0)
    before = len(window.findChildren(QWidget))
    for number in range(50):
        draw(window, number % 10, seed=number)
    assert len(window.findChildren(QWidget)) == before


def test_an_empty_canvas_is_shown_in_words(window, draw, answered):
    draw(window, 3)
    window.actions_.clear.trigger()
    answered(window)
    panel = window.frame.answers
    assert panel.answer.headline.text() == "Nothing drawn yet"
    assert panel.bars.percents == []
    assert panel.patch.patch is None
    assert window.canvas.drawing.strokes == []


def test_a_scribble_is_not_a_digit(window, drag, answered):
    corners = [(40, 40), (240, 240), (240, 40), (40, 240), (140, 20), (140, 260), (20, 140)]
    drag(window.canvas, [(float(x), float(y)) for x, y in corners])
    answered(window)
    assert window.frame.answers.answer.headline.text() == "Not a digit"
    assert window.frame.answers.bars.winner is None


def test_undo_and_redo_are_recognized(window, draw, answered):
    draw(window, 1)
    window.actions_.undo.trigger()
    answered(window)
    assert window.frame.answers.bars.winner is None
    window.actions_.redo.trigger()
    answered(window)
    assert window.frame.answers.bars.winner == 1


def test_recognition_can_be_left_to_the_button(window, draw, answered):
    window.actions_.at_once.trigger()
    draw(window, 4)
    assert window.frame.answers.bars.percents == []
    window.actions_.recognize.trigger()
    answered(window)
    assert window.frame.answers.bars.winner == 4


@pytest.mark.parametrize("mode", ["test_set", "image"])
def test_switching_the_page_clears_the_answer_and_keeps_the_drawing(window, draw, mode, answered):
    draw(window, 8)
    getattr(window.actions_, mode).trigger()
    assert window.frame.answers.bars.percents == []
    assert window.shown is None
    assert not window.actions_.undo.isEnabled()
    assert not window.frame.draw_page.isEnabled()
    drawn = list(window.canvas.drawing.strokes)
    window.actions_.draw.trigger()
    answered(window)
    assert window.canvas.drawing.strokes == drawn != []
    assert window.frame.answers.bars.winner == 8


def test_a_message_is_cleared_when_its_image_is_gone(window, draw, drag):
    window.show_message("Kept as an 8 in your corrections.")
    window.actions_.image.trigger()
    assert window.statusBar().currentMessage() == ""
    window.actions_.draw.trigger()
    window.show_message("Kept as an 8 in your corrections.")
    draw(window, 2)
    assert window.statusBar().currentMessage() == ""


def test_several_digits_drawn_have_no_patch_to_correct(window, page_of):
    page = page_of("427")
    window.show_answer(Answer(NO_DIGIT, page=ReadPage(page, page, np.ones((300, 400), np.float32))))
    assert not window.actions_.correct.isEnabled()
    assert window.actions_.copy.isEnabled()
    assert window.frame.answers.numbers.isVisible()
    assert window.actions_.save_numbers.isEnabled()


def test_closing_while_a_digit_is_being_read_is_clean(make_window, qtbot):
    window = make_window()
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        go_on.wait(0.2)
        return Answer(BLANK)

    threads = threading.active_count()
    window.recognition.request(slow)
    qtbot.waitUntil(begun.is_set)
    assert window.close()
    assert threading.active_count() == threads
    qtbot.wait(10)  # whatever was still on its way arrives now


def test_a_model_that_fails_to_load_changes_nothing(window, draw, tmp_path):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"no model")
    before = window.choice.recognizer
    window.choice.choose(str(damaged))
    sentence = window.statusBar().currentMessage()
    assert str(damaged) in sentence
    assert "\n" not in sentence
    assert window.choice.recognizer is before
    assert window.models.actions()[0].isChecked()
    draw(window, 5)
    assert window.frame.answers.bars.winner == 5


def test_another_model_reads_the_drawing_again(window, draw, answered):
    draw(window, 7)
    window.models.actions()[1].trigger()
    answered(window)
    assert window.choice.model.name == "mlp"
    assert window.frame.model_button.text() == "mlp"
    assert window.shown.model == "mlp"
    assert window.frame.answers.bars.winner == 7


def test_all_preferences_are_restored(make_window, preferences):
    window = make_window()
    window.resize(760, 560)
    window.actions_.themes["dark"].trigger()
    window.actions_.black_paper.trigger()
    window.actions_.at_once.trigger()
    window.actions_.thicker.trigger()
    window.models.actions()[1].trigger()
    brush_px = window.canvas.brush_px
    window.close()
    again = make_window(preferences.model)
    assert (again.width(), again.height()) == (760, 560)
    assert again.canvas.paper == "white"
    assert again.canvas.brush_px == brush_px
    assert not again.actions_.at_once.isChecked()
    assert again.actions_.themes["dark"].isChecked()
    assert again.choice.model.name == "mlp"
    again.actions_.themes["system"].trigger()


def test_every_button_and_field_has_a_tip_and_an_accessible_name(window):
    ours = [
        widget
        for widget in window.frame.findChildren(QWidget)
        if isinstance(widget, QAbstractButton) or widget is window.frame.draw_page.brush
        if not widget.objectName().startswith("qt_")  # Qt's own, such as a hidden corner of a table
    ]
    assert len(ours) > 10
    for widget in ours:
        assert widget.accessibleName(), widget
        assert widget.toolTip(), widget.accessibleName()


def test_the_tab_key_reaches_all_tools_and_returns(window):
    start = window.canvas
    start.setFocus()
    walked, widget = [], start.nextInFocusChain()
    while widget is not start:
        walked.append(widget)
        widget = widget.nextInFocusChain()
    buttons = [each.accessibleName() for each in walked if isinstance(each, QAbstractButton)]
    assert buttons.index("Undo") < buttons.index("Clear") < buttons.index("Recognize")


def test_the_window_can_be_as_small_as_720_by_480(window):
    window.resize(100, 100)
    assert (window.width(), window.height()) == (720, 480)
    square = window.canvas.square()
    assert min(square.width(), square.height()) > 250


def test_the_dialogs_of_keys_and_model_leave_no_widgets_behind(window, qtbot):
    before = len(window.findChildren(QWidget))
    for action in (window.actions_.keys, window.actions_.card):
        QTimer.singleShot(0, lambda: QApplication.activeModalWidget().reject())
        action.trigger()
    qtbot.waitUntil(lambda: len(window.findChildren(QWidget)) == before)


def test_a_slow_answer_replaces_the_old_one_by_a_hint(window, draw):
    draw(window, 3)
    window.recognition.slow.emit()
    assert window.frame.answers.answer.more.text() == "Reading…"
    assert window.shown is None


def test_a_deleted_number_is_not_saved_and_comes_back_with_undo(window, page_of, tmp_path):
    page = page_of("17 204", "9")
    read = ReadPage(page, page, np.ones((300, 400), np.float32))
    window.show_answer(Answer(NO_DIGIT, page=read))
    table = window.frame.answers.numbers.table
    table.setCurrentCell(0, 1)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    saved = save_numbers(tmp_path / "numbers.csv", [window.shown.answer.page]).read_text()
    assert "204" not in saved
    assert "17" in saved
    QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    saved = save_numbers(tmp_path / "numbers.csv", [window.shown.answer.page]).read_text()
    assert "204" in saved


def test_a_box_stands_around_each_drawn_digit_until_the_drawing_changes(window, drag, answered):
    middles = []
    for i, digit in enumerate((4, 2, 7)):
        strokes = draw_digit(digit, np.random.default_rng(5 + i), freedom=0.6)
        placed = place(strokes, size=80, left=10 + 88 * i, top=90 + 12 * i)
        for stroke in placed:
            drag(window.canvas, list(stroke))
        middles.append(np.concatenate([np.asarray(stroke) for stroke in placed]).mean(axis=0))
    answered(window)
    drawn, sure = window.canvas.drawn(), [one.box for one in window.canvas.boxes]
    margins = (drawn.width - CANVAS_PX) / 2, (drawn.height - CANVAS_PX) / 2
    assert len(sure) == 3
    for (left, top, width, height), (x, y) in zip(sorted(sure), middles, strict=True):
        assert left < x + margins[0] < left + width
        assert top < y + margins[1] < top + height
    window.canvas.clear()
    assert window.canvas.boxes == []
