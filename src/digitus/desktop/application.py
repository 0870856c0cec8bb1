"""The running program: one application, one window, Ctrl-C, garbage collection."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from digitus.desktop.background import stop_all
from digitus.desktop.garbage import collect_due, collected_in_this_thread
from digitus.desktop.look.icons import window_icon
from digitus.desktop.models_menu import ModelChoice
from digitus.desktop.preferences import Preferences
from digitus.desktop.window import MainWindow
from digitus.errors import DigitusError
from digitus.models.shipped import SHIPPED
from digitus.processes import ENDING_SIGNALS

TICK_MS = 200


def run_window(model: str | None) -> int:
    """Open the window, wait until it is closed, and return the exit code.

    Raises:
        ModelFileError: if there is no such model.
    """
    app = application()
    with collected_in_this_thread():
        try:
            return _run(app, model)
        finally:
            stop_all()


def _run(app: QApplication, model: str | None) -> int:
    preferences = Preferences()
    choice, problem = choose_model(model, preferences)
    window = MainWindow(choice, preferences)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # while Qt still runs
    if problem:
        window.show_message(problem)
    window.show()
    _close_at_ctrl_c(app)
    _start_ticking(app)
    return app.exec()


def application() -> QApplication:
    """Return the application; it is created and named at the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Deliver every mouse position, so that fast strokes stay smooth.
        compress = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents
        QApplication.setAttribute(compress, False)
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Digitus")
    app.setApplicationDisplayName("Digitus")
    app.setDesktopFileName("digitus")
    app.setWindowIcon(window_icon())
    return app


def choose_model(asked: str | None, preferences: Preferences) -> tuple[ModelChoice, str]:
    """Load the model asked for, else the last one used, else the default.

    Returns:
        The model, and a sentence if the last one could not be loaded, else an empty text.

    Raises:
        ModelFileError: if the model asked for cannot be loaded.
    """
    if asked is not None:
        return ModelChoice(asked if asked in SHIPPED else str(Path(asked).absolute())), ""
    try:
        return ModelChoice(preferences.model), ""
    except (DigitusError, OSError) as error:
        return ModelChoice(None), str(error)


def _close_at_ctrl_c(app: QApplication) -> None:
    """Close the window at Ctrl-C and the like."""
    for number in ENDING_SIGNALS:
        signal.signal(number, lambda *_: app.closeAllWindows())


def _start_ticking(app: QApplication) -> None:
    """At every tick, collect garbage and let Python handle signals; while Qt is idle it cannot."""
    timer = QTimer(app)
    timer.timeout.connect(collect_due)
    timer.start(TICK_MS)
