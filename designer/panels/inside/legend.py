"""What the colours stand for."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from designer.panels.inside.colors import diverging, heat
from designer.panels.inside.picture import image_of
from designer.theme import SMALL_SIZE, current_theme, ui_font


class Legend(QWidget):
    """A strip of colours between the words for its ends.

    Args:
        name: object name.
        tip: tooltip that teaches.
        width: of the strip (px).
    """

    def __init__(self, name: str, tip: str, width: int = 72) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setToolTip(tip)
        self._width = width
        self._low, self._high = "", ""
        self._signed = False
        self.setFixedSize(1, 18)
        self._strips = {kind: image_of(np.ascontiguousarray(scale()[None])) for kind, scale in _SCALES.items()}

    def tell(self, low: str, high: str, signed: bool) -> None:
        """Name the ends."""
        if (low, high, signed) != (self._low, self._high, self._signed):
            self._low, self._high, self._signed = low, high, signed
            self.setAccessibleName(f"{low} – {high}")
            # Figures change all the time; a width that only grows keeps what stands beside it still.
            self.setFixedSize(self.sizeHint().expandedTo(self.size()) if high else self.sizeHint())
            self.update()

    def sizeHint(self) -> QSize:
        if not self._high:
            return QSize(1, 18)
        metrics = QFontMetricsF(ui_font(SMALL_SIZE, tabular=True))
        words = metrics.horizontalAdvance(self._low) + metrics.horizontalAdvance(self._high)
        return QSize(round(words) + self._width + 14, 18)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._high:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(ui_font(SMALL_SIZE, tabular=True))
        painter.setPen(QColor(theme.muted))
        area = QRectF(self.rect())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, self._low)
        left = QFontMetricsF(painter.font()).horizontalAdvance(self._low) + 6
        strip = QRectF(left, area.center().y() - 4, self._width, 8)
        painter.drawImage(strip, self._strips[self._signed])
        painter.drawText(area.adjusted(strip.right() + 6, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, self._high)
        painter.setPen(QColor(theme.line))
        painter.drawRect(strip)
        painter.end()


_SCALES = {False: heat, True: diverging}
