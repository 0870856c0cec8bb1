"""The answer in words, and the list of several numbers."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.desktop.answer.answer import Answer
from digitus.desktop.answer.answer_panel import AnswerPanel, AnswerView, LinesView
from digitus.desktop.answer.percents import NO_BREAK
from digitus.recognizer import BLANK, Prediction

SURE = Prediction(
    "digit",
    digit=7,
    confidence=0.987,
    best_guess=7,
    runner_up=(1, 0.01),
    probabilities=(0.0, 0.01, 0, 0, 0, 0, 0, 0.99, 0, 0),
    patch=np.eye(28, dtype=np.float32),
)
NO_DIGIT = Prediction(
    "not_a_digit",
    confidence=0.31,
    best_guess=4,
    runner_up=(9, 0.2),
    probabilities=(0.1,) * 10,
    patch=np.eye(28, dtype=np.float32),
)


@pytest.fixture
def view(qtbot):
    made = AnswerView()
    qtbot.addWidget(made)
    return made


TWO_LINES = Answer(NO_DIGIT, grey=np.ones((20, 20), np.float32), lines=("12  7", "305"))


def words(view):
    labels = (view.digit, view.headline, view.more)
    return tuple(each.text().replace(NO_BREAK, " ") for each in labels)


def test_a_digit_is_shown_with_its_confidence_and_the_runner_up(view):
    view.show_answer(Answer(SURE))
    assert words(view) == ("7", "98.7 % sure", "Otherwise a 1: 1.3 %")
    assert view.text() == "7 (98.7 % sure)"


def test_an_empty_canvas_is_shown_in_words_without_a_digit(view):
    view.show_answer(Answer(SURE))
    view.show_answer(Answer(BLANK))
    assert words(view)[:2] == ("", "Nothing drawn yet")
    assert view.digit.isHidden()
    assert view.text() == ""


def test_an_empty_image_is_not_called_an_empty_canvas(view):
    view.show_answer(Answer(BLANK, grey=np.ones((20, 20), np.float32)))
    assert view.headline.text() == "Empty image"


def test_what_is_not_a_digit_is_shown_with_the_best_guess(view):
    view.show_answer(Answer(NO_DIGIT))
    assert words(view) == ("", "Not a digit", "If it is one, a 4: 10.0 %")


def test_several_digits_are_copied_line_by_line(view):
    view.show_answer(Answer(NO_DIGIT, lines=("12  7", "305")))
    assert view.headline.text() == "Several digits"
    assert view.more.text() == "3 numbers in 2 lines"
    assert view.text() == "12  7\n305"


def test_a_number_is_shown_and_copied_as_it_is_written(view):
    view.show_answer(Answer(NO_DIGIT, lines=("-187.50",)))
    assert view.more.text() == "Read as -187.50"
    assert view.text() == "-187.50"


def test_a_digit_with_a_sign_is_not_called_several_digits(view):
    view.show_answer(Answer(NO_DIGIT, lines=("-4",)))
    assert (view.headline.text(), view.more.text()) == ("A number", "Read as -4")


def test_a_space_inside_a_number_does_not_make_it_two(view):
    view.show_answer(Answer(NO_DIGIT, lines=("1 204  7", "305")))
    assert view.more.text() == "3 numbers in 2 lines"


def test_a_few_digits_are_shown_in_a_sentence(view):
    view.show_answer(Answer(NO_DIGIT, lines=("4  2  7",)))
    assert view.more.text() == "Read as 4  2  7"


def test_several_digits_are_listed_in_place_of_patch_and_bars(qtbot):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_answer(TWO_LINES)
    assert panel.lines.isVisible()
    assert panel.lines.text.toPlainText() == "12  7\n305"
    assert panel.patch.patch is None
    panel.show_answer(Answer(SURE))
    assert panel.bars.isVisible()
    assert not panel.lines.isVisible()


def test_words_and_bars_show_the_same_percentages(qtbot):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    for found in (SURE, NO_DIGIT):
        panel.show_answer(Answer(found))
        told = " ".join(words(panel.answer)).replace("sure", "")
        bar = panel.bars.texts()[found.best_guess].split(": ")[1]
        assert bar in told


def test_eight_takes_the_article_an(view):
    as_eight = replace(NO_DIGIT, best_guess=8)
    view.show_answer(Answer(as_eight))
    assert "an 8" in view.more.text()


def test_the_accessible_name_is_the_complete_answer(view):
    view.show_answer(Answer(SURE))
    assert view.accessibleName() == "7. 98.7 % sure. Otherwise a 1: 1.3 %"


def test_the_layout_is_the_same_for_every_answer(qtbot):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(360, 400)
    panel.show()
    places = []
    for answer in (Answer(SURE), Answer(BLANK), Answer(NO_DIGIT), Answer(SURE, lines=("1",) * 9)):
        panel.show_answer(answer)
        qtbot.wait(1)  # lets the layout settle
        parts = (panel.answer.parentWidget(), panel.bars.parentWidget())
        places.append([part.geometry() for part in parts])
    assert all(place == places[0] for place in places)


@pytest.fixture
def lines_view(qtbot):
    made = LinesView()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_every_line_is_listed_and_can_be_scrolled_to(lines_view):
    lines = [f"{n} 12" for n in range(60)]
    lines_view.show_lines(lines, is_image=True)
    assert lines_view.text.toPlainText().splitlines() == lines
    assert lines_view.text.verticalScrollBar().maximum() > 0


def test_only_a_page_names_the_command_for_tables(lines_view):
    lines_view.show_lines(["12"], is_image=True)
    assert "digitus read FILE" in lines_view.note.text()
    lines_view.show_lines(["12"], is_image=False)
    assert not lines_view.note.isVisible()


def test_brackets_are_explained_if_there_are_any(lines_view):
    lines_view.show_lines(["12 [7]"], is_image=False)
    assert "to be checked" in lines_view.note.text()
