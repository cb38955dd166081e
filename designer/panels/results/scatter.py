"""Right numbers against given ones: on the line, they agree."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, ui_font
from engine.explain.judgement import Array

#: Room for the axes (px).
LEFT, BOTTOM = 56, 34


class ScatterView(QWidget):
    """A point for each sample."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("results-scatter")
        self.setMinimumSize(180, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Right and given numbers"))
        self.setToolTip(tr("Each point is a sample: across what is right, up what the network says."))
        self.truth = self.answers = np.zeros(0)

    def tell(self, truth: Array, answers: Array) -> None:
        """Show other samples."""
        good = np.isfinite(truth) & np.isfinite(answers)
        self.truth, self.answers = truth[good], answers[good]
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        field = QRectF(LEFT, 8, self.width() - LEFT - 12, self.height() - BOTTOM - 8)
        if not len(self.truth) or field.width() < 20 or field.height() < 20:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing judged yet"))
            painter.end()
            return
        low = float(min(self.truth.min(), self.answers.min()))
        high = float(max(self.truth.max(), self.answers.max()))
        high = high if high > low else low + 1.0
        painter.fillRect(field, QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(field.bottomLeft(), field.topRight())
        x = field.left() + (self.truth - low) / (high - low) * field.width()
        y = field.bottom() - (self.answers - low) / (high - low) * field.height()
        dots = QColor(theme.accent)
        dots.setAlpha(120)
        painter.setPen(QPen(dots, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]))
        painter.setPen(QColor(theme.muted))
        painter.setFont(ui_font(SMALL_SIZE, tabular=True))
        below = QRectF(field.left(), field.bottom() + 4, field.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{low:.4g}")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{high:.4g}")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("right"))
        beside = QRectF(0, field.top(), LEFT - 6, field.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"{high:.4g}")
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{low:.4g}")
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tr("answer"))
        painter.end()
