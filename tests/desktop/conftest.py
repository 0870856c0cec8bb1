"""A window without a screen, whose preferences are in a folder of the test."""

import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from digitus.desktop.background import stop_all
from digitus.desktop.canvas.canvas import Canvas
from digitus.desktop.canvas.drawing import CANVAS_PX, Stroke
from digitus.desktop.models_menu import ModelChoice
from digitus.desktop.preferences import Preferences
from digitus.desktop.window import MainWindow
from digitus.reader.results.reading import Digit, Line, Number, PageReading
from digitus.reader.results.values import with_values
from digitus.synthesis.pen.digit_strokes import draw_digit, place

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    yield
    stop_all()


@pytest.fixture
def preferences(tmp_path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make_window(qtbot, preferences, answered) -> Callable[..., MainWindow]:
    """Open a window; it is closed after the test."""

    def make(model: str | None = None) -> MainWindow:
        window = MainWindow(ModelChoice(model), preferences)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        answered(window)
        return window

    return make


@pytest.fixture
def window(make_window) -> MainWindow:
    return make_window()


@pytest.fixture
def answered(qtbot) -> Callable[[MainWindow], None]:
    """Wait until nothing is left to be recognized."""
    return lambda window: qtbot.waitUntil(lambda: window.recognition.is_idle)


@pytest.fixture
def draw(answered, digit_strokes, drag) -> Callable[..., None]:
    """Draw a digit with the mouse on an empty canvas, and wait for the answer."""

    def with_mouse(window: MainWindow, digit: int, *, seed: int = 0) -> None:
        window.canvas.clear()
        for stroke in digit_strokes(digit, seed=seed):
            drag(window.canvas, stroke)
        answered(window)

    return with_mouse


@pytest.fixture
def digit_strokes() -> Callable[..., list[Stroke]]:
    """Return a function that draws a digit in canvas coordinates."""

    def write(digit: int, *, seed: int = 0) -> list[Stroke]:
        strokes = draw_digit(digit, np.random.default_rng(seed), freedom=0.4)
        return [list(stroke) for stroke in place(strokes, size=190, left=45, top=45)]

    return write


@pytest.fixture
def drag() -> Callable[[Canvas, Stroke], None]:
    """Press the mouse at the first of the points, in canvas coordinates, and drag it along."""

    def along(canvas: Canvas, points: Stroke) -> None:
        square = canvas.square()
        scale = square.width() / CANVAS_PX
        spots = [(square.topLeft() + QPointF(*point[:2]) * scale).toPoint() for point in points]
        QTest.mousePress(canvas, LEFT, pos=spots[0])
        for spot in spots[1:]:
            QTest.mouseMove(canvas, spot)
        QTest.mouseRelease(canvas, LEFT, pos=spots[-1])

    return along


@pytest.fixture
def page_of() -> Callable[..., PageReading]:
    """Return a function that makes a page of lines; ``?`` behind a number flags it."""

    def make(*lines: str) -> PageReading:
        read = [
            tuple(
                number_at(text, (20 + 100 * j, 20 + 60 * i)) for j, text in enumerate(line.split())
            )
            for i, line in enumerate(lines)
        ]
        return with_values(
            PageReading(
                "page.png",
                1,
                400,
                300,
                tuple(
                    Line(" ".join(one.text for one in numbers), 0.9, numbers[0].box, numbers)
                    for numbers in read
                ),
            )
        )

    return make


def number_at(text: str, corner: tuple[int, int]) -> Number:
    """Make a number; with ``?`` behind it, it is to be checked and may be 709."""
    to_check, text = text.endswith("?"), text.rstrip("?")
    left, top = corner
    digits = tuple(
        Digit(int(sign), "digit", 0.99, (left + 15 * i, top, 12, 30), ((int(sign), 0.99),))
        for i, sign in enumerate(text)
        if sign.isdecimal()
    )
    box = (left, top, 15 * len(text), 30)
    share = 0.6 if to_check else 0.97
    others = (("709", 0.3),) if to_check else ()
    return Number(text, None, share, to_check, box, digits, (), ((text, share), *others))
