"""Asking for the true digit."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

from digitus.desktop.corrections.ask_digit import DigitChoice


@pytest.fixture
def dialog(qtbot):
    made = DigitChoice()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_chosen_by_its_button(qtbot, dialog, digit):
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == str(digit))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dialog.digit == digit
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_a_digit_is_chosen_by_its_key(qtbot, dialog):
    qtbot.keyClick(dialog, Qt.Key.Key_7)
    assert dialog.digit == 7


def test_other_keys_choose_nothing_and_escape_closes(qtbot, dialog):
    qtbot.keyClick(dialog, Qt.Key.Key_A)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.digit is None
    assert dialog.result() == QDialog.DialogCode.Rejected


def cancel_of(dialog):
    buttons = dialog.findChild(QDialogButtonBox)
    return buttons.button(QDialogButtonBox.StandardButton.Cancel)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_focus_is_on_cancel_so_that_no_key_keeps_a_digit_by_accident(qtbot, dialog, key):
    assert dialog.focusWidget() is cancel_of(dialog)
    qtbot.keyClick(dialog.focusWidget(), key)
    assert dialog.digit is None
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_cancel_keeps_nothing(qtbot, dialog):
    qtbot.mouseClick(cancel_of(dialog), Qt.MouseButton.LeftButton)
    assert dialog.digit is None
    assert not dialog.isVisible()


def test_the_dialog_can_be_placed_over_a_part_of_the_window(qtbot, dialog):
    part = QWidget()
    qtbot.addWidget(part)
    part.setGeometry(400, 50, 338, 390)
    part.show()
    dialog.place_over(part)
    left = part.mapToGlobal(part.rect().topLeft()).x()
    assert left <= dialog.x() <= left + part.width() - dialog.width()
