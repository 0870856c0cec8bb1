"""Take the images of the window for README and documentation, light and dark, at twice the scale.

No screen is needed.

python tools/window_images.py
"""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "2"

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from digitus.desktop.application import application
from digitus.desktop.canvas.drawing import CANVAS_PX
from digitus.desktop.models_menu import ModelChoice
from digitus.desktop.preferences import Preferences
from digitus.desktop.window import MainWindow
from digitus.palette import Theme
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PAGE = ROOT / "examples" / "pages" / "grid.jpg"
CHOSEN = (2, 2)  # row and column of the number that is selected
SIZE_PX = (1080, 680)
LEFT = Qt.MouseButton.LeftButton
SHOWN: dict[Theme, tuple[int, int]] = {"light": (2, 8), "dark": (9, 36)}
"""The digit that is drawn, and the seed of its pen."""
FREEDOM = 1.1
SETTLED_MS = 400
COLORS = 255


def take(theme: Theme, target: Path, show: Callable[[MainWindow, Theme], None]) -> None:
    """Open the window, show something in it, and save an image of the window."""
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(store)
        preferences.theme, preferences.brush_px = theme, 22
        window = MainWindow(ModelChoice(None), preferences)
        window.resize(*SIZE_PX)
        window.show()
        QTest.qWaitForWindowExposed(window)
        show(window, theme)
        settle(window)
        save_small(window, target)
        window.close()


def settle(window: MainWindow) -> None:
    """Wait until all is read and shown."""
    QTest.qWait(SETTLED_MS)  # the answer is requested shortly after the last stroke
    while not window.recognition.is_idle:
        QTest.qWait(10)
    QTest.qWait(SETTLED_MS)


def show_digit(window: MainWindow, theme: Theme) -> None:
    """Draw a digit with the mouse."""
    draw(window, *SHOWN[theme])


def show_page(window: MainWindow, theme: Theme) -> None:
    """Open a page and select one of its numbers."""
    window.open_image(str(PAGE))
    settle(window)
    window.frame.answers.numbers.table.setCurrentCell(*CHOSEN)


def draw(window: MainWindow, digit: int, seed: int) -> None:
    """Draw a digit with the mouse."""
    square = window.canvas.square()
    scale = square.width() / CANVAS_PX
    strokes = draw_digit(digit, np.random.default_rng(seed), freedom=FREEDOM)
    for stroke in place(strokes, size=196, left=42, top=42):
        spots = [(square.topLeft() + QPointF(x, y) * scale).toPoint() for x, y in stroke]
        QTest.mousePress(window.canvas, LEFT, pos=spots[0])
        for spot in spots[1:]:
            QTest.mouseMove(window.canvas, spot)
        QTest.mouseRelease(window.canvas, LEFT, pos=spots[-1])


def save_small(window: MainWindow, target: Path) -> None:
    """Save the window with 255 colors, a fifth of the size without a visible difference."""
    from PIL import Image

    from digitus.desktop.images.image_input import png_bytes

    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "window.png"
        full.write_bytes(png_bytes(window.grab().toImage()))
        with Image.open(full) as image:
            image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(
                target, optimize=True
            )


def main() -> None:
    """Take all images."""
    application()
    for theme in SHOWN:
        take(theme, IMAGES / f"window-{theme}.png", show_digit)
        take(theme, IMAGES / f"window-page-{theme}.png", show_page)


if __name__ == "__main__":
    main()
