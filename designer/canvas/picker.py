"""The field and list in which a layer is chosen, right where it will stand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from designer.canvas.offers import Offer, matching
from designer.icons import icon
from designer.model.teaching import formula
from designer.text import plain_tip, tr
from designer.theme import current_theme, plain_label, set_kind

WIDTH, HEIGHT = 360, 360
_ROW = 26
_EDGE = 8
_OFFER = Qt.ItemDataRole.UserRole
#: Keys that walk through the list while one types, and how far.
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class LayerPicker(QFrame):
    """Typing filters, Enter or a click chooses, Escape or leaving closes; it deletes itself afterwards.

    Args:
        parent: over which it stands, kept inside.
        at: the point of the parent that it belongs to.
        title: what is asked.
        found: the layers there are.
        chosen: called with the chosen layer's class.
        closed: called once, before ``chosen`` or when nothing was chosen.
    """

    def __init__(
        self,
        parent: QWidget,
        at: QPoint,
        title: str,
        found: tuple[Offer, ...],
        chosen: Callable[[Offer], None],
        closed: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._found = found
        self._chosen = chosen
        self._closed: Callable[[], None] | None = closed
        self.setObjectName("layer-picker")
        set_kind(self, "card")
        self.search = _Search(self)
        self.list = _list(self)
        self._nothing = plain_label(kind="muted")
        self._nothing.setText(tr("No layer is called or does that."))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(6)
        heading, foot = plain_label(kind="heading"), plain_label(kind="small")
        heading.setText(title)
        foot.setText(tr("Enter adds the layer, Esc leaves everything as it is."))
        for widget in (heading, self.search, self._nothing, self.list, foot):
            column.addWidget(widget, 1 if widget is self.list else 0)
        self.search.textChanged.connect(self._fill)
        self.list.itemClicked.connect(lambda item, _column: self._choose(item))
        self._fill()
        self.setGeometry(_beside(at, parent.rect()))
        self.show()
        self.raise_()
        self.search.setFocus()

    def step(self, rows: int) -> None:
        """Go on in the list, at its ends from the other one."""
        count = self.list.topLevelItemCount()
        if count:
            row = self.list.indexOfTopLevelItem(self.list.currentItem()) + rows
            row = row % count if abs(rows) == 1 else max(0, min(count - 1, row))
            self.list.setCurrentItem(self.list.topLevelItem(row))

    def choose_current(self) -> None:
        """Add the layer at which the list stands."""
        item = self.list.currentItem()
        if item is not None:
            self._choose(item)

    def close_picker(self) -> None:
        """Go, once."""
        closed, self._closed = self._closed, None
        if closed is not None:
            closed()  # before the field is hidden: who closes asks who has the keyboard
            self.hide()
            self.deleteLater()

    def _choose(self, item: QTreeWidgetItem) -> None:
        offer: Offer = item.data(0, _OFFER)
        self.close_picker()
        self._chosen(offer)

    def _fill(self, _text: str = "") -> None:
        self.list.clear()
        for offer in matching(self._found, self.search.text().strip()):
            self.list.addTopLevelItem(_row(offer))
        some = self.list.topLevelItemCount() > 0
        self._nothing.setVisible(not some)
        if some:
            self.list.setCurrentItem(self.list.topLevelItem(0))
            self.list.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nobody took are none of the canvas's commands."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nor does the wheel zoom the canvas from here."""
        event.accept()


class _Search(QLineEdit):
    """Where one types; it keeps the keyboard all the time."""

    def __init__(self, picker: LayerPicker) -> None:
        super().__init__(picker)
        self._picker = picker
        self.setObjectName("layer-picker-search")
        self.setPlaceholderText(tr("Find a layer"))
        self.setAccessibleName(tr("Find a layer"))
        self.setToolTip(tr("Type a part of a name or of what a layer does. Arrows choose, Enter adds, Esc closes."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, choose, close."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._picker.step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._picker.choose_current()
        elif key == Qt.Key.Key_Escape:
            self._picker.close_picker()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks, too."""
        self._picker.step(1 if forward else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving closes, except for a menu of the field or another window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._picker.close_picker()


def _list(parent: QWidget) -> QTreeWidget:
    made = QTreeWidget(parent)
    made.setObjectName("layer-picker-list")
    made.setAccessibleName(tr("Layers"))
    made.setColumnCount(2)
    made.setHeaderHidden(True)
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    made.setIconSize(QSize(18, 18))
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return made


def _row(offer: Offer) -> QTreeWidgetItem:
    theme, kind = current_theme(), offer.kind
    item = QTreeWidgetItem([tr(kind.title), offer.gives])
    item.setData(0, _OFFER, offer)
    item.setIcon(0, icon(kind.icon, theme.disabled if offer.reason else theme.category(kind.category)))
    item.setForeground(0, QBrush(QColor(theme.muted if offer.reason else theme.text)))
    item.setForeground(1, QBrush(QColor(theme.muted)))
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    lines = [formula(kind)]
    if offer.reason:
        item.setText(1, tr("does not fit"))
        lines.append(offer.reason)
    elif offer.gives:
        lines.append(tr("Gives {shape} for each sample here.", shape=offer.gives))
    item.setSizeHint(0, QSize(0, _ROW))  # only this one: the other column is as wide as its texts
    for column in (0, 1):
        item.setToolTip(column, plain_tip("\n".join(lines)))
    return item


def _beside(at: QPoint, area: QRect) -> QRect:
    """A place at a point, inside an area."""
    width, height = min(WIDTH, area.width() - 2 * _EDGE), min(HEIGHT, area.height() - 2 * _EDGE)
    x = max(area.left() + _EDGE, min(at.x() - width // 2, area.right() - _EDGE - width))
    y = max(area.top() + _EDGE, min(at.y(), area.bottom() - _EDGE - height))
    return QRect(x, y, width, height)
