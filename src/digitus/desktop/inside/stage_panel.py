"""One layer: its name, how many units it has, the legend, and the grid of its units."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from digitus.desktop.inside.descriptions import unit_name, unit_texts
from digitus.desktop.inside.unit_grid import UnitGrid
from digitus.desktop.look.array_images import Legend
from digitus.desktop.look.widgets import heading, muted
from digitus.models.inside import Stage

_LEGEND_PX = 110


class StagePanel(QWidget):
    """The activations of a layer on one color scale, with a title and a legend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.note = heading(QLabel(), points=0), muted(QLabel())
        self.note.setWordWrap(True)
        self.legend, self.grid = Legend(_LEGEND_PX), UnitGrid()
        rows = QGridLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(2)
        rows.addWidget(self.title, 0, 0)
        rows.addWidget(self.note, 1, 0)
        rows.addWidget(self.legend, 0, 1, 2, 1)
        rows.addWidget(self.grid, 2, 0, 1, 2)
        rows.setColumnStretch(0, 1)

    def show_stage(self, stage: Stage, title: str, note: str) -> None:
        """Show the activations of a layer.

        Args:
            stage: the layer.
            title: its name.
            note: its number of units and their steps.
        """
        low = float(np.minimum(stage.activations.min(), 0))
        high = float(np.maximum(stage.activations.max(), 0))
        self.title.setText(title)
        self.note.setText(note)
        self.legend.show_range(low, high)
        self.legend.setAccessibleName(self.tr("Legend of {name}").format(name=title))
        self.grid.setAccessibleName(f"{title}, {note}")
        self.grid.setToolTip(self.tr("Click a unit, or choose it with the arrow keys"))
        marks = [unit_name(stage, i)[:1] for i in range(stage.n_units)] if stage.is_output else []
        self.grid.show_units(
            stage.activations, limit=max(-low, high), texts=unit_texts(stage), marks=marks
        )
