"""The main window: its parts and the connections between them.

Each part works without the window; only this module connects their signals.
"""

from dataclasses import replace

from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from digitus.desktop.actions import Actions
from digitus.desktop.answer.answer import Answer, Read, read_drawing
from digitus.desktop.answer.answer_commands import AnswerCommands, ShownAnswer
from digitus.desktop.answer.recognition import Recognition
from digitus.desktop.frame import Frame
from digitus.desktop.images.image_input import ask_for_image, has_image, image_in
from digitus.desktop.images.opened_image import OpenedImage
from digitus.desktop.keys import KeysDialog, groups_of
from digitus.desktop.look.theme import ThemeChoice, apply_theme, set_style, shown_theme
from digitus.desktop.look.widgets import sentence
from digitus.desktop.model_card import ModelCard
from digitus.desktop.models_menu import ModelChoice, ModelsMenu
from digitus.desktop.numbers.table_layout import EntryPlace
from digitus.desktop.preferences import Preferences
from digitus.palette import CanvasPaper, Theme
from digitus.recognizer import BLANK, Prediction

MINIMUM_PX = (720, 480)  # width, height
DEFAULT_PX = (1080, 720)
DRAW, TEST_SET, IMAGE = range(3)
MESSAGE_MS = 10_000


class MainWindow(QMainWindow):
    """The main window.

    Args:
        choice: the model.
        preferences: the preferences of the last session.
    """

    def __init__(self, choice: ModelChoice, preferences: Preferences) -> None:
        super().__init__()
        self.choice, self.preferences = choice, preferences
        self.commands = AnswerCommands(self)
        self._apply_theme(preferences.theme)  # before the widgets, which take its font
        self.recognition = Recognition(self)
        self.shown: ShownAnswer | None = None
        self._read: Read | None = None
        self._image: OpenedImage | None = None
        self.actions_ = Actions(self)
        self.models = ModelsMenu(choice, self.actions_.make, self)
        self.frame = Frame(self.actions_, self.models, recognizer=choice.recognizer)
        self.canvas = self.frame.draw_page.canvas
        self.actions_.fill(self.menuBar(), self.models)
        self.setWindowTitle(self.tr("Digitus"))
        self.setCentralWidget(self.frame)
        self.setMinimumSize(*MINIMUM_PX)
        self.setAcceptDrops(True)
        self.statusBar().setSizeGripEnabled(False)
        self._connect_parts()
        self._connect_drawing()
        self._connect_answer()
        self._connect_views()
        self._connect_numbers()
        self._restore()
        self.show_mode(DRAW)

    def show_message(self, sentence: str) -> None:
        """Show a sentence in the status bar, which is always visible."""
        self.statusBar().showMessage(sentence, MESSAGE_MS)

    def clear_message(self) -> None:
        """Clear the status bar: its sentence is about an earlier image."""
        self.statusBar().clearMessage()

    # Connections

    def _connect_parts(self) -> None:
        self.recognition.answered.connect(self.show_answer)
        self.recognition.failed.connect(self.show_problem)
        self.recognition.slow.connect(self.show_waiting)
        self.choice.changed.connect(self.model_changed)
        self.choice.failed.connect(self.show_message)
        self.commands.reported.connect(self.show_message)
        self.frame.test_page.answered.connect(self._show_test_image)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.follow_system)

    def _connect_drawing(self) -> None:
        actions, canvas = self.actions_, self.canvas
        canvas.changed.connect(self.drawing_changed)
        actions.undo.triggered.connect(canvas.undo)
        actions.redo.triggered.connect(canvas.redo)
        actions.clear.triggered.connect(canvas.clear)
        actions.black_paper.triggered.connect(self.set_paper)
        self.frame.draw_page.brush.valueChanged.connect(self.set_brush)
        actions.save.triggered.connect(lambda: self.commands.save(canvas, self.shown))

    def _connect_answer(self) -> None:
        actions, commands = self.actions_, self.commands
        actions.recognize.triggered.connect(self.recognize)
        actions.at_once.toggled.connect(self.set_at_once)
        actions.copy.triggered.connect(lambda: commands.copy(self.shown))
        actions.correct.triggered.connect(
            lambda: commands.correct(self.shown, over=self.frame.sides)
        )
        actions.corrections.triggered.connect(commands.show_corrections)
        actions.card.triggered.connect(lambda: _show(ModelCard(self.choice.model, self)))
        keys = actions.keys.triggered
        keys.connect(lambda: _show(KeysDialog(groups_of(self.menuBar()), self)))

    def _connect_views(self) -> None:
        actions = self.actions_
        for number, action in enumerate(actions.modes):
            action.triggered.connect(lambda _=False, mode=number: self.show_mode(mode))
        for number, action in enumerate(actions.sides):
            action.triggered.connect(lambda _=False, side=number: self.frame.show_side(side))
        for theme, action in actions.themes.items():
            action.triggered.connect(lambda _=False, chosen=theme: self.set_theme(chosen))
        actions.open.triggered.connect(self.ask_for_image)
        actions.paste.triggered.connect(self.paste)
        actions.quit.triggered.connect(self.close)

    def _connect_numbers(self) -> None:
        actions, view = self.actions_, self.frame.image_page.view
        numbers = self.frame.answers.numbers
        numbers.corrected.connect(self.correct_number)
        numbers.undone.connect(self.undo_correction)
        numbers.chosen.connect(view.choose)
        view.number_clicked.connect(numbers.choose)
        actions.save_numbers.triggered.connect(self.save_numbers)
        actions.previous_page.triggered.connect(lambda: self.turn_page(-1))
        actions.next_page.triggered.connect(lambda: self.turn_page(1))

    def _show_test_image(self, prediction: Prediction, label: int, index: int) -> None:
        self.show_answer(Answer(prediction))

    # Recognition

    def recognize(self) -> None:
        """Read the drawing; on the other pages, read their image again."""
        if self.frame.pages.currentIndex() == DRAW:
            drawing = self.canvas.drawn()
            self._request(lambda recognizer: read_drawing(recognizer, drawing))
        elif self._read is not None:
            self._request(self._read)

    def open_image(self, image: str | bytes) -> None:
        """Read an image file or the bytes of an image."""
        self.actions_.image.setChecked(True)
        self.show_mode(IMAGE)
        self.clear_message()
        self._image = OpenedImage(image)
        self._request(self._image.reader())

    def _request(self, read: Read) -> None:
        self._read = read
        recognizer = self.choice.recognizer
        self.recognition.request(lambda: read(recognizer))

    def _forget(self, hint: str = "") -> None:
        self._read = None
        self.recognition.forget()
        self._set_shown(None)
        self.frame.answers.show_nothing(hint)

    def drawing_changed(self) -> None:
        """Read the drawing once the pen is lifted, if that is set."""
        self._enable_tools()
        if self.canvas.is_drawing:
            self.clear_message()
            return
        if self.preferences.at_once or not self.canvas.drawing.strokes:
            self.recognize()
        else:
            self._forget(self.tr("Press Recognize."))

    def show_answer(self, answer: Answer) -> None:
        """Show an answer in all views."""
        panel, view = self.frame.answers, self.frame.image_page.view
        if answer.picture is not None and self._image is not None:
            self._image.keep(answer)
            self._show_place(self._image)
        view.show_picture(answer.picture)
        self.canvas.show_boxes([] if answer.page is None else answer.page.boxes_on_drawing())
        if answer.picture is not None and answer.page is not None:
            view.show_boxes(answer.page.on_picture)
        panel.show_answer(answer)
        if answer.remark and answer.page is None:  # with numbers, it is among their warnings
            self.show_message(sentence(answer.remark))
        # Several digits have no single patch that could be corrected.
        shown = replace(answer, prediction=BLANK) if answer.page is not None else answer
        self._set_shown(ShownAnswer(shown, panel.answer.text(), self.choice.model.name))

    def _show_place(self, image: OpenedImage) -> None:
        """Show which page is shown, and enable the actions for those that there are."""
        self.frame.image_page.show_place(image.page, image.n_pages)
        self.actions_.previous_page.setEnabled(image.page > 1)
        self.actions_.next_page.setEnabled(image.page < image.n_pages)

    # Numbers

    def correct_number(self, place: EntryPlace, text: str) -> None:
        """Show another text for a number of the page."""
        page = None if self.shown is None else self.shown.answer.page
        if self.shown is None or page is None:
            return
        try:
            corrected = page.corrected(place, text)
        except ValueError as error:
            self.show_message(str(error))
            return
        self.clear_message()
        chosen = self.frame.image_page.view.chosen
        self.show_answer(replace(self.shown.answer, page=corrected))
        self.frame.image_page.view.choose(chosen)

    def undo_correction(self) -> None:
        """Show the page as it was before the last correction."""
        page = None if self.shown is None else self.shown.answer.page
        if self.shown is not None and page is not None and page.before is not None:
            self.clear_message()
            self.show_answer(replace(self.shown.answer, page=page.before))

    def save_numbers(self) -> None:
        """Save the numbers that are shown, or those of all pages of a document."""
        page = None if self.shown is None else self.shown.answer.page
        if self.shown is None or page is None:
            return
        image, recognizer = self._image, self.choice.recognizer
        if image is None or self.shown.answer.picture is None:
            self.commands.save_numbers(lambda _: [page])
        else:
            self.commands.save_numbers(lambda watch: image.all_pages(recognizer, watch))

    def turn_page(self, by: int) -> None:
        """Show the next page of a document (1), or the previous one (-1)."""
        if self._image is not None and self._image.turn(by):
            self.clear_message()
            self._show_place(self._image)
            self._request(self._image.reader())

    def show_waiting(self) -> None:
        """Show that the answer takes longer."""
        self._set_shown(None)
        self.frame.answers.show_nothing(self.tr("Reading…"))

    def show_problem(self, sentence: str) -> None:
        """Show why there is no answer."""
        self._set_shown(None)
        self.frame.answers.show_problem(sentence)
        self.frame.image_page.view.show_picture(None)
        self.show_message(sentence)

    def _set_shown(self, shown: ShownAnswer | None) -> None:
        self.shown = shown
        page = None if shown is None else shown.answer.page
        self.actions_.save_numbers.setEnabled(page is not None)
        self.actions_.copy.setEnabled(shown is not None and bool(shown.text))
        self.actions_.correct.setEnabled(shown is not None and shown.prediction.patch is not None)
        found = None if shown is None else shown.prediction
        self.frame.inside_page.show_prediction(self.choice.recognizer, found)

    # Pages and sides

    def show_mode(self, mode: int) -> None:
        """Show a page as it was left, and recognize its image again."""
        if mode == self.frame.pages.currentIndex() and mode != DRAW:
            return
        self.clear_message()
        self.frame.image_page.view.show_picture(None)
        self._forget()
        self.frame.show_page(mode)  # the test set emits its answer
        self._enable_tools()
        if mode == DRAW:
            self.drawing_changed()
        elif mode == IMAGE and self._image is not None:
            self._show_place(self._image)
            self._request(self._image.reader())

    def _enable_tools(self) -> None:
        is_shown = self.frame.pages.currentIndex() == DRAW
        self.actions_.enable_tools(self.canvas.drawing, is_shown=is_shown)
        for action in (self.actions_.previous_page, self.actions_.next_page):
            action.setEnabled(False)

    def model_changed(self) -> None:
        """Read again with the new model."""
        self.frame.name_model(self.choice.model.name)
        self.preferences.model = self.choice.name
        self.frame.test_page.set_recognizer(self.choice.recognizer)
        if self._image is not None:
            self._image.answers.clear()
        if self._read is not None and self.frame.pages.currentIndex() == IMAGE and self._image:
            self._request(self._image.reader())
        elif self._read is not None:
            self._request(self._read)

    # Images from outside

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept images."""
        if has_image(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the dropped image."""
        event.acceptProposedAction()
        self._open_found(image_in(event.mimeData()))

    def paste(self) -> None:
        """Read the image on the clipboard."""
        self._open_found(image_in(QApplication.clipboard().mimeData()))

    def _open_found(self, image: str | bytes | None) -> None:
        if image is None:
            self.show_message(self.tr("There is no image to read; copy one first."))
        else:
            self.open_image(image)

    def ask_for_image(self) -> None:
        """Ask for an image file and read it."""
        path = ask_for_image(self)
        if path:
            self.open_image(path)

    # Preferences

    def set_paper(self, black: bool) -> None:
        """Set black or white paper; what is not the theme's own is stored."""
        paper: CanvasPaper = "black" if black else "white"
        self.preferences.paper = None if paper == _paper_of(self._theme()) else paper
        self._show_paper()

    def _show_paper(self) -> None:
        """Show the chosen paper, else that of the theme."""
        paper = self.preferences.paper or _paper_of(self._theme())
        self.actions_.black_paper.setChecked(paper == "black")
        self.canvas.set_paper(paper)

    def _theme(self) -> Theme:
        """Return the theme that is shown."""
        app = QApplication.instance()
        chosen = self.preferences.theme
        return shown_theme(app, chosen) if isinstance(app, QApplication) else "light"

    def set_brush(self, brush_px: int) -> None:
        """Store the diameter of the brush."""
        self.preferences.brush_px = brush_px

    def set_theme(self, theme: ThemeChoice) -> None:
        """Apply a theme to the application, and store it."""
        self._apply_theme(theme)
        self._show_paper()

    def _apply_theme(self, theme: ThemeChoice) -> None:
        self.preferences.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)

    def follow_system(self) -> None:
        """Follow a change of the system between light and dark, unless a theme was chosen."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and self.preferences.theme == "system":
            set_style(app, shown_theme(app, "system"))
            self._show_paper()

    def set_at_once(self, is_on: bool) -> None:
        """Recognize after each stroke, or only on request."""
        self.preferences.at_once = is_on
        self.frame.draw_page.stress_recognize(not is_on)

    def _restore(self) -> None:
        """Restore the window as it was closed."""
        preferences, actions = self.preferences, self.actions_
        if not self.restoreGeometry(preferences.geometry):
            self.resize(*DEFAULT_PX)
        self.frame.draw_page.brush.setValue(preferences.brush_px)
        self._show_paper()
        actions.at_once.setChecked(preferences.at_once)
        self.frame.draw_page.stress_recognize(not preferences.at_once)
        actions.themes[preferences.theme].setChecked(True)
        self.frame.name_model(self.choice.model.name)
        preferences.model = self.choice.name

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store the preferences and end the threads."""
        self.preferences.geometry = self.saveGeometry()
        self.preferences.save()
        self.frame.test_page.close_down()
        self.recognition.stop()
        super().closeEvent(event)


def _paper_of(theme: Theme) -> CanvasPaper:
    return "black" if theme == "dark" else "white"


def _show(dialog: QDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
