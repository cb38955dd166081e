"""A vertical line across a plot, with a few words beside it."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from designer.theme import SMALL_SIZE, ui_font


class Mark:
    """A line at one position; its text stands on the side where there is more room.

    Args:
        box: where it is shown.
        level: what lies higher covers what lies lower.
    """

    def __init__(self, box: pg.ViewBox, level: float) -> None:
        self._box = box
        self.text = ""
        self._is_low = False
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._label = pg.TextItem(anchor=(0, 0))
        self._label.setFont(ui_font(SMALL_SIZE, tabular=True))
        for item in (self._line, self._label):
            item.setZValue(level)
            item.hide()
            box.addItem(item, ignoreBounds=True)
        box.sigRangeChanged.connect(self._place)

    @property
    def is_visible(self) -> bool:
        """Whether it is shown."""
        return bool(self._line.isVisible())

    @property
    def position(self) -> float:
        """Where it is."""
        return float(self._line.value())

    def dress(self, color: str, style: Qt.PenStyle) -> None:
        """Take a colour and a kind of line."""
        pen = QPen(QColor(color), 1.0, style)
        pen.setCosmetic(True)
        self._line.setPen(pen)
        self._label.setColor(QColor(color))

    def show_at(self, position: float, text: str = "", low: bool = False) -> None:
        """Show it at a position, its text at the top or ``low``, where curves that rise leave room."""
        self._is_low = low
        if self._line.value() != position:
            self._line.setPos(position)
        if text != self.text:
            self.text = text
            self._label.setPlainText(text)
        self._line.show()
        self._label.setVisible(bool(text))
        self._place()

    def hide(self) -> None:
        """Show it no more."""
        self._line.hide()
        self._label.hide()

    def _place(self) -> None:
        if not self._label.isVisible():
            return
        (left, right), (bottom, top) = self._box.viewRange()
        self._label.setAnchor((0 if self.position < (left + right) / 2 else 1, 1 if self._is_low else 0))
        self._label.setPos(self.position, bottom if self._is_low else top)
