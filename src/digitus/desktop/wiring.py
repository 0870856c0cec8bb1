"""Which action and which signal does what in the window."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from digitus.desktop.canvas.recognition import Answer
from digitus.desktop.keys import KeysDialog, groups_of
from digitus.desktop.model_card import ModelCard
from digitus.recognizer import Prediction

if TYPE_CHECKING:
    from digitus.desktop.window import MainWindow


def connect_all(window: "MainWindow") -> None:
    """Connect everything."""
    _connect_parts(window)
    _connect_drawing(window)
    _connect_answer(window)
    _connect_views(window)


def _connect_parts(window: "MainWindow") -> None:
    window.recognition.answered.connect(window.show_answer)
    window.recognition.failed.connect(window.show_problem)
    window.recognition.slow.connect(window.show_patience)
    window.choice.changed.connect(window.model_changed)
    window.choice.failed.connect(window.tell)
    window.keeping.told.connect(window.tell)

    def show_row(prediction: Prediction, label: int, index: int) -> None:
        window.show_answer(Answer(prediction))

    window.frame.test_page.answered.connect(show_row)
    QGuiApplication.styleHints().colorSchemeChanged.connect(window.follow_system)


def _connect_drawing(window: "MainWindow") -> None:
    actions, canvas = window.actions_, window.canvas
    canvas.changed.connect(window.drawing_changed)
    actions.undo.triggered.connect(canvas.undo)
    actions.redo.triggered.connect(canvas.redo)
    actions.clear.triggered.connect(canvas.clear)
    actions.black_paper.toggled.connect(window.set_paper)
    window.frame.draw_page.brush.valueChanged.connect(window.set_brush)
    actions.save.triggered.connect(lambda: window.keeping.save(canvas, window.shown))


def _connect_answer(window: "MainWindow") -> None:
    actions, keeping = window.actions_, window.keeping
    actions.recognize.triggered.connect(window.recognize)
    actions.at_once.toggled.connect(window.set_at_once)
    actions.copy.triggered.connect(lambda: keeping.copy(window.shown))
    actions.correct.triggered.connect(lambda: keeping.correct(window.shown))
    actions.collection.triggered.connect(keeping.show_collection)
    actions.card.triggered.connect(lambda: _show(ModelCard(window.choice.model, window)))
    keys = actions.keys.triggered
    keys.connect(lambda: _show(KeysDialog(groups_of(window.menuBar()), window)))


def _connect_views(window: "MainWindow") -> None:
    actions = window.actions_
    for number, action in enumerate(actions.modes):
        action.triggered.connect(lambda _=False, mode=number: window.show_mode(mode))
    for number, action in enumerate(actions.sides):
        action.triggered.connect(lambda _=False, side=number: window.frame.show_side(side))
    for theme, action in actions.themes.items():
        action.triggered.connect(lambda _=False, chosen=theme: window.set_theme(chosen))
    actions.open.triggered.connect(window.ask_for_image)
    actions.paste.triggered.connect(window.paste)
    actions.quit.triggered.connect(window.close)


def _show(dialog: QDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
