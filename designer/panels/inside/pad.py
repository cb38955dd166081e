"""A pad to draw on with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.panels.inside.plate import EDGE
from designer.panels.inside.strokes import Drawing
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, ui_font


class Pad(QWidget):
    """White on black, as handwritten digits are; the right button or E takes away.

    Attributes:
        drawn: emitted whenever the drawing changed.
        drawing: what was drawn.
        brush: width of the brush as a share of the picture's longer side.
        erasing: whether the left button takes away.
    """

    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-pad")
        self.setAccessibleName(tr("Drawing pad"))
        self.setToolTip(
            tr("Draw with the left button; the right one erases. E switches to erasing, Ctrl+Z takes a stroke back, "
               "Delete clears.")
        )  # fmt: skip
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(56, 56)
        self.drawing = Drawing()
        self.brush = 0.09
        self.erasing = False
        self._button = Qt.MouseButton.NoButton

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    def set_size(self, height: int, width: int) -> None:
        """Begin anew with the proportions of a network's pictures."""
        fresh = Drawing(height, width)
        if fresh.image.size() != self.drawing.image.size():
            self.drawing = fresh
            self.update()

    def undo(self) -> None:
        """Take the last stroke back."""
        self.drawing.undo()
        self._changed()

    def clear(self) -> None:
        """Begin with an empty pad."""
        self.drawing.clear()
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.drawn.emit()

    # -- pointer and keys -----------------------------------------------------------------------

    def area(self) -> QRectF:
        """Where the drawing lies."""
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        size = self.drawing.image.size().toSizeF()
        size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        made = QRectF(room.topLeft(), size)
        made.moveCenter(room.center())
        return made

    def _place(self, event: QMouseEvent) -> QPointF:
        area = self.area()
        scale = self.drawing.image.width() / max(1.0, area.width())
        return (event.position() - area.topLeft()) * scale

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._button is Qt.MouseButton.NoButton and event.button() in (
            Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton,
        ):  # fmt: skip
            self._button = event.button()
            longer = max(self.drawing.image.width(), self.drawing.image.height())
            erases = self.erasing or self._button is Qt.MouseButton.RightButton
            self.drawing.begin(self._place(event), (2.0 if erases else 1.0) * self.brush * longer, erases)
            self._changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._button is not Qt.MouseButton.NoButton:
            self.drawing.go_on(self._place(event))
            self._changed()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == self._button:
            self._button = Qt.MouseButton.NoButton

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_E and not event.modifiers():
            self.erasing = not self.erasing
            self.update()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Z and Delete, which mean the drawing here, from the project's undo and the canvas."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _undoes(event):
            self.undo()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # -- drawing --------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.area()
        painter.drawImage(area, self.drawing.image)
        if self.drawing.is_empty or self.erasing:
            painter.setFont(ui_font(SMALL_SIZE))
            painter.setPen(QColor("#8d96a8"))  # on black in both themes
            text = tr("Erasing (E)") if self.erasing else tr("Draw here")
            flag = Qt.AlignmentFlag.AlignBottom if self.erasing else Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area.adjusted(4, 4, -4, -6), Qt.AlignmentFlag.AlignHCenter | flag, text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


def _undoes(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def _is_ours(event: QKeyEvent) -> bool:
    return _undoes(event) or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_E)
