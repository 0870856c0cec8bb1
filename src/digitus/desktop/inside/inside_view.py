"""The inside of the network: the activations of all units, and the sum of one of them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.inside.descriptions import stage_note, stage_titles
from digitus.desktop.inside.stage_panel import StagePanel
from digitus.desktop.inside.unit_panel import FULL_WIDTH_PX, UnitPanel
from digitus.desktop.look.widgets import heading, muted
from digitus.models import Model
from digitus.models.architecture import title
from digitus.models.inside import Inside, look_inside
from digitus.recognizer import Prediction, Recognizer

WIDE_PX = 640
"""From this width on, the unit is beside the layers, otherwise above them."""
_SCROLL_BAR_PX = 16
_UNLIMITED_PX = 16_777_215  # Qt's largest size of a widget


class InsideView(QWidget):
    """What the network computes for the latest image; computed only while it is visible.

    Attributes:
        inside: what is shown; None if nothing is.
        chosen: the numbers of the stage and the unit that are shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inside: Inside | None = None
        self.chosen: tuple[int, int] = (0, 0)
        self._follows = True
        self._loss = ""
        self._shown_model: Model | None = None
        self._waiting: tuple[Recognizer, Prediction] | None = None
        self.message = muted(QLabel())
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.title, self.unit = heading(QLabel(), points=2), UnitPanel()
        self.stages: list[StagePanel] = []
        self.most_active = self._make_button()
        self.title.setWordWrap(True)
        self._lay_out()
        self.clear()

    def sizeHint(self) -> QSize:
        """Return a size for unit and layers side by side."""
        return QSize(880, 560)

    def show_prediction(self, recognizer: Recognizer, prediction: Prediction) -> None:
        """Show what the recognizer's network computed for its prediction."""
        self._waiting = recognizer, prediction
        if self.isVisible():
            self._update()

    def clear(self) -> None:
        """Show a hint instead of a network."""
        self._show_message(
            self.tr("Draw one digit to see what every unit of the network does with it.")
        )

    def choose(self, stage: int, unit: int) -> None:
        """Show one unit, also for the next images."""
        self._follows = False
        self._choose(stage, unit)
        grid = self.stages[stage].grid
        place = grid.mapTo(self._content, grid.cell(unit).center().toPoint())
        self._room.ensureVisible(
            place.x(), place.y()
        )  # keys can choose a unit outside the visible part

    def follow_most_active(self) -> None:
        """Show the most active unit of the first layer, also for the next images."""
        self._follows = True
        if self.inside is not None:
            self._choose(0, self.inside.stages[0].most_active())

    # Showing

    def showEvent(self, event: QShowEvent) -> None:
        """Show the prediction that came while the view was hidden."""
        super().showEvent(event)
        self._update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the unit beside the layers if the view is wide, else above them."""
        super().resizeEvent(event)
        direction, is_wide = QBoxLayout.Direction, self.width() >= WIDE_PX
        self._parts.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        width = FULL_WIDTH_PX + _SCROLL_BAR_PX
        self.unit.setMinimumWidth(FULL_WIDTH_PX if is_wide else 0)
        self.unit.setMaximumWidth(FULL_WIDTH_PX if is_wide else _UNLIMITED_PX)
        self.unit.fit(width if is_wide else self.width() - _SCROLL_BAR_PX)

    def _update(self) -> None:
        if self._waiting is None:
            return
        (recognizer, prediction), self._waiting = self._waiting, None
        model = recognizer.model
        if not isinstance(model, Model):
            self._show_message(self.tr("The inside of this model cannot be shown."))
        elif prediction.patch is None or prediction.best_guess is None:
            self.clear()
        else:
            try:
                inside = look_inside(model, prediction.patch, prediction.best_guess)
            except ValueError as error:
                self._show_message(str(error))
            else:
                self._show(model, inside, is_answer=prediction.digit is not None)

    def _show_message(self, sentence: str) -> None:
        self.inside = None
        self.message.setText(sentence)
        self._pages.setCurrentIndex(0)

    def _show(self, model: Model, inside: Inside, *, is_answer: bool) -> None:
        self.inside, self._loss = inside, model.network.loss.kind
        if model is not self._shown_model:
            self._shown_model, self._follows = model, True
        text = self.tr("Inside {name}: why {answer}")
        if not is_answer:
            text = self.tr("Inside {name}: most like {answer}")
        widths = title(model.network)
        self.title.setText(text.format(name=model.name, answer=inside.answer))
        self.title.setToolTip(widths)
        self._show_stages(inside)
        if self._follows:
            self.follow_most_active()
        else:
            stage, unit = self.chosen
            self._choose(stage, unit)
        self._pages.setCurrentIndex(1)

    def _show_stages(self, inside: Inside) -> None:
        while len(self.stages) < len(inside.stages):
            self._add_stage()
        titles = stage_titles(inside)
        for i, panel in enumerate(self.stages):
            panel.setVisible(i < len(inside.stages))
            if i < len(inside.stages):
                stage = inside.stages[i]
                panel.show_stage(stage, titles[i], stage_note(stage, self._loss))

    def _choose(self, stage: int, unit: int) -> None:
        if self.inside is None:
            return
        self.chosen = stage, unit
        for i, panel in enumerate(self.stages):
            panel.grid.choose(unit if i == stage else None)
        self.unit.show_unit(self.inside, self.chosen, self._loss)

    # Building

    def _add_stage(self) -> None:
        panel, number = StagePanel(), len(self.stages)
        panel.grid.unit_chosen.connect(lambda unit: self.choose(number, unit))
        self.stages.append(panel)
        self._layers.insertWidget(number, panel)

    def _make_button(self) -> QPushButton:
        button = QPushButton(self.tr("Most active unit"))
        QShortcut(QKeySequence("U"), self, button.click)
        button.setToolTip(self.tr("Show the most active unit of the first layer (U)"))
        button.clicked.connect(self.follow_most_active)
        return button

    def _lay_out(self) -> None:
        self._layers = QVBoxLayout()
        self._layers.setSpacing(14)
        self._layers.addStretch(1)
        self._content = QWidget()
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._content)
        self._parts.setContentsMargins(0, 4, 8, 4)
        self._parts.setSpacing(20)
        self._parts.addWidget(self.unit, 0)
        self._parts.addLayout(self._layers, 1)
        self._room = _scrolling(self._content)
        top, page = QHBoxLayout(), QWidget()
        top.addWidget(self.title, 1)
        top.addWidget(self.most_active)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(top)
        rows.addWidget(self._room, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.message)
        self._pages.addWidget(page)


def _scrolling(widget: QWidget) -> QScrollArea:
    """Return a scroll area around a widget."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
