"""Asking for the true digit."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

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
