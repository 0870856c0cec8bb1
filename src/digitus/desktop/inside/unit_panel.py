"""One unit: its inputs and weights as images, its sum and its activation in numbers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from digitus.desktop.inside.descriptions import (
    stage_titles,
    steps_text,
    unit_name,
    unit_numbers,
)
from digitus.desktop.inside.unit_grid import MAP_CELLS, VALUE_CELLS
from digitus.desktop.look.array_images import CaptionedImage, columns_for, tiled
from digitus.desktop.look.painting import Values
from digitus.desktop.look.widgets import heading, muted
from digitus.models.inside import Inside, Stage, Unit

_GAP_PX = 14
_SIDES_PX = (168, 140, 112)
"""Sides of an image: 6, 5 or 4 screen pixels for each pixel of a patch."""
FULL_WIDTH_PX = 2 * _SIDES_PX[0] + _GAP_PX + 4


class UnitPanel(QWidget):
    """Four images and the numbers of one unit.

    Attributes:
        gradient: gradient of the answer's logit with respect to the ink.
        inputs: the unit's inputs; for a filter, its feature map.
        weights: the weights of these inputs.
        products: inputs times weights.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gradient, self.inputs = CaptionedImage(), CaptionedImage()
        self.weights, self.products = CaptionedImage(), CaptionedImage()
        self.title, self.place, self.numbers = heading(QLabel()), muted(QLabel()), QLabel()
        self.numbers.setWordWrap(True)
        self.numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.numbers.setAccessibleName(self.tr("Sum and activation"))
        self._lay_out()
        self._images = (self.gradient, self.inputs, self.weights, self.products)

    def _lay_out(self) -> None:
        images = QGridLayout()
        images.setSpacing(_GAP_PX)
        images.setColumnStretch(2, 1)
        images.addWidget(self.gradient, 0, 0)
        images.addWidget(self.inputs, 0, 1)
        images.addWidget(self.weights, 1, 0)
        images.addWidget(self.products, 1, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for label in (self.title, self.place, self.numbers):
            rows.addWidget(label)
        rows.addSpacing(8)
        rows.addLayout(images)
        rows.addStretch(1)

    def fit(self, width_px: int) -> None:
        """Set the largest size of images of which two fit side by side into a width."""
        free = (width_px - _GAP_PX) // 2 - 2
        side = next((side for side in _SIDES_PX if side <= free), _SIDES_PX[-1])
        for image in self._images:
            image.set_side(side)

    def show_unit(self, inside: Inside, chosen: tuple[int, int], loss: str) -> None:
        """Show a unit.

        Args:
            inside: what the network computed.
            chosen: the numbers of the stage and of the unit in it.
            loss: kind of the loss, which names the function of the outputs.
        """
        at, index = chosen
        stage = inside.stages[at]
        unit, name = stage.unit(index), unit_name(stage, index)
        where = self.tr("{unit} · {stage}")
        self.title.setText(where.format(unit=name, stage=stage_titles(inside)[at].lower()))
        self.place.setText(self._place_text(unit))
        self.numbers.setText(unit_numbers(unit, steps_text(stage, loss)))
        self._show_gradient(inside)
        self._show_inputs(inside, stage, index, is_first=at == 0)
        self.weights.show_signed(self.tr("Weights"), _sheet(unit.weights))
        is_ink = at == 0 and inside.paper_is_zero
        caption = self.tr("Ink \u00d7 weights") if is_ink else self.tr("Inputs \u00d7 weights")
        self.products.show_signed(caption, _sheet(unit.products))

    def _place_text(self, unit: Unit) -> str:
        if unit.place is None:
            return self.tr("connected to all inputs")
        text = self.tr("at the largest value of its map: row {row}, col {col}")
        return text.format(row=unit.place[0], col=unit.place[1])

    def _show_gradient(self, inside: Inside) -> None:
        name = self.tr("not a digit") if inside.answer >= 10 else str(inside.answer)
        self.gradient.show_signed(
            self.tr("Gradient of {answer}").format(answer=name), inside.gradient
        )
        tip = self.tr(
            "How much more ink at a pixel raises (+) or lowers (\N{MINUS SIGN}) "
            "the score of {answer}"
        )
        self.gradient.setToolTip(tip.format(answer=name))

    def _show_inputs(self, inside: Inside, stage: Stage, index: int, *, is_first: bool) -> None:
        if stage.has_maps:
            self.inputs.show_positive(self.tr("Feature map"), stage.activations[..., index])
        elif is_first and inside.paper_is_zero:
            self.inputs.show_ink(self.tr("Ink"), inside.patch)
        else:
            self.inputs.show_positive(self.tr("Inputs"), _sheet(stage.inputs))


def _sheet(values: Values) -> Values:
    """Lay out inputs (rows, cols, n) as one image, in the columns of their own grid."""
    n = values.shape[2]
    is_flat = values.shape[0] == 1
    return tiled(values, columns_for(n, VALUE_CELLS.columns if is_flat else MAP_CELLS.columns))
