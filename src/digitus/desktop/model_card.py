"""The dialog about a model: architecture, size, training and scores."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from digitus.models import Model
from digitus.models.architecture import title
from digitus.percent import percent


class ModelCard(QDialog):
    """Shows the record of a model as a table."""

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About the model"))
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(18)
        heading = QLabel(model.name)
        heading.setProperty("heading", True)
        column.addWidget(heading)
        column.addLayout(_table(self.facts(model)))
        column.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def facts(self, model: Model) -> list[tuple[str, str]]:
        """Return the rows of the table, each a name and a text."""
        record = model.record
        rows = [
            (self.tr("Architecture"), title(model.network)),
            (self.tr("Layers"), _layers(model)),
            (self.tr("Parameters"), f"{model.network.parameters.size:,}"),
            (self.tr("Normalization"), model.normalizer.kind),
            (self.tr("Temperature"), f"{model.temperature:.3f}"),
            (self.tr("Not a digit"), self._threshold(model)),
            (self.tr("Trained"), self._trained(record)),
        ]
        return rows + self._scores(record.get("scores") or {})

    def _threshold(self, model: Model) -> str:
        if not model.digit_threshold:
            return self.tr("never: every image is taken for a digit")
        text = self.tr("if less than {share} likely to be a digit")
        return text.format(share=percent(model.digit_threshold))

    def _trained(self, record: dict[str, Any]) -> str:
        if "date" not in record:
            return self.tr("not recorded")
        data = record.get("data") or {}
        text = self.tr("{date} on {data}, {epochs} epochs")
        return text.format(
            date=record["date"], data=data.get("name", "?"), epochs=record.get("epochs", "?")
        )

    def _scores(self, scores: dict[str, Any]) -> list[tuple[str, str]]:
        text = self.tr("{accuracy} of {n} correct, calibration error {ece}")
        return [
            (
                self.tr("Score ({part})").format(part=part),
                text.format(
                    accuracy=f"{100 * found['accuracy']:.2f} %",
                    n=f"{found['n']:,}",
                    ece=f"{found['ece']:.4f}",
                ),
            )
            for part, found in scores.items()
        ]


def _layers(model: Model) -> str:
    """Return the names of the layers in order."""
    names = [layer.kind.replace("_", " ") for layer in model.network.layers]
    return " → ".join(names)


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(10)
    grid.setColumnStretch(1, 1)
    for at, (name, text) in enumerate(rows):
        label, value = QLabel(name), QLabel(text)
        label.setProperty("quiet", True)
        value.setWordWrap(True)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, at, 1)
    return grid
