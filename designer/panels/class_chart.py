"""How many samples each class has, as bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme
from engine.catalogue.sources.base import Field

#: Height of the labels' line under the bars (pixels).
FOOT = 18


class ClassChart(QWidget):
    """A bar for each class; resting the pointer on one tells its count."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("class-chart")
        self.setFixedHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.names: tuple[str, ...] = ()
        self.counts: tuple[int, ...] = ()

    def tell(self, field: Field) -> None:
        """Count the classes of a field."""
        indexes = np.asarray(field.values).reshape(-1).astype(np.int64)
        inside = indexes[(indexes >= 0) & (indexes < len(field.classes))]
        self.names = field.classes
        self.counts = tuple(int(n) for n in np.bincount(inside, minlength=len(field.classes)))
        listed = ", ".join(f"{name}: {count:,}" for name, count in zip(self.names, self.counts, strict=True))
        self.setAccessibleName(tr("Samples per class"))
        self.setAccessibleDescription(listed)
        self.update()

    def text_at(self, x: float) -> str:
        """What stands at a place (pixels from the left); empty beside the bars."""
        if not self.counts or not 0 <= x < self.width():
            return ""
        place = int(x / (self.width() / len(self.counts)))
        share = self.counts[place] / max(1, sum(self.counts))
        return tr(
            "Class {name}: {count} samples ({share} %)",
            name=self.names[place],
            count=f"{self.counts[place]:,}",
            share=f"{100 * share:.1f}",
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.text_at(event.pos().x())
            # Qt takes text with tags for markup; class names are the user's own words.
            QToolTip.showText(event.globalPos(), text.replace("<", "‹"), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.counts:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPointSizeF(SMALL_SIZE)
        painter.setFont(font)
        step = self.width() / len(self.counts)
        floor, tallest = self.height() - FOOT, max(*self.counts, 1)
        gap = min(6.0, step * 0.25)
        named = all(painter.fontMetrics().horizontalAdvance(name) <= step - 2 for name in self.names)
        for place, (name, count) in enumerate(zip(self.names, self.counts, strict=True)):
            tall = max(2.0, (floor - 4) * count / tallest)
            bar = QRectF(place * step + gap / 2, floor - tall, max(1.0, step - gap), tall)
            painter.fillPath(_rounded(bar), QColor(theme.series[0]))
            if named:
                painter.setPen(QColor(theme.muted))
                area = QRectF(place * step, floor + 2, step, FOOT - 2)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)
        if not named:
            painter.setPen(QColor(theme.muted))
            area = QRectF(0, floor + 2, self.width(), FOOT - 2)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("{n} classes", n=len(self.names)))
        painter.setPen(QColor(theme.line))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        painter.end()


def _rounded(bar: QRectF) -> QPainterPath:
    """A bar with round shoulders that stands flat."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    radius = min(3.0, bar.width() / 2, bar.height())
    path.addRoundedRect(bar, radius, radius)
    path.addRect(bar.adjusted(0, min(radius, bar.height()), 0, 0))
    return path
