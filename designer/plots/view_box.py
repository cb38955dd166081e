"""The area of a plot that is zoomed and panned."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal


class CurveBox(pg.ViewBox):
    """Wheel zooms along the axis, with Ctrl upwards; dragging moves; a double click shows everything again.

    Attributes:
        touched: emitted when a person changed the range, with whether the upward range was changed, too.
        released: emitted on a double click.
    """

    touched = Signal(object)
    released = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.disableAutoRange()
        self.sigRangeChangedManually.connect(self._changed)

    def _changed(self, axes: Any) -> None:
        self.touched.emit(bool(axes[1]))

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom one direction; ``axis`` is given when the wheel turned over an axis."""
        if axis is None:
            axis = 1 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 0
        super().wheelEvent(event, axis=axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Move with the left button; the right one belongs to the menu."""
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
            return
        super().mouseDragEvent(event, axis=axis)

    def mouseClickEvent(self, event: Any) -> None:
        """Show everything on a double click."""
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.released.emit()
