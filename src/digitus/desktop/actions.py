"""Everything that can be done in the window: its actions, their keys, buttons and menus.

Each action has a text, a key, a tool tip and a name for screen readers. No plain digit is a key:
the digits stay free for dialogs that ask for a digit, such as that of a correction.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QFont, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QMenuBar, QToolButton, QWidget

from digitus.desktop.canvas.drawing import Drawing
from digitus.desktop.look.icons import icon
from digitus.desktop.look.theme import THEME_CHOICES

ICON_PX = 18
SEGMENT_MARGIN_PX = 15  # padding and border of a segment in the style sheet, and a pixel


class Maker(Protocol):
    """A function that makes an action of the window; see ``maker``."""

    def __call__(self, text: str, key: str, *, tip: str, image: str = "") -> QAction:
        """Make an action.

        Args:
            text: text in menus, with ``&`` before the mnemonic.
            key: the shortcut.
            tip: one sentence without a period.
            image: name of an icon.
        """


class Actions(QObject):
    """The actions of the window; the window connects what they do.

    Attributes:
        make: makes another action of the window.
        modes: the actions that choose the page on the left.
        sides: the actions that choose what is shown on the right.
        themes: the action of each theme in ``THEME_CHOICES``.
    """

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
        tip = tr("Read the digits in an image or a PDF")
        self.open = make(tr("&Open…"), "Ctrl+O", tip=tip, image="open")
        tip = tr("Read the image on the clipboard")
        self.paste = make(tr("&Paste an image"), "Ctrl+V", tip=tip, image="paste")
        tip = tr("Save the drawing and its patch as PNG")
        self.save = make(tr("&Save the drawing…"), "Ctrl+S", tip=tip, image="save")
        tip = tr("Save the numbers of all pages as CSV or as a workbook")
        self.save_numbers = make(tr("Save the &numbers…"), "Ctrl+Shift+S", tip=tip, image="save")
        tip = tr("Show the previous page of the document")
        self.previous_page = make(tr("Pre&vious page"), "Alt+PgUp", tip=tip, image="previous")
        tip = tr("Show the next page of the document")
        self.next_page = make(tr("Ne&xt page"), "Alt+PgDown", tip=tip, image="next")
        self.quit = make(tr("&Quit"), "Ctrl+Q", tip=tr("Close the window"))
        self.keys = make(tr("&Keys"), "F1", tip=tr("List all keys"))

    def _make_drawing_actions(self) -> None:
        make, tr = self.make, self.tr
        tip = tr("Undo the last stroke")
        self.undo = make(tr("&Undo"), "Ctrl+Z", tip=tip, image="undo")
        tip = tr("Redo the last undone stroke")
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
        tip = tr("Recognize as soon as the pen is lifted")
        self.at_once = make(tr("Recognize &after each stroke"), "Ctrl+Shift+R", tip=tip)
        self.at_once.setCheckable(True)
        tip = tr("Copy the answer to the clipboard")
        self.copy = make(tr("C&opy the answer"), "Ctrl+C", tip=tip, image="copy")
        tip = tr("Enter the correct digit, and keep it with your corrections")
        self.correct = make(tr("Correct the a&nswer…"), "Ctrl+E", tip=tip, image="correct")
        tip = tr("Show, delete and export the answers that you corrected")
        self.corrections = make(tr("Co&rrections…"), "Ctrl+Shift+E", tip=tip)
        tip = tr("Architecture, size and scores of the model")
        self.card = make(tr("&About the model"), "Ctrl+I", tip=tip, image="card")

    def _make_views(self) -> None:
        tr = self.tr
        self.draw = self._view(tr("&Draw"), "F2", tr("Draw a digit"))
        self.test_set = self._view(tr("&Test set"), "F3", tr("Browse the MNIST test images"))
        self.image = self._view(tr("&Image"), "F4", tr("Read an image file or a pasted image"))
        self.answer = self._view(tr("&Answer"), "F6", tr("Show the answer and its probabilities"))
        self.inside = self._view(tr("&Inside"), "F7", tr("Show what happens inside the network"))
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

    def enable_tools(self, drawing: Drawing, *, is_shown: bool) -> None:
        """Enable the drawing tools that have an effect.

        Args:
            drawing: what they work on.
            is_shown: whether the canvas is shown.
        """
        has_ink = is_shown and bool(drawing.strokes)
        self.undo.setEnabled(is_shown and drawing.can_undo)
        self.redo.setEnabled(is_shown and drawing.can_redo)
        for action in (self.clear, self.save):
            action.setEnabled(has_ink)
        for action in (self.black_paper, self.thinner, self.thicker):
            action.setEnabled(is_shown)

    def fill(self, bar: QMenuBar, models: QMenu) -> None:
        """Add every action to a menu of the menu bar."""
        saving = [self.save, self.save_numbers]
        _menu(bar, self.tr("&File"), [self.open, self.paste, None, *saving, None, self.quit])
        edit = [self.undo, self.redo, self.clear, None, self.thinner, self.thicker]
        _menu(bar, self.tr("&Edit"), [*edit, self.black_paper])
        asking = [self.recognize, self.at_once, None, self.copy]
        _menu(bar, self.tr("&Answer"), [*asking, self.correct, self.corrections])
        turning = [self.previous_page, self.next_page]
        view = _menu(bar, self.tr("&View"), [*self.modes, None, *self.sides, None, *turning, None])
        theme = view.addMenu(self.tr("&Theme"))
        theme.addActions(list(self.themes.values()))
        models.addAction(self.card)
        bar.addMenu(models)
        _menu(bar, self.tr("&Help"), [self.keys])


def maker(owner: QWidget) -> Maker:
    """Return a function that makes actions; they work while ``owner``'s window has the focus."""

    def make(text: str, key: str, *, tip: str, image: str = "") -> QAction:
        action = QAction(text, owner)
        action.setShortcut(QKeySequence(key))
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip}  ({shown})")
        action.setStatusTip(tip)
        if image:
            action.setIcon(icon(image))
        owner.addAction(action)
        return action

    return make


def plain_text(action: QAction) -> str:
    """Return an action's text without ``&`` and the ellipsis."""
    return action.text().replace("&", "").rstrip("…")


def button(action: QAction, *, has_text: bool = False) -> QToolButton:
    """Return a button for an action, with its icon or its text."""
    made = QToolButton()
    made.setDefaultAction(action)
    style = (
        Qt.ToolButtonStyle.ToolButtonTextOnly if has_text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    made.setToolButtonStyle(style)
    made.setIconSize(QSize(ICON_PX, ICON_PX))
    made.setAccessibleName(plain_text(action))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if has_text:
        made.setText(plain_text(action))
        action.changed.connect(lambda: made.setText(plain_text(action)))
    return made


def segments(actions: list[QAction], name: str) -> QFrame:
    """Return a bar of checkable actions, of which one is checked.

    Args:
        actions: the segments from left to right.
        name: name of the bar for screen readers.
    """
    frame = QFrame()
    frame.setProperty("segments", True)
    frame.setAccessibleName(name)
    row = QHBoxLayout(frame)
    row.setContentsMargins(3, 3, 3, 3)
    row.setSpacing(2)
    for action in actions:
        segment = button(action, has_text=True)
        bold = QFont(segment.font())
        bold.setWeight(QFont.Weight.DemiBold)  # as when it is checked: the width stays the same
        width = QFontMetrics(bold).horizontalAdvance(segment.text())
        segment.setMinimumWidth(width + 2 * SEGMENT_MARGIN_PX)
        row.addWidget(segment)
    return frame


def _menu(bar: QMenuBar, title: str, actions: list[QAction | None]) -> QMenu:
    menu = bar.addMenu(title)
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)
    return menu
