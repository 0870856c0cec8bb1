"""The menu of models: the shipped ones and files. A model that cannot be loaded changes nothing."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from digitus.desktop.actions import Maker
from digitus.errors import DigitusError
from digitus.models import load_digit_model
from digitus.models.shipped import SHIPPED
from digitus.recognizer import Recognizer

KEYS = {"cnn": "Ctrl+Shift+C", "mlp": "Ctrl+Shift+M"}


class ModelChoice(QObject):
    """The current model and its recognizer.

    Args:
        name: a shipped name or a model file; None is the default model.

    Signals:
        changed: a model was chosen; also emitted after a failure.
        failed: one sentence; the model is unchanged.

    Raises:
        ModelFileError: if the model cannot be loaded.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, name: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.model = load_digit_model(name)
        self.recognizer = Recognizer(self.model)

    def choose(self, name: str) -> None:
        """Load a shipped model by name, or a model file."""
        try:
            model = load_digit_model(name)
        except (DigitusError, OSError) as error:
            self.failed.emit(str(error))
        else:
            self.name, self.model, self.recognizer = name, model, Recognizer(model)
        self.changed.emit()  # after a failure too, so that menus check the current model


class ModelsMenu(QMenu):
    """The shipped models, the current one checked, and an entry to load a file."""

    def __init__(self, choice: ModelChoice, make: Maker, parent: QWidget) -> None:
        super().__init__(parent.tr("&Model"), parent)
        self._choice, self._group = choice, QActionGroup(self)
        self._shipped = {name: self._entry(name, make) for name in SHIPPED}
        self.addSeparator()
        text, tip = self.tr("&Load a file…"), self.tr("Use a model file")
        self.load = make(text, "Ctrl+L", tip=tip)
        self.load.triggered.connect(self._ask)
        self.addAction(self.load)
        choice.changed.connect(self._tick)
        self._tick()

    def _entry(self, name: str, make: Maker) -> QAction:
        tip = self.tr("Use the model {name} that comes with Digitus").format(name=name)
        action = make(name, KEYS[name], tip=tip)
        action.setCheckable(True)
        action.triggered.connect(lambda: self._choice.choose(name))
        self._group.addAction(action)
        self.addAction(action)
        return action

    def _tick(self) -> None:
        self._group.setExclusive(False)  # none is checked for a file
        for name, action in self._shipped.items():
            action.setChecked(name == (self._choice.name or self._choice.model.name))
        self._group.setExclusive(True)

    def _ask(self) -> None:
        kinds = self.tr("Models (*.safetensors *.npz *.onnx);;All files (*)")
        title = self.tr("Load a model")
        path = QFileDialog.getOpenFileName(self.parentWidget(), title, "", kinds)[0]
        if path:
            self._choice.choose(path)
