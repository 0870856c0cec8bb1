"""The table of numbers: what it shows, and how it is corrected by keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from digitus.desktop.answer.percents import NO_BREAK
from digitus.desktop.numbers.corrected import with_correction
from digitus.desktop.numbers.numbers_view import NumbersView
from digitus.reader.results.reading import Cell, Grid


@pytest.fixture
def view(qtbot, page_of):
    """A view of two lines that shows what is corrected, as the window does."""
    made = NumbersView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.page = page_of("17 204? 58", "9? 3.5")

    def correct(place, text):
        made.page = with_correction(made.page, place, text)
        made.show_page(made.page)

    made.corrected.connect(correct)
    made.show_page(made.page)
    made.show()
    return made


def texts(view):
    table = view.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def type_into(view, qtbot, text):
    QTest.keyClick(view.table, Qt.Key(ord(text[0])), Qt.KeyboardModifier.NoModifier)
    editor = view.table.findChild(QLineEdit)
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, Qt.Key.Key_Return)


def test_numbers_are_shown_as_they_are_written_in_columns(view):
    assert texts(view) == [["17", "204", "58"], ["9", "3.5", ""]]


def test_a_number_to_check_differs_by_color_and_is_said(view):
    sure, doubtful = view.table.item(0, 0), view.table.item(0, 1)
    assert sure.background().style() == Qt.BrushStyle.NoBrush
    assert doubtful.background().color().alpha() > 0
    assert "to be checked" in doubtful.data(Qt.ItemDataRole.AccessibleTextRole)
    image = view.table.viewport().grab().toImage()
    spots = [view.table.visualItemRect(item).topLeft() for item in (sure, doubtful)]
    colors = {image.pixel(spot.x() + 4, spot.y() + 4) for spot in spots}
    assert len(colors) == 2


def test_typing_corrects_the_number_and_goes_to_the_next_one_to_check(view, qtbot):
    view.table.setCurrentCell(0, 1)
    type_into(view, qtbot, "209.5")
    qtbot.waitUntil(lambda: texts(view)[0] == ["17", "209.5", "58"])
    assert view.page.lines[0].numbers[1].value == 209.5
    qtbot.waitUntil(lambda: view.current().text == "9")


def test_enter_edits_and_escape_keeps_the_number(view, qtbot):
    view.table.setCurrentCell(0, 0)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    editor = view.table.findChild(QLineEdit)
    assert editor.text() == "17"
    QTest.keyClicks(editor, "9")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: view.table.findChild(QLineEdit) is None)
    assert texts(view)[0][0] == "17"


def test_alt_with_a_digit_takes_an_alternative(view, qtbot):
    view.table.setCurrentCell(0, 1)
    assert "60.0 % sure · Alt+1: 709 (30 %)" in view.note.text().replace(NO_BREAK, " ")
    QTest.keyClick(view.table, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert texts(view)[0][1] == "709"


def test_entering_a_doubtful_number_again_confirms_it(view, qtbot):
    view.table.setCurrentCell(1, 0)
    type_into(view, qtbot, "9")
    qtbot.waitUntil(lambda: not view.page.lines[1].numbers[0].to_check)


def test_the_selected_number_is_emitted_with_its_box(view, qtbot):
    with qtbot.waitSignal(view.chosen) as found:
        view.choose((1, 1))
    assert found.args == [view.page.lines[1].numbers[1].box]


def test_a_place_without_a_cell_cannot_be_edited(view, qtbot):
    view.table.setCurrentCell(1, 2)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert view.table.findChild(QLineEdit) is None


def test_another_page_has_nothing_selected(view, page_of):
    view.choose((0, 1))
    view.show_page(page_of("1 2"))
    assert view.current() is None
    assert view.note.text().startswith("Type")


def test_a_struck_out_cell_says_so_and_is_edited_from_an_empty_text(view, page_of):
    page = page_of("17")
    cells = (
        Cell("17", "digit", 0.9, False, (10, 10, 80, 60)),
        Cell("", "struck_out", None, False, (90, 10, 80, 60)),
    )
    view.show_page(replace(page, grids=(Grid((10, 10, 160, 60), (cells,)),)))
    assert texts(view) == [["17", "struck out"]]
    view.table.setCurrentCell(0, 1)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert view.table.findChild(QLineEdit).text() == ""


def test_another_page_is_shown_from_its_top(view, page_of):
    long = page_of(*["17 204?"] * 30)
    view.show_page(long)
    view.choose((25, 1))
    bar = view.table.verticalScrollBar()
    assert bar.value() > 0
    view.show_page(long)
    assert bar.value() == 0


def test_a_correction_does_not_scroll_the_table(view, page_of):
    view.page = page_of(*["17 204"] * 30)
    view.show_page(view.page)
    view.choose((25, 1))
    before = view.table.verticalScrollBar().value()
    view.correct("3.5")
    assert view.current().text == "3.5"
    assert view.table.verticalScrollBar().value() == before


def test_the_line_on_a_number_with_three_alternatives_fits(view, page_of):
    page = page_of("201.5?")
    number = page.lines[0].numbers[0]
    others = tuple((text, 0.17) for text in ("2015", "207.5", "701.5"))
    number = replace(number, alternatives=((number.text, 0.8), *others))
    view.resize(302, 300)  # the room in the smallest window
    view.show_page(replace(page, lines=(replace(page.lines[0], numbers=(number,)),)))
    view.choose((0, 0))
    assert "Alt+3" in view.note.text()
    assert view.note.heightForWidth(view.note.width()) <= view.note.height()


def test_delete_removes_the_selected_number(view):
    view.table.setCurrentCell(0, 0)
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    assert [line.text for line in view.page.lines] == ["204 58", "9 3.5"]


def test_undo_is_asked_for_only_where_there_is_a_correction(view, qtbot):
    undone = []
    view.undone.connect(lambda: undone.append(True))
    for can_undo in (False, True):
        view.can_undo = can_undo
        QTest.keyClick(view.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert bool(undone) == can_undo


def test_five_columns_of_two_digits_fit_in_the_smallest_window(view, page_of):
    view.resize(300, 200)  # as wide as the card's content at 720 x 480
    view.show_page(page_of("11 12 15 19 36"))
    assert view.table.columnCount() == 5
    assert view.table.horizontalHeader().length() <= view.table.viewport().width()
