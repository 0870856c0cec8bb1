"""Everything the window can do, each with its key, and the menus that list it.

No plain digit is a key: digits stay free for what is about digits, such as correcting an answer.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from digitus.desktop.actions import maker
from digitus.desktop.canvas.drawing import Drawing
from digitus.desktop.look.theme import THEME_CHOICES


class Actions(QObject):
    """The window's actions; what they do is connected by the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.make = maker(window)
        self._make_file_actions()
        self._make_drawing_actions()
        self._make_answer_actions()
        self._make_views()
        self.themes = self._make_themes()

    def _make_file_actions(self) -> None:
        make, tr = self.make, self.tr
        tip = tr("Read a digit in an image")
        self.open = make(tr("&Open an image…"), "Ctrl+O", tip=tip, image="open")
        tip = tr("Read the image on the clipboard")
        self.paste = make(tr("&Paste an image"), "Ctrl+V", tip=tip, image="paste")
        tip = tr("Save the drawing and its patch as PNG")
        self.save = make(tr("&Save the drawing…"), "Ctrl+S", tip=tip, image="save")
        self.quit = make(tr("&Quit"), "Ctrl+Q", tip=tr("Close the window"))
        self.keys = make(tr("&Keys"), "F1", tip=tr("List all keys"))

    def _make_drawing_actions(self) -> None:
        make, tr = self.make, self.tr
        tip = tr("Take the last stroke back")
        self.undo = make(tr("&Undo"), "Ctrl+Z", tip=tip, image="undo")
        tip = tr("Draw the stroke again that was taken back")
        self.redo = make(tr("&Redo"), "Ctrl+Shift+Z", tip=tip, image="redo")
        tip = tr("Empty the canvas")
        self.clear = make(tr("&Clear"), "Ctrl+Backspace", tip=tip, image="clear")
        self.thinner = make(tr("&Thinner brush"), "[", tip=tr("Draw thinner strokes"))
        self.thicker = make(tr("Th&icker brush"), "]", tip=tr("Draw thicker strokes"))
        tip = tr("Draw light on dark, or dark on light; the answer stays the same")
        self.black_paper = make(tr("&Black paper"), "Ctrl+B", tip=tip, image="paper")
        self.black_paper.setCheckable(True)

    def _make_answer_actions(self) -> None:
        make, tr = self.make, self.tr
        tip = tr("Read what is drawn")
        self.recognize = make(tr("R&ecognize"), "Ctrl+R", tip=tip, image="recognize")
        tip = tr("Read without being asked, as soon as the pen is lifted")
        self.at_once = make(tr("Recognize &after each stroke"), "Ctrl+Shift+R", tip=tip)
        self.at_once.setCheckable(True)
        tip = tr("Copy the answer to the clipboard")
        self.copy = make(tr("C&opy the answer"), "Ctrl+C", tip=tip, image="copy")
        tip = tr("Tell the true digit and keep it in your collection")
        self.correct = make(tr("Correct the a&nswer…"), "Ctrl+E", tip=tip, image="correct")
        tip = tr("See, delete and export the answers that you corrected")
        self.collection = make(tr("Co&llection…"), "Ctrl+Shift+E", tip=tip)
        tip = tr("What the model is, how large, and what it scored")
        self.card = make(tr("&About the model"), "Ctrl+I", tip=tip, image="card")

    def _make_views(self) -> None:
        tr = self.tr
        self.draw = self._view(tr("&Draw"), "F2", tr("Draw a digit"))
        self.test_set = self._view(tr("&Test set"), "F3", tr("Browse the MNIST test images"))
        self.image = self._view(tr("&Image"), "F4", tr("Read an image from outside"))
        self.answer = self._view(tr("&Answer"), "F6", tr("See the answer and its probabilities"))
        self.inside = self._view(tr("&Inside"), "F7", tr("See what happens inside the network"))
        self.modes = [self.draw, self.test_set, self.image]
        self.sides = [self.answer, self.inside]
        for views in (self.modes, self.sides):
            group = QActionGroup(self)
            for view in views:
                group.addAction(view)
            views[0].setChecked(True)

    def _view(self, text: str, key: str, tip: str) -> QAction:
        action = self.make(text, key, tip=tip)
        action.setCheckable(True)
        return action

    def _make_themes(self) -> dict[str, QAction]:
        tr = self.tr
        found = (
            self._view(tr("Like the &system"), "Ctrl+Shift+Y", tr("Light or dark as the system")),
            self._view(tr("&Light"), "Ctrl+Shift+L", tr("Dark text on light cards")),
            self._view(tr("Dar&k"), "Ctrl+Shift+D", tr("Light text on dark cards")),
        )
        group = QActionGroup(self)
        for action in found:
            group.addAction(action)
        return dict(zip(THEME_CHOICES, found, strict=True))

    def enable_tools(self, drawing: Drawing, *, here: bool) -> None:
        """Let those drawing tools be used that can do something.

        Args:
            drawing: what they work on.
            here: whether it is looked at.
        """
        inked = here and bool(drawing.strokes)
        self.undo.setEnabled(here and drawing.can_undo)
        self.redo.setEnabled(here and drawing.can_redo)
        for action in (self.clear, self.save):
            action.setEnabled(inked)
        for action in (self.black_paper, self.thinner, self.thicker):
            action.setEnabled(here)

    def fill(self, bar: QMenuBar, models: QMenu) -> None:
        """Put every action into a menu."""
        _menu(bar, self.tr("&File"), [self.open, self.paste, self.save, None, self.quit])
        edit = [self.undo, self.redo, self.clear, None, self.thinner, self.thicker]
        _menu(bar, self.tr("&Edit"), [*edit, self.black_paper])
        asking = [self.recognize, self.at_once, None, self.copy]
        _menu(bar, self.tr("&Answer"), [*asking, self.correct, self.collection])
        view = _menu(bar, self.tr("&View"), [*self.modes, None, *self.sides, None])
        theme = view.addMenu(self.tr("&Theme"))
        theme.addActions(list(self.themes.values()))
        models.addAction(self.card)
        bar.addMenu(models)
        _menu(bar, self.tr("&Help"), [self.keys])


def _menu(bar: QMenuBar, title: str, actions: list[QAction | None]) -> QMenu:
    menu = bar.addMenu(title)
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)
    return menu
