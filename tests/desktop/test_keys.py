"""The list of keys."""

from PySide6.QtWidgets import QLabel

from digitus.desktop.keys import KeysDialog, groups_of


def test_every_action_is_listed_under_the_name_of_its_menu(window, qtbot):
    groups = {group.name: dict(group.keys) for group in groups_of(window.menuBar())}
    assert groups["Theme"]["Like the system"] == "Ctrl+Shift+Y"
    assert groups["Model"]["cnn"] == "Ctrl+Shift+C"
    n_actions = len([action for action in window.actions() if action.text()])
    assert sum(map(len, groups.values())) == n_actions
    assert "Light" not in groups["View"]


def test_the_keys_of_the_test_set_are_listed_too(window, qtbot):
    dialog = KeysDialog(groups_of(window.menuBar()))
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert texts[texts.index("Random image") + 1] == "R"
    assert "Theme" in texts
    assert texts[texts.index("Take an alternative") + 1] == "Alt+1"
