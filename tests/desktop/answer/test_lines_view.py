"""Several numbers in a list."""

import pytest

from digitus.desktop.answer.lines_view import LinesView


@pytest.fixture
def view(qtbot):
    made = LinesView()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_every_line_is_there_and_the_rest_can_be_scrolled_to(view):
    lines = [f"{n} 12" for n in range(60)]
    view.show_lines(lines, is_page=True)
    assert view.text.toPlainText().splitlines() == lines
    assert view.text.verticalScrollBar().maximum() > 0


def test_a_page_names_the_command_that_makes_a_table_of_it_and_a_drawing_does_not(view):
    view.show_lines(["12"], is_page=True)
    assert "digitus read FILE" in view.note.text()
    view.show_lines(["12"], is_page=False)
    assert not view.note.isVisible()


def test_brackets_are_explained_where_there_are_any(view):
    view.show_lines(["12 [7]"], is_page=False)
    assert "to be checked" in view.note.text()
