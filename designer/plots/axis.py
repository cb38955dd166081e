"""An axis with our own marks."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from designer.plots.ticks import marks
from designer.theme import SMALL_SIZE, current_theme, ui_font

#: Room that one mark with its text takes (px), across and upwards.
ACROSS = 72
UPWARDS = 27


class ScaleAxis(pg.AxisItem):
    """Marks at round numbers, powers of ten or clock times.

    Attributes:
        kind: ``number``, ``whole``, ``time`` or ``log``; see :func:`designer.plots.ticks.marks`.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.kind = "number"
        self._texts: dict[float, str] = {}
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=0, tickTextOffset=6, autoExpandTextSpace=False, autoReduceTextSpace=False)
        if orientation == "left":
            self.setWidth(46)
        else:
            self.setHeight(20)
        self.dress()

    def dress(self) -> None:
        """Take fonts and colours of the current theme."""
        theme = current_theme()
        self.setStyle(tickFont=ui_font(SMALL_SIZE, tabular=True))
        line = QPen(QColor(theme.grid))
        line.setCosmetic(True)
        self.setPen(line)
        self.setTickPen(line)
        self.setTextPen(QColor(theme.muted))

    def set_kind(self, kind: str) -> None:
        """Change the kind of marks."""
        if kind != self.kind:
            self.kind = kind
            self.picture = None
            self.update()

    def boundingRect(self) -> QRectF:
        """A little more than pyqtgraph's, which with grid lines drops the texts at both ends."""
        return super().boundingRect().adjusted(0, -8, 0, 8) if self.orientation == "left" else super().boundingRect()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Positions of the marks; called by pyqtgraph."""
        low, high = min(low, high), max(low, high)
        most = max(int(size // (UPWARDS if self.orientation == "left" else ACROSS)), 2)
        found = marks(self.kind, low, high, most)
        self._texts = dict(found)
        return [(1.0, [place for place, _ in found])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Texts of the marks; called by pyqtgraph."""
        return [self._texts.get(value, "") for value in values]
