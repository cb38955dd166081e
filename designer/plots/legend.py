"""The legend: one button per kind of curve; a click hides or shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from designer.theme import SMALL_SIZE, current_theme, ui_font

_SWATCH, _GAP, _PAD = 14, 5, 6


class LegendButton(QAbstractButton):
    """A short line in the colour of the curve, and its name; grey while the curve is hidden."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._ink = QColor(current_theme().text)

    def set_ink(self, color: str, alpha: float) -> None:
        """Give the swatch its colour."""
        self._ink = QColor(color)
        self._ink.setAlphaF(alpha)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Swatch and text."""
        metrics = QFontMetricsF(ui_font(SMALL_SIZE))
        width = 2 * _PAD + _SWATCH + _GAP + metrics.horizontalAdvance(self.text())
        return QSize(round(width) + 1, round(metrics.height()) + 5)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Back to rest."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw swatch and text."""
        theme, shown = current_theme(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 5, 5)
        pen = QPen(self._ink if shown else QColor(theme.disabled), 2.4 if shown else 1.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle = area.center().y()
        painter.drawLine(QPointF(_PAD + 1, middle), QPointF(_PAD + _SWATCH - 1, middle))
        painter.setPen(QColor(theme.text if shown else theme.disabled))
        painter.setFont(ui_font(SMALL_SIZE))
        painter.drawText(area.adjusted(_PAD + _SWATCH + _GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class Legend(QWidget):
    """Buttons for the kinds of curves of a plot.

    Attributes:
        changed: emitted when a kind was hidden or shown.
    """

    changed = Signal()

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._buttons: dict[str, LegendButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def add(self, kind: str, text: str, tip: str) -> None:
        """Add a kind of curve; it is shown at first."""
        button = LegendButton(text, self)
        button.setObjectName(f"{self._prefix}-legend-{kind}")
        button.setToolTip(tip)
        button.toggled.connect(self.changed)
        self._row.addWidget(button)
        self._buttons[kind] = button

    def set_color(self, kind: str, color: str, alpha: float = 1.0) -> None:
        """Give a kind its colour."""
        self._buttons[kind].set_ink(color, alpha)

    def offer(self, kind: str, exists: bool) -> None:
        """Show a button only while there are such curves."""
        if self._buttons[kind].isHidden() == exists:
            self._buttons[kind].setVisible(exists)

    def shows(self, kind: str) -> bool:
        """Whether curves of a kind are to be drawn."""
        return self._buttons[kind].isChecked()
