"""A window's picture with everything that stands over it: dialogs, menus, lists that dropped down, help."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from designer.theme import current_theme

#: What stands over what.
_ORDER = (Qt.WindowType.Dialog, Qt.WindowType.Popup, Qt.WindowType.ToolTip)


def composed(window: QWidget) -> QPixmap:
    """What a person sees of a window and of what belongs to it.

    What reaches beyond the window is cut off at its edge, so that a dialog too large for it is noticed.
    """
    picture = window.grab()
    painter = QPainter(picture)
    for over in sorted(_over(window), key=lambda widget: _ORDER.index(widget.windowType())):
        place = over.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())
        painter.drawPixmap(place, over.grab())
        painter.setPen(QColor(current_theme().control))
        painter.drawRect(over.rect().translated(place).adjusted(-1, -1, 0, 0))
    painter.end()
    return picture


def _over(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget is not window and widget.isVisible() and widget.windowType() in _ORDER
    ]
