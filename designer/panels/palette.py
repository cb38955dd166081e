"""The palette: every layer there is, to be found, dragged and sent to the canvas."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QIcon, QKeyEvent, QMouseEvent, QPainter
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
from designer.model.library import HEADING, BlockLibrary, KeptBlock
from designer.model.mathematics import readable
from designer.model.starting import offered
from designer.model.teaching import formula
from designer.panels.block_menu import block_menu, block_tip, rename
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, set_kind, ui_font
from engine.catalogue.layers.base import Layer

_Index = QModelIndex | QPersistentModelIndex
_CLASS = Qt.ItemDataRole.UserRole
_CATEGORY = Qt.ItemDataRole.UserRole + 1
_OPEN = Qt.ItemDataRole.UserRole + 2
_ROW, _HEADING = 32, 28
_ICON, _ARROW = 18, 14
#: Categories that stand open at first: nearly every network begins with these.
COMMON = frozenset((HEADING, "Input", "Core", "Convolution"))
_Entry = type[Layer] | KeptBlock


class Palette(QWidget):
    """Search field and list of layers by category.

    Made from the registry; :meth:`refresh` shows layers that were registered later. ``Ctrl+F`` of the window
    calls :meth:`focus_search`.

    Attributes:
        chosen: a layer class, or a block of the user's own, was double-clicked or chosen by Enter.
        drag_started, drag_moved, drag_released, drag_cancelled: one of them is dragged out; positions are
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
        self.library: BlockLibrary | None = None
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

    @property
    def current(self) -> type[Layer] | None:
        """The layer at which the list stands."""
        entry = self.list._class_at(self.list.currentRow())
        return None if isinstance(entry, KeptBlock) else entry

    def take_blocks(self, library: BlockLibrary) -> None:
        """Show the blocks of a library above the layers."""
        self.library = library
        library.changed.connect(self.refresh)
        self.refresh()

    def focus_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refresh(self, *_: object) -> None:
        """Show the layers that are registered now and fit the search."""
        text = self.search.text().strip()
        words = text.casefold().split()
        blocks = self.library.blocks if self.library is not None else ()
        fitting = [block for block in blocks if all(word in block.name.casefold() for word in words)]
        found: list[_Entry] = [*fitting, *found_layers(offered(), text)]
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
        self.setAccessibleName(tr("Find a layer"))
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
        self._pressed: tuple[QPoint, _Entry] | None = None
        self._pressed_category: str | None = None
        self._dragging = False
        self._touched: dict[str, bool] = {}  # categories that somebody opened or closed
        self.setObjectName("palette-list")
        self.setAccessibleName(tr("Layers"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_RowPainter(self))
        self.setUniformItemSizes(False)

    def fill(self, layers: list[_Entry], sort_in_categories: bool) -> None:
        """Show these layers, under headings or by how well they fit."""
        kept = self._class_at(self.currentRow())
        self.clear()
        category = None
        for cls in layers:
            if sort_in_categories and cls.category != category:
                category = cls.category
                self._add_heading(category, sum(other.category == category for other in layers))
            item = QListWidgetItem(icon(cls.icon, current_theme().category(cls.category)), tr(cls.title), self)
            item.setData(_CLASS, cls)
            item.setToolTip(block_tip(cls) if isinstance(cls, KeptBlock) else _tooltip(cls))
            if isinstance(cls, KeptBlock):
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setHidden(sort_in_categories and not self.is_open(cls.category))
        rows = [row for row in range(self.count()) if self._class_at(row) is not None and not self.isRowHidden(row)]
        same = [row for row in rows if self._class_at(row) is kept]
        if rows:
            self.setCurrentRow(same[0] if same and sort_in_categories else rows[0])

    def _add_heading(self, category: str, count: int) -> None:
        item = QListWidgetItem(tr(category), self)
        item.setData(_CATEGORY, (category, count))
        item.setData(_OPEN, self.is_open(category))
        item.setForeground(QColor(current_theme().category(category)))
        item.setToolTip(tr("{count} layers. Click, or press Enter, to show or hide them.", count=count))

    def is_open(self, category: str) -> bool:
        """Whether a category's layers are shown."""
        return self._touched.get(category, category in COMMON)

    def turn(self, category: str, opened: bool) -> None:
        """Show or hide a category's layers."""
        self._touched[category] = opened
        for row in range(self.count()):
            item = self.item(row)
            if self._category_at(row) == category:
                item.setData(_OPEN, opened)
            elif (cls := self._class_at(row)) is not None and cls.category == category:
                item.setHidden(not opened)

    def reveal(self, title: str) -> QListWidgetItem:
        """Open the category of the layer with this title, and scroll to it."""
        for item in self.findItems(title, Qt.MatchFlag.MatchExactly):
            cls = self._class_at(self.row(item))
            if cls is not None:
                if item.isHidden():
                    self.turn(cls.category, opened=True)
                self.scrollToItem(item)
                return item
        raise KeyError(title)

    def _category_at(self, row: int) -> str | None:
        """The category whose heading a row is."""
        item = self.item(row) if row >= 0 else None
        told = item.data(_CATEGORY) if item is not None else None
        return told[0] if told is not None else None

    def _class_at(self, row: int) -> _Entry | None:
        item = self.item(row) if row >= 0 else None
        return item.data(_CLASS) if item is not None else None

    def choose_current(self) -> None:
        """Send the current layer to the canvas, or open or close the current category."""
        cls = self._class_at(self.currentRow())
        category = self._category_at(self.currentRow())
        if cls is not None:
            self._palette.chosen.emit(cls)
        elif category is not None:
            self.turn(category, not self.is_open(category))

    def _fold(self, opened: bool) -> None:
        """Open the current category, or close that of the current row and stay at its heading."""
        cls = self._class_at(self.currentRow())
        category = cls.category if cls is not None else self._category_at(self.currentRow())
        rows = [row for row in range(self.count()) if category is not None and self._category_at(row) == category]
        if category is not None and rows:
            if not opened:
                self.setCurrentRow(rows[0])
            self.turn(category, opened)

    def commitData(self, editor: QWidget) -> None:
        """A block was given another name."""
        block = self._class_at(self.currentRow())
        if isinstance(block, KeptBlock) and isinstance(editor, QLineEdit) and self._palette.library is not None:
            rename(self, self._palette.library, block, editor.text())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a block of the user's own."""
        block = self._class_at(self.currentRow())
        if isinstance(block, KeptBlock) and self._palette.library is not None:
            item, place = self.currentItem(), self.visualItemRect(self.currentItem()).center()
            menu = block_menu(self, self._palette.library, block, self.choose_current, lambda: self.editItem(item))
            menu.popup(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, arrows open and close, Escape puts a dragged layer back, letters go to the search."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._fold(event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        elif event.key() == Qt.Key.Key_Escape and self._dragging:
            self._end_drag()
            self._palette.drag_cancelled.emit()
        elif event.key() == Qt.Key.Key_Up and self._is_first():
            self._palette.focus_search()
        elif event.key() == Qt.Key.Key_F2 or self.state() == QListWidget.State.EditingState:
            super().keyPressEvent(event)
        elif event.text().isprintable() and event.text().strip():
            self._palette.search.setFocus()
            self._palette.search.setText(event.text())
        else:
            super().keyPressEvent(event)

    def _is_first(self) -> bool:
        return all(self.isRowHidden(row) for row in range(self.currentRow()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a drag."""
        super().mousePressEvent(event)
        cls = self._class_at(self.indexAt(event.position().toPoint()).row())
        if event.button() == Qt.MouseButton.LeftButton and cls is not None:
            self._pressed = (event.position().toPoint(), cls)
        self._pressed_category = self._category_at(self.indexAt(event.position().toPoint()).row())

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
            return
        row = self.indexAt(event.position().toPoint()).row()
        category = self._category_at(row)
        if category is not None and category == self._pressed_category and event.button() == Qt.MouseButton.LeftButton:
            self.turn(category, not self.is_open(category))
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
        self._paint_ground(painter, option, rect)
        if index.data(_CLASS) is None:
            self._paint_heading(painter, index, rect)
        else:
            self._paint_layer(painter, index, rect)
        painter.restore()

    def _paint_heading(self, painter: QPainter, index: _Index, rect: QRect) -> None:
        color = index.data(Qt.ItemDataRole.ForegroundRole).color()
        arrow = icon("chevron-down" if index.data(_OPEN) else "chevron-right", color.name())
        top = rect.center().y() - _ARROW // 2 + 1
        arrow.paint(painter, QRect(rect.left() + 2, top, _ARROW, _ARROW))
        painter.setFont(ui_font(SMALL_SIZE, strong=True))
        painter.setPen(color)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(2 + _ARROW + 4, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, index.data())
        painter.setFont(ui_font(SMALL_SIZE))
        painter.setPen(QColor(current_theme().muted))
        count = str(index.data(_CATEGORY)[1])
        painter.drawText(rect.adjusted(0, 0, -12, 0), middle | Qt.AlignmentFlag.AlignRight, count)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
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

    def _paint_layer(self, painter: QPainter, index: _Index, rect: QRect) -> None:
        picture: QIcon = index.data(Qt.ItemDataRole.DecorationRole)
        top = rect.center().y() - _ICON // 2
        picture.paint(painter, QRect(rect.left() + 8, top, _ICON, _ICON))
        painter.setFont(ui_font())
        painter.setPen(QColor(current_theme().text))
        line = rect.adjusted(8 + _ICON + 10, 0, -8, 0)
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _tooltip(cls: type[Layer]) -> str:
    former = ", ".join(getattr(cls, "aliases", ()))
    lines = [tr("Drag it onto the canvas, or double-click. F1 explains it.")]
    if former:
        lines.append(tr("Also called {names}.", names=former))
    head = f"<b>{escape(tr(cls.title))}</b><div>{readable(formula(cls))}</div>"
    return head + "".join(f"<div>{escape(line)}</div>" for line in lines)
