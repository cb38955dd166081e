"""The scales at the left of a plot and below it, with lines across."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer.plots.strokes import Frame
from designer.plots.ticks import marks
from designer.theme import SMALL_SIZE, current_theme, ui_font

#: Room for texts at the left of the plot and below it (px).
LEFT, BELOW = 46.0, 20.0
#: Room that one mark with its text takes (px), across and upwards.
ACROSS, UPWARDS = 72.0, 27.0

_Line = tuple[QPen, QPointF, QPointF]
_Lines = list[_Line]
_Texts = list[tuple[QRectF, Qt.AlignmentFlag, str]]


class Scale(pg.AxisItem):  # type: ignore[misc]
    """Marks at round numbers, powers of ten or clock times, worked out when the range changes.

    Args:
        orientation: ``"left"``, with lines across the plot, or ``"bottom"``.
    """

    def __init__(self, orientation: str) -> None:
        self._frame = Frame(QRectF(), (0.0, 1.0), (0.0, 1.0))
        self._kind = "number"
        self._bounds = QRectF()
        self._specs: tuple[_Line, _Lines, _Texts] | None = None
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def dress(self) -> None:
        """Take the font and the colours of the current theme."""
        theme = current_theme()
        self.setStyle(tickFont=ui_font(SMALL_SIZE, tabular=True))
        self.setPen(QPen(QColor(theme.grid), 1.0))
        self.setTextPen(QPen(QColor(theme.muted)))
        self._specs = None

    def show_frame(self, frame: Frame, kind: str, bounds: QRectF) -> None:
        """Show the scale of a plot.

        Args:
            frame: of the plot.
            kind: of the marks; see :func:`designer.plots.ticks.marks`.
            bounds: the whole canvas.
        """
        if (frame, kind, bounds) == (self._frame, self._kind, self._bounds):
            return
        self.prepareGeometryChange()
        self._frame, self._kind, self._bounds = frame, kind, bounds
        self._specs = None
        self.setRange(*(frame.upwards if self.orientation == "left" else frame.across))

    def boundingRect(self) -> QRectF:
        """The whole canvas, for lines go across and texts beyond the ends; asked for by Qt."""
        return self._bounds

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """Draw marks, texts and lines; asked for by Qt."""
        # Not by way of a QPicture, as pyqtgraph 0.14 does: Qt 6.11 misplaces what is in it on Wayland.
        if self._specs is None:
            self._specs = self.generateDrawSpecs(painter)
        self.drawPicture(painter, *self._specs)

    def generateDrawSpecs(self, p: QPainter) -> tuple[_Line, _Lines, _Texts]:
        """The axis, lines and texts; asked for by pyqtgraph, too."""
        area, pen = self._frame.area, self.pen()
        lines, texts = self._upwards(pen) if self.orientation == "left" else ([], self._across())
        # The axis is drawn below the plot only; at its left, the texts are enough.
        return (pen, area.bottomLeft(), area.bottomRight()), lines, texts

    def _upwards(self, pen: QPen) -> tuple[_Lines, _Texts]:
        area, (low, high) = self._frame.area, self._frame.upwards
        lines, texts = [], []
        for value, words in marks(self._kind, low, high, max(int(area.height() // UPWARDS), 2)):
            y = round(area.bottom() - (value - low) / (high - low) * area.height()) + 0.5
            lines.append((pen, QPointF(area.left(), y), QPointF(area.right(), y)))
            place = QRectF(0, y - 10, area.left() - 7, 20)
            texts.append((place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words))
        return lines, texts

    def _across(self) -> _Texts:
        area, (low, high) = self._frame.area, self._frame.across
        texts = []
        for value, words in marks(self._kind, low, high, max(int(area.width() // ACROSS), 2)):
            x = area.left() + (value - low) / (high - low) * area.width()
            # Texts near an end move inwards rather than being cut.
            left = min(x - ACROSS / 2, area.right() + 10 - ACROSS)
            align = Qt.AlignmentFlag.AlignRight if left < x - ACROSS / 2 else Qt.AlignmentFlag.AlignHCenter
            place = QRectF(left, area.bottom() + 2, ACROSS, BELOW - 2)
            texts.append((place, align | Qt.AlignmentFlag.AlignVCenter, words))
        return texts
