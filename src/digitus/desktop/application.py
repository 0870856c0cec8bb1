"""The running program: one application, one window, its theme, Ctrl-C."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from digitus.desktop.models_menu import ModelChoice
from digitus.desktop.preferences import Settings
from digitus.desktop.window import MainWindow
from digitus.errors import DigitusError
from digitus.models.shipped import SHIPPED

CTRL_C_MS = 200


def run_window(model: str | None) -> int:
    """Open the window and wait until it is closed; give the exit code.

    Raises:
        ModelFileError: if there is no such model.
    """
    app = application()
    settings = Settings()
    choice, complaint = choose_model(model, settings)
    window = MainWindow(choice, settings)
    if complaint:
        window.tell(complaint)
    window.show()
    _hear_ctrl_c(app)
    return app.exec()


def application() -> QApplication:
    """Return the one application, named so that its settings find their place."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Every place that a quick mouse was at belongs to the stroke.
        compress = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents
        QApplication.setAttribute(compress, False)
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Digitus")
    app.setApplicationDisplayName("Digitus")
    app.setDesktopFileName("digitus")
    return app


def choose_model(asked: str | None, settings: Settings) -> tuple[ModelChoice, str]:
    """Load the model asked for, else the one used last, else the default."""
    if asked is not None:
        return ModelChoice(asked if asked in SHIPPED else str(Path(asked).absolute())), ""
    try:
        return ModelChoice(settings.model), ""
    except (DigitusError, OSError) as error:
        return ModelChoice(None), str(error)


def _hear_ctrl_c(app: QApplication) -> None:
    """Close the window at Ctrl-C; Python sees signals only when Qt lets it run."""
    signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(CTRL_C_MS)
