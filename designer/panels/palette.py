"""The palette: every layer there is, to be found, dragged and sent to the canvas."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer.icons import icon
from designer.model.document import Document
from designer.model.finding import found_layers
from designer.model.starting import offered
from designer.model.teaching import formula
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, set_kind, ui_font
from engine.catalogue.layers.base import Layer

_Index = QModelIndex | QPersistentModelIndex
_CLASS = Qt.ItemDataRole.UserRole
_ROW, _HEADING = 32, 28
_ICON = 18


class Palette(QWidget):
    """Search field and list of layers by category.

    Made from the registry; :meth:`refresh` shows layers that were registered later. ``Ctrl+F`` of the window
    calls :meth:`focus_search`.

    Attributes:
        chosen: a layer class was double-clicked or chosen by Enter.
        drag_started, drag_moved, drag_released, drag_cancelled: a layer class is dragged out; positions are
            global ``QPoint``s. The palette holds the pointer meanwhile, wherever it is.
    """

    chosen = Signal(object)
    drag_started = Signal(object)
    drag_moved = Signal(object)
    drag_released = Signal(object)
    drag_cancelled = Signal()

    def __init__(self, document: Document | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._document = document
        self.search = _SearchField(self)
        self.list = _LayerList(self)
        self._nothing = QLabel(self)
        self._nothing.setObjectName("palette-nothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setMargin(12)
        set_kind(self._nothing, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 0)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        self.search.textChanged.connect(self.refresh)
        self.refresh()

    def focus_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refresh(self, *_: object) -> None:
        """Show the layers that are registered now and fit the search."""
        text = self.search.text().strip()
        found = found_layers(offered(), text)
        self.list.fill(found, sort_in_categories=not text)
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        hint = tr("Nothing found for \u201c{search}\u201d.", search=text) + "\n\n"
        hint += tr("Try one word of the name or of what it does, such as \u201cpool\u201d or \u201cnormalize\u201d.")
        self._nothing.setText(hint)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "list"):
            self.refresh()


class _SearchField(QLineEdit):
    """Arrows go into the list, Enter chooses the first layer found, Escape empties."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._palette = palette
        self.setObjectName("palette-search")
        self.setPlaceholderText(tr("Find a layer"))
        self.setClearButtonEnabled(True)
        self.setToolTip(tr("Type a part of a name; Enter puts the first layer found on the canvas."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that concern the list."""
        found = self._palette.list
        if event.key() == Qt.Key.Key_Down:
            found.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            found.choose_current()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _LayerList(QListWidget):
    """Layers under headings; drags leave it as signals of the palette."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._palette = palette
        self._pressed: tuple[QPoint, type[Layer]] | None = None
        self._dragging = False
        self.setObjectName("palette-list")
        self.setAccessibleName(tr("Layers"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_RowPainter(self))
        self.setUniformItemSizes(False)

    def fill(self, layers: list[type[Layer]], sort_in_categories: bool) -> None:
        """Show these layers, under headings or by how well they fit."""
        kept = self._class_at(self.currentRow())
        self.clear()
        category = None
        for cls in layers:
            if sort_in_categories and cls.category != category:
                category = cls.category
                self._add_heading(category)
            item = QListWidgetItem(icon(cls.icon, current_theme().category(cls.category)), cls.title, self)
            item.setData(_CLASS, cls)
            item.setToolTip(_tooltip(cls))
        rows = [row for row in range(self.count()) if self._class_at(row) is not None]
        same = [row for row in rows if self._class_at(row) is kept]
        if rows:
            self.setCurrentRow(same[0] if same and sort_in_categories else rows[0])

    def _add_heading(self, category: str) -> None:
        item = QListWidgetItem(tr(category), self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(QColor(current_theme().category(category)))

    def _class_at(self, row: int) -> type[Layer] | None:
        item = self.item(row) if row >= 0 else None
        return item.data(_CLASS) if item is not None else None

    def choose_current(self) -> None:
        """Send the current layer to the canvas."""
        cls = self._class_at(self.currentRow())
        if cls is not None:
            self._palette.chosen.emit(cls)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Escape puts a dragged layer back, letters go to the search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        elif event.key() == Qt.Key.Key_Escape and self._dragging:
            self._end_drag()
            self._palette.drag_cancelled.emit()
        elif event.key() == Qt.Key.Key_Up and self._is_first():
            self._palette.focus_search()
        elif event.text().isprintable() and event.text().strip():
            self._palette.search.setFocus()
            self._palette.search.setText(event.text())
        else:
            super().keyPressEvent(event)

    def _is_first(self) -> bool:
        return all(self._class_at(row) is None for row in range(self.currentRow()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a drag."""
        super().mousePressEvent(event)
        cls = self._class_at(self.indexAt(event.position().toPoint()).row())
        if event.button() == Qt.MouseButton.LeftButton and cls is not None:
            self._pressed = (event.position().toPoint(), cls)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the pressed layer; Qt's own selecting by dragging is left out."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        start, cls = self._pressed
        far = (event.position().toPoint() - start).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._dragging:
            self._dragging = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._palette.drag_started.emit(cls)
        if self._dragging:
            self._palette.drag_moved.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the dragged layer."""
        dragging = self._dragging
        self._end_drag()
        if dragging:
            self._palette.drag_released.emit(event.globalPosition().toPoint())
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Send the layer to the canvas."""
        cls = self._class_at(self.indexAt(event.position().toPoint()).row())
        if event.button() == Qt.MouseButton.LeftButton and cls is not None:
            self._palette.chosen.emit(cls)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A drag does not survive the loss of the keyboard (another window came)."""
        super().focusOutEvent(event)
        if self._dragging:
            self._end_drag()
            self._palette.drag_cancelled.emit()

    def _end_drag(self) -> None:
        self._pressed = None
        self._dragging = False
        self.viewport().unsetCursor()


class _RowPainter(QStyledItemDelegate):
    """Headings in the category's colour, layers with their icon."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Rows of one height, headings a little lower."""
        return QSize(100, _ROW if index.data(_CLASS) is not None else _HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        if index.data(_CLASS) is None:
            painter.setFont(ui_font(SMALL_SIZE, strong=True))
            painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole).color())
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(4, 0, 0, -5), flags, index.data())
        else:
            self._paint_layer(painter, option, index, rect)
        painter.restore()

    def _paint_layer(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, rect: QRect) -> None:
        theme = current_theme()
        state = option.state
        ground = None
        if state & QStyle.StateFlag.State_MouseOver:
            ground = theme.hover
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            ground = theme.pressed
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(rect.adjusted(0, 1, -4, -1), 6, 6)
        picture: QIcon = index.data(Qt.ItemDataRole.DecorationRole)
        top = rect.center().y() - _ICON // 2
        picture.paint(painter, QRect(rect.left() + 8, top, _ICON, _ICON))
        painter.setFont(ui_font())
        painter.setPen(QColor(theme.text))
        line = rect.adjusted(8 + _ICON + 10, 0, -8, 0)
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _tooltip(cls: type[Layer]) -> str:
    former = ", ".join(getattr(cls, "aliases", ()))
    lines = [formula(cls), tr("Drag it onto the canvas, or double-click.")]
    if former:
        lines.append(tr("Also called {names}.", names=former))
    return f"<b>{escape(cls.title)}</b>" + "".join(f"<div>{escape(line)}</div>" for line in lines)
