"""Ten bars: the probability of each digit, in percentages that sum to 100."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.desktop.answer.percents import percent_texts, rounded_percents
from digitus.desktop.look.painting import rounded

SMALLEST_ROW_PX = 14
THICKEST_PX = 12.0  # of a bar
STUB_PX = 2.0  # width of a bar of less than a tenth of a percent
DIGITS = 10


class Bars(QWidget):
    """A row for each digit: its name, a bar and the percentage if it is a tenth of a percent.

    The answered digit has a mark, bold text and the full color; the layout never changes. Without
    an answer there is a hint.

    Attributes:
        percents: the percentages shown; empty if there are none.
        winner: the digit that was answered; None if there is none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.percents: list[float] = []
        self.winner: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("How likely each digit is"))
        self.show_probabilities(None)

    def sizeHint(self) -> QSize:
        """Return the size of ten rows of 24 pixels."""
        return QSize(360, 24 * DIGITS)

    def minimumSizeHint(self) -> QSize:
        """Return the size of ten rows of the smallest height."""
        return QSize(220, SMALLEST_ROW_PX * DIGITS)

    def show_probabilities(
        self, probabilities: Sequence[float] | None, *, winner: int | None = None
    ) -> None:
        """Show the probabilities of the digits.

        Args:
            probabilities: (10,), summing to one; None shows empty bars.
            winner: the digit that was answered; None if the answer was declined.
        """
        self.percents = [] if probabilities is None else rounded_percents(probabilities)
        self._texts = [] if probabilities is None else percent_texts(probabilities)
        self.winner = winner
        self.setAccessibleDescription(", ".join(self.texts()))
        self.update()

    def texts(self) -> list[str]:
        """Return the rows as texts for screen readers."""
        if not self.percents:
            return [self.tr("nothing to show yet")]
        return [f"{digit}: {text}" for digit, text in enumerate(self._texts)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ten rows, or the hint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_px = self.height() / DIGITS
        for digit in range(DIGITS if self.percents else 0):
            self._paint_row(painter, QRectF(0, digit * row_px, self.width(), row_px), digit)
        if not self.percents:
            self._paint_hint(painter)
        painter.end()

    def _paint_row(self, painter: QPainter, row: QRectF, digit: int) -> None:
        wins = digit == self.winner
        painter.setFont(self._row_font(row.height(), bold=True))
        number_px = painter.fontMetrics().horizontalAdvance("> 99.9 %") + 4
        name_px = painter.fontMetrics().horizontalAdvance("0") + 24
        painter.setFont(self._row_font(row.height(), bold=wins))
        role = QPalette.ColorRole.Text if wins else QPalette.ColorRole.PlaceholderText
        painter.setPen(self.palette().color(role))
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.drawText(row.adjusted(14, 0, 0, 0), middle, str(digit))
        if self.percents[digit] > 0:
            painter.drawText(row, middle | right, self._texts[digit])
        if wins:
            self._paint_mark(painter, row)
        thick = min(row.height() * 0.5, THICKEST_PX)
        room = QRectF(name_px, row.center().y() - thick / 2, row.width() - name_px, thick)
        self._paint_bar(painter, room.adjusted(0, 0, -number_px - 8, 0), digit)

    def _paint_bar(self, painter: QPainter, room: QRectF, digit: int) -> None:
        bar, share = QRectF(room), self.percents[digit] / 100
        if share == 0:
            bar.setWidth(STUB_PX)
            painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Mid))
            return
        color = QColor(self.palette().color(QPalette.ColorRole.Accent))
        color.setAlphaF(1.0 if digit == self.winner else 0.5)
        bar.setWidth(max(room.width() * share, 2 * STUB_PX))
        painter.fillPath(rounded(bar, min(bar.width(), bar.height()) / 2), color)

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        text = self.tr("The probability of each digit appears here.")
        painter.drawText(QRectF(self.rect()).adjusted(20, 0, -20, 0), flags, text)

    def _paint_mark(self, painter: QPainter, row: QRectF) -> None:
        """Paint a triangle before the answered digit."""
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        middle = row.center().y()
        corners = [(0.0, middle - 5), (7.0, middle), (0.0, middle + 5)]
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.restore()

    def _row_font(self, row_px: float, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(int(min(max(row_px * 0.62, 11), 15)))
        font.setBold(bold)
        return font
