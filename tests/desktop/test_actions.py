"""The actions of the window, and the menus that list them."""

import pytest
from PySide6.QtGui import QKeySequence

from digitus.desktop.actions import button, plain_text
from digitus.desktop.canvas.drawing import Drawing


def test_every_action_has_a_key_of_its_own_a_tip_and_a_name(window):
    actions = [action for action in window.actions() if action.text()]
    keys = [
        action.shortcut().toString(QKeySequence.SequenceFormat.PortableText) for action in actions
    ]
    assert len(actions) > 25
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("0123456789")
    for action, key in zip(actions, keys, strict=True):
        assert action.toolTip() not in ("", action.text())
        assert key.split("+")[-1] in action.toolTip()


def test_every_menu_entry_is_one_of_these_actions(window):
    def entries(menu):
        for action in menu.actions():
            if action.menu() is not None:
                yield from entries(action.menu())
            elif not action.isSeparator():
                yield action

    known = set(window.actions())
    listed = set(entries(window.menuBar()))
    assert listed <= known
    assert {action for action in known if action.text()} <= listed


def test_the_plain_text_has_neither_mnemonic_nor_ellipsis(window):
    assert plain_text(window.actions_.open) == "Open"


def test_a_button_follows_the_text_of_its_action(window, qtbot):
    action = window.actions_.make("&Begin", "Ctrl+Alt+B", tip="Begin it")
    made = button(action, has_text=True)
    qtbot.addWidget(made)
    action.setText("&End…")
    assert made.text() == "End"


@pytest.mark.parametrize("is_shown", [True, False])
def test_only_tools_with_an_effect_are_enabled(window, is_shown):
    drawing, actions = Drawing(), window.actions_
    drawing.begin((1.0, 2.0))
    actions.enable_tools(drawing, is_shown=is_shown)
    enabled = [each.isEnabled() for each in (actions.undo, actions.clear, actions.save)]
    assert enabled == [is_shown] * 3
    assert not actions.redo.isEnabled()
