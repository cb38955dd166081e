"""A picture of numbers that can be pointed at, enlarged, copied and saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QWidget

from designer.icons import icon
from designer.panels.inside.picture import Picture
from designer.plots.export import ExportError, png_bytes, saved_text, write
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, ui_font

#: Space around the picture, in which the frame of the focus is drawn (px).
EDGE = 3
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Plate(QWidget):
    """Shows one :class:`Picture` as large as it fits, small ones with their pixels visible.

    Args:
        name: object name.
        tip: tooltip that teaches.
        spoken: what a screen reader says.

    Attributes:
        changed: emitted when another picture is shown.
        enlarged: emitted on a double-click or Enter.
        pointed: emitted with a sentence about the number under the pointer, or an empty one.
        pressed: emitted with a place in the picture that was clicked.
        stepped: emitted with (across, down) for an arrow key.
        failed: emitted with a sentence when a file could not be written.
        saved: emitted with a sentence when one was.
    """

    changed = Signal()
    enlarged = Signal()
    pointed = Signal(str)
    pressed = Signal(float, float)
    stepped = Signal(int, int)
    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, name: str, tip: str, spoken: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(56, 56)
        self.picture: Picture | None = None
        self.hint = ""
        self._at: tuple[float, float] | None = None
        self._framed: QRectF | None = None
        self._doubled = False
        self._dialog: QFileDialog | None = None

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    def show_picture(self, picture: Picture | None, hint: str = "") -> None:
        """Show a picture, or a sentence in its place."""
        if picture is None and self.picture is None and hint == self.hint:
            return
        self.picture, self.hint = picture, hint
        self._point()
        self.update()
        self.changed.emit()

    # -- geometry -------------------------------------------------------------------------------

    def area(self) -> QRectF:
        """Where the picture is drawn; whole pixels per number where there is room."""
        if self.picture is None or self.picture.size.isEmpty():
            return QRectF()
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        size = QSizeF(self.picture.size)
        scale = min(room.width() / size.width(), room.height() / size.height())
        if scale >= 4:
            scale = float(int(scale))
        size *= max(scale, 0.01)
        left = room.left() + (room.width() - size.width()) / 2
        return QRectF(round(left), round(room.top() + (room.height() - size.height()) / 2), size.width(), size.height())

    def place(self, x: float, y: float) -> tuple[float, float] | None:
        """The place in the picture under a place of this widget."""
        area = self.area()
        if self.picture is None or not area.contains(x, y):
            return None
        scale = self.picture.image.width() / area.width()
        return (x - area.left()) * scale, (y - area.top()) * scale

    # -- pointer and keys -----------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = (event.position().x(), event.position().y())
        self._point()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._at = None
        self._point()

    def _point(self) -> None:
        place = self.place(*self._at) if self._at is not None else None
        framed = self.picture.tile(*place) if place is not None and self.picture is not None else None
        if framed != self._framed:
            self._framed = framed
            self.update()
        self.pointed.emit(self.picture.words(*place) if place is not None and self.picture is not None else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place(event.position().x(), event.position().y())
        doubled, self._doubled = self._doubled, False
        if event.button() == Qt.MouseButton.LeftButton and place is not None and not doubled:
            self.pressed.emit(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.picture is not None:
            self._doubled = True
            self.enlarged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.picture is not None:
            self.enlarged.emit()
        elif key in _STEPS:
            self.stepped.emit(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # -- taking it away -------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.picture is not None:
            menu = self.menu()
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(event.globalPos() if event.reason() == event.Reason.Mouse else self.mapToGlobal(QPoint(8, 8)))

    def menu(self) -> QMenu:
        """What can be done with the picture; the caller deletes it."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        rows = (
            ("enlarge", "arrow-expand-all", tr("Enlarge"), self.enlarged.emit,
             tr("Fills the panel with this picture; Esc goes back.")),
            ("copy", "content-copy", tr("Copy picture"), self.copy, tr("Puts the picture on the clipboard.")),
            ("save", "image-outline", tr("Save picture…"), self.ask_where, tr("Writes the picture as a PNG file.")),
        )  # fmt: skip
        for name, symbol, text, act, tip in rows:
            action = menu.addAction(icon(symbol), text)
            action.setObjectName(f"{self.objectName()}-{name}")
            action.setToolTip(tip)
            action.triggered.connect(act)
        return menu

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if self.picture is not None:
            QGuiApplication.clipboard().setImage(self.picture.saved(QColor(current_theme().muted)))

    def ask_where(self) -> None:
        """Ask where to save, then save."""
        if self.picture is None:
            return
        # Not exec(): a nested event loop would outlive the window it belongs to.
        dialog = QFileDialog(self, tr("Save picture"))
        dialog.setObjectName("inside-save-dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("PNG picture (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{self.picture.name}.png")
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def save(self, path: str) -> None:
        """Write the picture as PNG, whole or not at all."""
        if self.picture is None:
            return
        try:
            write(Path(path), png_bytes(self.picture.saved(QColor(current_theme().muted))))
        except ExportError as error:
            self.failed.emit(str(error))
        else:
            self.saved.emit(saved_text(Path(path)))

    # -- drawing --------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        if self.picture is None:
            self._paint_hint(painter)
        else:
            area = self.area()
            self.picture.paint(painter, area, QColor(theme.muted))
            if self._framed is not None:
                self._paint_frame(painter, area, self._framed)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_frame(self, painter: QPainter, area: QRectF, tile: QRectF) -> None:
        assert self.picture is not None
        scale = area.width() / self.picture.image.width()
        place = QRectF(
            area.left() + tile.left() * scale, area.top() + tile.top() * scale, tile.width() * scale,
            tile.height() * scale,
        )  # fmt: skip
        painter.setPen(QPen(QColor(current_theme().accent), 2))
        painter.drawRect(place.adjusted(-1, -1, 1, 1))

    def _paint_hint(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.setFont(ui_font(SMALL_SIZE))
        painter.setPen(QColor(theme.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(10, 6, -10, -6), flags, self.hint)
