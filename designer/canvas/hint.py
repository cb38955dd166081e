"""What an empty canvas says: how to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.canvas.choices import Choice, Choices
from designer.icons import icon
from designer.text import tr
from designer.theme import current_theme, set_kind

#: Largest width, the least width that holds two columns, and what stays free at every side (px).
WIDEST, TWO_COLUMNS, MARGIN = 720, 460, 24


class EmptyHint(QWidget):
    """A calm sentence in the middle, and ready-made networks below it."""

    def __init__(self, parent: QWidget, chosen: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._area = parent
        self.setObjectName("canvas-hint")
        self._templates: tuple[Choice, ...] = ()
        self._columns = 0
        self._picture = QLabel(self)
        self._title = _line(tr("Drag an Input here to begin"), "title")
        self._text = _line(tr("Then add layers below it and connect them from top to bottom."), "muted")
        self._or = _line(tr("Or begin with a ready-made network:"), "muted")
        self._choices = Choices("template", chosen, self)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._picture, self._title, self._text, self._or):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._choices)
        self._column = column
        self.set_templates(())
        self._dress()

    def set_templates(self, templates: Sequence[Choice]) -> None:
        """Offer other networks to begin with."""
        self._templates = tuple(templates)
        self._columns = 0
        self._or.setVisible(bool(templates))
        self._choices.setVisible(bool(templates))
        self.centre()

    def centre(self) -> None:
        """Go to the middle of the parent, no larger than it."""
        area = self._area.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        width = max(1, min(WIDEST, area.width()))
        columns = 2 if width >= TWO_COLUMNS else 1
        if columns != self._columns and self._templates:
            self._columns = columns
            self._choices.offer(self._templates, columns)
        height = self._above()
        if self._templates:
            height += min(self._choices.height_for(width), max(0, area.height() - height))
        self.setGeometry(area.x() + (area.width() - width) // 2, area.y() + (area.height() - height) // 2,
                         width, height)  # fmt: skip

    def _above(self) -> int:
        """Height of everything but the list (px)."""
        shown = [self._picture, self._title, self._text] + ([self._or] if self._templates else [])
        gaps = len(shown) * self._column.spacing() + 4
        return sum(widget.sizeHint().height() for widget in shown) + gaps

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay in the middle."""
        super().resizeEvent(event)
        self.centre()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and font."""
        super().changeEvent(event)
        if not hasattr(self, "_column"):
            return
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.centre()

    def _dress(self) -> None:
        self._picture.setPixmap(icon("mdi6.gesture-tap-hold", current_theme().muted).pixmap(QSize(40, 40)))


def _line(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_kind(label, kind)
    return label
