"""The MNIST test set: an image at random or by number, its label, the answer, and the score."""

from numpy.random import Generator
from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from digitus.data import Samples, load
from digitus.desktop.background import Task
from digitus.desktop.test_set.fetch_page import FetchPage, Load
from digitus.desktop.test_set.image_card import ImageCard
from digitus.desktop.test_set.walk import (
    Mistakes,
    Score,
    Walk,
    find_mistakes,
    is_right,
    parse_number,
)
from digitus.recognizer import Prediction, Recognizer


class TestSetPanel(QWidget):
    """Walks through the test images; each goes to the network in its stored 784 values.

    Args:
        rng: makes the random order; the same seed walks the same images.
        recognizer: reads them; without one, the window does.
        load: gives the data set, as `digitus.data.load`.

    Signals:
        row_chosen: the 784 stored values, the label and the number of the image shown.
        answered: the prediction, the label and the number, where there is a recognizer.
    """

    __test__ = False  # the name is no sentence of a test

    row_chosen = Signal(object, int, int)
    answered = Signal(object, int, int)

    def __init__(
        self,
        rng: Generator,
        *,
        recognizer: Recognizer | None = None,
        load: Load = load,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.samples: Samples | None = None
        self.walk: Walk | None = None
        self.score = Score()
        self.prediction: Prediction | None = None
        self._rng, self._recognizer = rng, recognizer
        self._mistakes: Mistakes | None = None
        self._judging: Task | None = None
        self.fetch, self.page = FetchPage(load), ImageCard()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.fetch)
        self._pages.addWidget(self.page)
        self._connect()

    def _connect(self) -> None:
        self.fetch.loaded.connect(self._take)
        page = self.page
        page.random_wanted.connect(self.show_random)
        page.step_wanted.connect(self.show_next)
        page.number_entered.connect(self.show_number)
        page.mistakes_wanted.connect(self.keep_to_mistakes)
        page.restart_wanted.connect(self._restart)

    @property
    def index(self) -> int | None:
        """Number of the image shown."""
        return None if self.walk is None else self.walk.index

    @property
    def is_busy(self) -> bool:
        """Whether something is loaded or judged at the moment."""
        return self.fetch.is_busy or self._judging is not None

    # Walking

    def show_random(self) -> None:
        """Show the next image of the shuffled order."""
        if self.walk is not None:
            self._show(self.walk.random())

    def show_next(self, by: int = 1) -> None:
        """Show the next image by number, or the one before (-1)."""
        if self.walk is not None:
            self._show(self.walk.step(by))

    def show_number(self, text: str) -> None:
        """Show an image by its number, or say why there is none."""
        if self.walk is None:
            return
        try:
            number = parse_number(text, self.walk.n)
        except ValueError as error:
            self.page.complain(str(error))
            return
        if not self.walk.holds(number):
            text = self.tr("Image {i} is no mistake; it was answered right.")
            self.page.complain(text.format(i=number))
            return
        self._show(self.walk.go(number))

    def _show(self, index: int | None) -> None:
        if index is None or self.samples is None or self.samples.labels is None:
            return
        row, label = self.samples.pixels[index], int(self.samples.labels[index])
        self.prediction = None
        self.page.show_row(row, index=index, label=label)
        self.row_chosen.emit(row, label, index)
        if self._recognizer is not None:
            self.show_answer(self._recognizer.predict(row))

    def show_answer(self, prediction: Prediction) -> None:
        """Show what the image at hand was read as, and count it."""
        index = self.index
        if index is None or self.samples is None or self.samples.labels is None:
            return
        label = int(self.samples.labels[index])
        self.prediction = prediction
        if not self.page.keeps_to_mistakes:
            self.score.count(index, is_right=is_right(prediction, label))
        self.page.show_answer(prediction, is_right=is_right(prediction, label))
        self._show_score()
        self.answered.emit(prediction, label, index)

    def _restart(self) -> None:
        self.score.clear()
        self._show_score()

    def _show_score(self) -> None:
        self.page.show_score(len(self.score.right), len(self.score.seen))

    # The model, and the mistakes it makes

    def set_recognizer(self, recognizer: Recognizer) -> None:
        """Let another model read: the score starts over, and mistakes are looked for anew."""
        keeps = self.page.keeps_to_mistakes
        self._recognizer, self._mistakes = recognizer, None
        self._stop_judging()
        self._restart()
        if self.walk is None:
            return
        self.walk.keep_to(None)
        if keeps and self.page.keeps_to_mistakes:
            self.keep_to_mistakes(True)
        elif keeps:  # the search that was stopped took the tick away
            self.page.only_mistakes.setChecked(True)
        elif self.index is not None:
            self._show(self.index)

    def keep_to_mistakes(self, wanted: bool) -> None:
        """Walk through the images that the model gets wrong, or through all of them."""
        self._stop_judging()
        if self.walk is None:
            return
        if not wanted:
            self.walk.keep_to(None)
            self.page.show_all()
        elif self._mistakes is not None:
            self._use_mistakes(self._mistakes)
        elif self._recognizer is not None and self.samples is not None:
            self._start_judging(self._recognizer, self.samples)

    def _start_judging(self, recognizer: Recognizer, samples: Samples) -> None:
        self._judging = task = Task(lambda watch: find_mistakes(recognizer, samples, watch))
        task.progressed.connect(self.page.show_progress)
        task.done.connect(self._use_mistakes)
        task.failed.connect(self._fail_judging)
        self.page.show_progress("", 0, len(samples))
        task.start()

    def _use_mistakes(self, mistakes: Mistakes) -> None:
        self._judging, self._mistakes = None, mistakes
        if self.walk is None:
            return
        self.walk.keep_to(mistakes.all)
        self.page.show_mistakes(int(mistakes.wrong.sum()), int(mistakes.declined.sum()))
        if self.index is not None and self.walk.holds(self.index):
            self._show(self.index)
        else:
            self.show_random()

    def _fail_judging(self, sentence: str) -> None:
        self._judging = None
        self.page.show_all()
        self.page.complain(sentence)

    def _stop_judging(self) -> None:
        if self._judging is not None:
            self._judging.stop()
            self._judging = None
            self.page.show_all()

    # Loading

    def showEvent(self, event: QShowEvent) -> None:
        """Look for MNIST on this machine when the panel is first seen."""
        super().showEvent(event)
        if self.samples is None and not self.fetch.is_busy:
            self.fetch.look()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop all work when the panel is a window of its own."""
        self.close_down()
        super().closeEvent(event)

    def close_down(self) -> None:
        """Stop all work; nothing more is heard of it."""
        self._stop_judging()
        self.fetch.stop()

    def _take(self, samples: Samples) -> None:
        self.samples, self.walk = samples, Walk(len(samples), self._rng)
        self.page.show_size(len(samples))
        self._pages.setCurrentWidget(self.page)
        self._show_score()
        self.show_random()
