"""The answer in words, and the list of several numbers."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.desktop.answer.answer import Answer, ReadPage
from digitus.desktop.answer.answer_panel import AnswerPanel, AnswerView
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


@pytest.fixture
def several(page_of):
    """Return a function that makes the answer to a page of lines."""

    def make(*lines):
        page = page_of(*lines)
        return Answer(NO_DIGIT, page=ReadPage(page, page, np.ones((300, 400), np.float32)))

    return make


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
    view.show_answer(Answer(BLANK, picture=np.ones((20, 20, 3), np.uint8)))
    assert view.headline.text() == "Empty image"


def test_what_is_not_a_digit_is_shown_with_the_best_guess(view):
    view.show_answer(Answer(NO_DIGIT))
    assert words(view) == ("", "Not a digit", "If it is one, a 4: 10.0 %")


def test_several_digits_without_a_reading_are_shown_in_words_and_without_bars(qtbot):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.show_answer(Answer(replace(NO_DIGIT, verdict="several_digits")))
    assert words(panel.answer) == (
        "",
        "More than one digit",
        "They could not be read as a number.",
    )
    assert not any("%" in text for text in panel.bars.texts())


def test_several_lines_are_counted_and_copied_line_by_line(view, several):
    view.show_answer(several("12 7?", "305"))
    assert words(view) == ("", "3 numbers", "in 2 lines, 1 to be checked")
    assert view.text() == "12  [7]\n305"


def test_a_number_is_the_headline_as_it_is_written(view, several):
    view.show_answer(several("-187.50"))
    assert words(view) == ("-187.50", "90.0 % sure", "")
    assert view.text() == "-187.50"


def test_a_doubtful_number_says_so_beside_it(view, several):
    view.show_answer(several("427?"))
    assert words(view) == ("427", "90.0 % sure", "to be checked")


def test_a_short_line_of_numbers_is_the_headline(view, several):
    view.show_answer(several("4 2 7"))
    assert view.digit.text() == "4  2  7"


@pytest.mark.parametrize("width", [300, 460, 640])
def test_a_long_number_fits_beside_the_words(view, several, width):
    view.resize(width, 100)
    view.show()
    view.show_answer(several("1234567890.25"))
    metrics = view.digit.fontMetrics()
    assert metrics.horizontalAdvance(view.digit.text()) <= view.digit.width() <= 0.75 * width
    view.show_answer(Answer(SURE))
    assert view.digit.fontMetrics().height() > metrics.height()


def test_a_page_without_numbers_says_so(view, several):
    view.show_answer(several())
    assert view.headline.text() == "No number found"


def test_several_digits_are_listed_in_place_of_patch_and_bars(qtbot, several):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_answer(several("12 7", "305"))
    assert panel.numbers.isVisible()
    assert not panel.patch.isVisible()
    panel.show_answer(Answer(SURE))
    assert panel.bars.isVisible()
    assert panel.patch.isVisible()
    assert not panel.numbers.isVisible()


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


def test_the_layout_is_the_same_for_every_answer_of_one_digit(qtbot):
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(360, 400)
    panel.show()
    places = []
    for answer in (Answer(SURE), Answer(BLANK), Answer(NO_DIGIT)):
        panel.show_answer(answer)
        qtbot.wait(1)  # lets the layout settle
        parts = (panel.answer.parentWidget(), panel.bars.parentWidget())
        places.append([part.geometry() for part in parts])
    assert all(place == places[0] for place in places)


def test_a_warning_about_the_page_stands_below_the_count(qtbot, several):
    answer = several("12 7?", "305")
    warning = "the page was turned by 90 degrees counterclockwise; check that it is upright"
    warned = replace(answer.page.reading, warnings=(warning,))
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(338, 400)  # as in the smallest window
    panel.show()
    panel.show_answer(replace(answer, page=replace(answer.page, reading=warned)))
    more = panel.answer.more
    assert more.text().startswith("in 2 lines, 1 to be checked\nThe page was turned")
    qtbot.waitUntil(lambda: more.heightForWidth(more.width()) <= more.height())
