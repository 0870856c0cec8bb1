"""The card of a test image: what it shows, and the requests that it emits."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle, QStyleOptionButton

from digitus.desktop.test_set.image_card import ImageCard
from digitus.recognizer import BLANK, Prediction

PROBABILITIES = np.array([0.01] * 7 + [0.91, 0.01, 0.01], np.float32)
SEVEN = Prediction("digit", digit=7, best_guess=7, confidence=0.91, probabilities=PROBABILITIES)
DECLINED = Prediction("not_a_digit", best_guess=7, confidence=0.91, probabilities=PROBABILITIES)


@pytest.fixture
def card(qtbot):
    card = ImageCard()
    qtbot.addWidget(card)
    card.show()
    return card


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_row_is_shown_as_an_image_with_its_number_and_label(card):
    row = np.arange(784, dtype=np.uint16).astype(np.uint8)
    card.show_row(row, index=17, label=4)
    np.testing.assert_allclose(card.image.values, row.reshape(28, 28) / 255)
    assert card.number.text() == "17"
    assert card.label.text() == "Label 4"
    assert card.image.accessibleName().startswith("Test image 17, ")


@pytest.mark.parametrize(
    ("prediction", "is_right", "answer", "verdict"),
    [
        (SEVEN, True, "Answer 7", "right"),
        (SEVEN, False, "Answer 7", "wrong"),
        (DECLINED, False, "Not a digit", "declined"),
        (BLANK, False, "Blank", "declined"),
    ],
)
def test_an_answer_is_right_wrong_or_declined(card, prediction, is_right, answer, verdict):
    card.show_answer(prediction, is_right=is_right)
    assert card.answer.text() == answer
    assert card.verdict.text().split()[0] == verdict


def test_the_tick_of_the_checked_box_is_painted(card):
    box = card.only_mistakes
    card.blockSignals(True)
    box.setChecked(True)
    option = QStyleOptionButton()
    box.initStyleOption(option)
    place = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    inner = box.grab().toImage().copy(place.adjusted(3, 3, -3, -3))
    colors = {inner.pixel(x, y) for x in range(inner.width()) for y in range(inner.height())}
    assert len(colors) > 2


@pytest.mark.parametrize("width", [300, 480])
def test_the_progress_of_a_search_fits_beside_the_box(card, qtbot, width):
    card.resize(width, 420)
    card.show_progress("the test set", 9800, 10_000)
    text = card.bar.fontMetrics().horizontalAdvance("9800 of 10000 read")
    qtbot.waitUntil(lambda: card.bar.width() > text)


def test_a_problem_takes_the_place_of_the_score_until_the_next_image(card):
    card.show_score(1, 2)
    card.show_problem("There is no 10001.")
    assert card.message.isVisible()
    assert not card.score.isVisible()
    card.show_row(np.zeros(784, np.uint8), index=0, label=0)
    assert card.score.isVisible()


def test_the_next_row_clears_the_answer(card):
    card.show_answer(SEVEN, is_right=True)
    card.show_problem("no such image")
    card.show_row(np.zeros(784, np.uint8), index=0, label=0)
    assert (card.answer.text(), card.verdict.text(), card.message.text()) == ("", "", "")


def test_the_score_is_a_share_and_can_be_reset_once_there_is_one(qtbot, card):
    card.show_score(0, 0)
    assert card.score.text() == "No image counted yet"
    assert not card.restart.isEnabled()
    card.show_score(3, 4)
    assert card.score.text().startswith("3 of 4 right (75")
    with qtbot.waitSignal(card.restart_wanted):
        click(qtbot, card.restart)


def test_each_control_emits_its_request(qtbot, card):
    with qtbot.waitSignal(card.random_wanted):
        click(qtbot, card.random)
    for button, step in ((card.next, 1), (card.previous, -1)):
        with qtbot.waitSignal(card.step_wanted) as request:
            click(qtbot, button)
        assert request.args == [step]
    with qtbot.waitSignal(card.mistakes_wanted) as request:
        card.only_mistakes.click()
    assert request.args == [True]
    card.number.setText("12")
    with qtbot.waitSignal(card.number_entered) as request:
        qtbot.keyClick(card.number, Qt.Key.Key_Return)
    assert request.args == ["12"]


def test_progress_and_mistakes_replace_each_other(card):
    card.show_progress("", 30, 60)
    assert card.bar.isVisible()
    assert (card.bar.value(), card.bar.maximum(), card.count.text()) == (30, 60, "")
    card.show_mistakes(5, 0)
    assert not card.bar.isVisible()
    assert card.count.text() == "5 wrong"
    card.show_mistakes(5, 2)
    assert card.count.text() == "5 wrong, 2 declined"


def test_showing_all_images_unchecks_the_mistakes_without_a_request(qtbot, card):
    card.only_mistakes.setChecked(True)
    with qtbot.assertNotEmitted(card.mistakes_wanted):
        card.show_all()
    assert not card.shows_mistakes_only


def test_the_tool_tip_of_the_number_names_the_last_image(card):
    card.show_size(60)
    assert "0 to 59" in card.number.toolTip()
