"""The MNIST test set: images at random or by number, with label, answer and score."""

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
    """Shows test images one by one; the network gets their 784 values without preprocessing.

    Args:
        rng: makes the random order.
        recognizer: reads the images.
        load: loads the data set, as `digitus.data.load`.

    Attributes:
        samples: the test images; None until they are loaded.
        prediction: answer for the image shown; None if there is none.

    Signals:
        answered: the prediction, the label and the number of the image shown.
    """

    __test__ = False  # not a test class for pytest

    answered = Signal(object, int, int)

    def __init__(
        self,
        rng: Generator,
        *,
        recognizer: Recognizer,
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
        self._search: Task | None = None
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
        page.mistakes_wanted.connect(self.show_mistakes_only)
        page.restart_wanted.connect(self._restart)

    @property
    def index(self) -> int | None:
        """Number of the image shown."""
        return None if self.walk is None else self.walk.index

    @property
    def is_busy(self) -> bool:
        """Whether images are being loaded or searched for mistakes."""
        return self.fetch.is_busy or self._search is not None

    # Walking

    def show_random(self) -> None:
        """Show the next image of the random order."""
        if self.walk is not None:
            self._show(self.walk.random())

    def show_next(self, by: int = 1) -> None:
        """Show the next image by number, or the previous one (-1)."""
        if self.walk is not None:
            self._show(self.walk.step(by))

    def show_number(self, text: str) -> None:
        """Show the image with a number, or why there is none."""
        if self.walk is None:
            return
        try:
            number = parse_number(text, self.walk.n)
        except ValueError as error:
            self.page.show_problem(str(error))
            return
        if not self.walk.holds(number):
            text = self.tr("Image {i} is not a mistake; it was read correctly.")
            self.page.show_problem(text.format(i=number))
            return
        self._show(self.walk.go(number))

    def _show(self, index: int | None) -> None:
        if index is None or self.samples is None or self.samples.labels is None:
            return
        row, label = self.samples.pixels[index], int(self.samples.labels[index])
        self.prediction = None
        self.page.show_row(row, index=index, label=label)
        self.show_answer(self._recognizer.predict(row))

    def show_answer(self, prediction: Prediction) -> None:
        """Show a prediction of the current image, and count it in the score."""
        index = self.index
        if index is None or self.samples is None or self.samples.labels is None:
            return
        label = int(self.samples.labels[index])
        self.prediction = prediction
        if not self.page.shows_mistakes_only:
            self.score.count(index, is_right=is_right(prediction, label))
        self.page.show_answer(prediction, is_right=is_right(prediction, label))
        self._show_score()
        self.answered.emit(prediction, label, index)

    def _restart(self) -> None:
        self.score.clear()
        self._show_score()

    def _show_score(self) -> None:
        self.page.show_score(len(self.score.right), len(self.score.seen))

    # Model and mistakes

    def set_recognizer(self, recognizer: Recognizer) -> None:
        """Read with another model; reset the score and, if they are shown, the mistakes."""
        had_mistakes_only = self.page.shows_mistakes_only
        self._recognizer, self._mistakes = recognizer, None
        self._stop_search()
        self._restart()
        if self.walk is None:
            return
        self.walk.restrict_to(None)
        if had_mistakes_only and self.page.shows_mistakes_only:
            self.show_mistakes_only(True)
        elif had_mistakes_only:  # stopping the search unchecked the box
            self.page.only_mistakes.setChecked(True)
        elif self.index is not None:
            self._show(self.index)

    def show_mistakes_only(self, is_on: bool) -> None:
        """Show only the images that the model does not read correctly, or all of them."""
        self._stop_search()
        if self.walk is None:
            return
        if not is_on:
            self.walk.restrict_to(None)
            self.page.show_all()
        elif self._mistakes is not None:
            self._use_mistakes(self._mistakes)
        elif self.samples is not None:
            self._start_search(self.samples)

    def _start_search(self, samples: Samples) -> None:
        recognizer = self._recognizer
        self._search = task = Task(lambda watch: find_mistakes(recognizer, samples, watch))
        task.progressed.connect(self.page.show_progress)
        task.done.connect(self._use_mistakes)
        task.failed.connect(self._fail_search)
        self.page.show_progress("", 0, len(samples))
        task.start()

    def _use_mistakes(self, mistakes: Mistakes) -> None:
        self._search, self._mistakes = None, mistakes
        if self.walk is None:
            return
        self.walk.restrict_to(mistakes.all)
        self.page.show_mistakes(int(mistakes.wrong.sum()), int(mistakes.declined.sum()))
        if self.index is not None and self.walk.holds(self.index):
            self._show(self.index)
        else:
            self.show_random()

    def _fail_search(self, sentence: str) -> None:
        self._search = None
        self.page.show_all()
        self.page.show_problem(sentence)

    def _stop_search(self) -> None:
        if self._search is not None:
            self._search.stop()
            self._search = None
            self.page.show_all()

    # Loading

    def showEvent(self, event: QShowEvent) -> None:
        """Load MNIST from this machine when the panel is first shown."""
        super().showEvent(event)
        if self.samples is None and not self.fetch.is_busy:
            self.fetch.look()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop all work if the panel is a window of its own."""
        self.close_down()
        super().closeEvent(event)

    def close_down(self) -> None:
        """Stop all work and its signals."""
        self._stop_search()
        self.fetch.stop()

    def _take(self, samples: Samples) -> None:
        self.samples, self.walk = samples, Walk(len(samples), self._rng)
        self.page.show_size(len(samples))
        self._pages.setCurrentWidget(self.page)
        self._show_score()
        self.show_random()
