"""The curve of an activation, drawn from its own reference formula."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.panels.form.formula_line import formula_line, formula_slope, formula_words, has_formula
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme
from engine.catalogue.activations.base import Activation
from engine.component import Component

Line = npt.NDArray[np.float64]

#: The curve is drawn for inputs from -REACH to REACH.
REACH = 4.0


def curve(drawn: Component, points: int = 81) -> tuple[Line, Line]:
    """Inputs and outputs of an activation, or of a formula.

    The second column stays 0, so a function along an axis (softmax) shows what it does to one
    of two scores; for all others the column changes nothing.
    """
    x = np.linspace(-REACH, REACH, points)
    if isinstance(drawn, Activation):
        y = np.asarray(drawn.value(np.stack([x, np.zeros_like(x)], axis=1)), dtype=np.float64)[:, 0]
    else:
        y = formula_line(drawn, x)
    return x, np.where(np.isfinite(y), y, 0.0)


def draw_curve(painter: QPainter, area: QRectF, activation: Component, color: str, width: float) -> None:
    """Paint the curve into an area, without axes."""
    x, y = curve(activation)
    _draw_line(painter, area, x, y, _range(y), QPen(QColor(color), width))


def _draw_line(painter: QPainter, area: QRectF, x: Line, y: Line, limits: tuple[float, float], pen: QPen) -> None:
    low, high = limits
    across = area.left() + (x + REACH) / (2 * REACH) * area.width()
    down = area.bottom() - (np.clip(y, low, high) - low) / (high - low) * area.height()
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(float(a), float(b)) for a, b in zip(across, down, strict=True)]))


def _range(y: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The outputs shown; steep functions are cut at REACH so that their bend stays visible."""
    low, high = max(-REACH, float(y.min())), min(REACH, float(y.max()))
    low, high = min(low, 0.0), max(high, 1.0)
    return low, high


def curve_icon(activation: Activation, size: QSize) -> QIcon:
    """A small picture of the curve for lists."""
    ratio = 2
    pixmap = QPixmap(size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(1.5, 2.0, size.width() - 3.0, size.height() - 4.0)
    draw_curve(painter, area, activation, current_theme().category("Activation"), 1.4)
    painter.end()
    return QIcon(pixmap)


class CurveView(QWidget):
    """The curve of an activation, or of a formula and its derivative (dashed), with its axes and limits."""

    def __init__(self) -> None:
        super().__init__()
        self._activation: Component | None = None
        self.setFixedHeight(64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_activation(self, activation: Component) -> None:
        """Show another function."""
        self._activation = activation
        told = tr("How {name} answers: input from -4 to 4 across, output upwards.", name=tr(activation.title))
        if has_formula(activation):
            told += "\n" + tr("Dashed: its derivative, which training follows.") + "\n" + formula_words(activation)
        self.setToolTip(told.strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._activation is None:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.canvas))
        painter.drawRoundedRect(frame, 6, 6)
        area = frame.adjusted(30, 9, -10, -9)
        low, high = _range(curve(self._activation)[1])
        zero = area.bottom() - (0.0 - low) / (high - low) * area.height()
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))
        painter.drawLine(QPointF(area.center().x(), area.top()), QPointF(area.center().x(), area.bottom()))
        self._mark(painter, area, low, high)
        if has_formula(self._activation):
            x = curve(self._activation)[0]
            pen = QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DashLine)
            _draw_line(painter, area, x, formula_slope(self._activation, x), (low, high), pen)
        draw_curve(painter, area, self._activation, theme.category("Activation"), 1.8)
        painter.end()

    def _mark(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        font = self.font()
        font.setPointSizeF(SMALL_SIZE - 0.5)
        painter.setFont(font)
        painter.setPen(QColor(current_theme().muted))
        for value, y in ((high, area.top()), (low, area.bottom())):
            box = QRectF(2, y - 8, area.left() - 7, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:.2g}")
