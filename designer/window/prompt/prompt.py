"""The field over the window in which a few letters find everything that can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from designer.text import tr
from designer.theme import current_theme, set_kind
from designer.window.keyboard import give_back
from designer.window.prompt.offer import Offer, found_offers
from designer.window.prompt.rows import ROW, FoundModel, RowPainter
from designer.window.settings import list_setting, remember

#: Width at most, rows in sight at most, distance from the window's upper edge and sides (px).
WIDTH, ROWS, TOP, SIDE = 640, 9, 72, 24
#: How many of the things used last come first.
RECENT = 8
#: Where they are remembered.
_KEY = "prompt/recent"


class Prompt(QFrame):
    """A field and a list; the arrows choose, Enter runs, Escape closes and gives the keyboard back.

    It is a part of the window, so nothing stops while it is open; it closes when the keyboard goes elsewhere.

    Args:
        window: over which it stands.
        offers: asked for everything that can be done, whenever it opens.
    """

    def __init__(self, window: QWidget, offers: Callable[[], Iterable[Offer]]) -> None:
        super().__init__(window)
        self.setObjectName("prompt")
        self.setAccessibleName(tr("Commands"))
        self._source = offers
        self._offers: tuple[Offer, ...] = ()
        self._before: QWidget | None = None
        self._opened = False
        self.field = QLineEdit()
        self.field.setObjectName("prompt-field")
        self.field.setAccessibleName(tr("Command"))
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setToolTip(
            tr("A few letters of a command, a layer of the network or a layer to add; Enter runs it.")
        )
        self.field.setClearButtonEnabled(True)
        self.rows = FoundModel(self)
        self.list = QListView()
        self.list.setObjectName("prompt-list")
        self.list.setAccessibleName(tr("Found"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(RowPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot = QLabel()
        self.foot.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setContentsMargins(8, 0, 8, 0)
        set_kind(self.foot, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.foot)
        self.field.textChanged.connect(self._fill)
        self.list.clicked.connect(self._clicked)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self.field.installEventFilter(self)
        window.installEventFilter(self)
        self._dress()
        self.hide()

    @property
    def shown(self) -> list[Offer]:
        """What stands in the list."""
        found = (self.rows.found(row) for row in range(self.rows.rowCount()))
        return [one.offer for one in found if one is not None]

    @property
    def current(self) -> Offer | None:
        """What Enter would run."""
        found = self.rows.found(self.list.currentIndex().row())
        return found.offer if found is not None else None

    def open(self) -> None:
        """Come up, or go when it is there."""
        if self._opened:
            self.close_up()
            return
        focus = QApplication.focusWidget()
        self._before = focus if focus is not None and focus.window() is self.window() else None
        self._opened = True
        self._offers = tuple(self._source())
        self.field.clear()
        self._fill()
        self.show()
        self.raise_()
        self._place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_up(self) -> None:
        """Go, and give the keyboard back."""
        self._opened = False
        before, self._before = self._before, None
        give_back(before)
        self.hide()
        self._offers = ()
        self.rows.show(())

    def run(self, offer: Offer) -> None:
        """Close and do it; what cannot be done now stays where it says why."""
        if offer.reason:
            return
        remember(_KEY, [offer.id, *(key for key in self._recent() if key != offer.id)][:RECENT])
        self.close_up()
        offer.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that concern the list; the window's size; the keyboard going elsewhere."""
        kind = event.type()
        if watched is self.field:
            if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
                return self._key(event)
            if isinstance(event, QFocusEvent) and event.lostFocus() and self._left(event.reason()):
                self._before = None  # the keyboard has a new place already
                self.close_up()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _left(self, reason: Qt.FocusReason) -> bool:
        """Whether the keyboard went to another part of the window; a menu or another window only borrows it."""
        return self._opened and reason not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.MenuBarFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "foot"):
            self._dress()

    def _key(self, event: QKeyEvent) -> bool:
        page = max(1, self.list.height() // ROW - 1)
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current is not None:
                self.run(self.current)
        elif key == Qt.Key.Key_Escape:
            self.close_up()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        count = self.rows.rowCount()
        if not count:
            return
        row = self.list.currentIndex().row() + by
        # One step beyond an end leads to the other one; a page stops there.
        row = row % count if abs(by) == 1 else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self.rows.index(row))

    def _clicked(self, index: QModelIndex) -> None:
        found = self.rows.found(index.row())
        if found is not None:
            self.run(found.offer)

    def _fill(self, _text: str = "") -> None:
        text = self.field.text()
        self.rows.show(found_offers(self._offers, text, self._recent()))
        self.list.setVisible(self.rows.rowCount() > 0)
        self.list.setCurrentIndex(self.rows.index(0))
        self.list.scrollToTop()
        self._tell()
        if self.isVisible():
            self._place()

    def _tell(self, *_: object) -> None:
        """Say how many there are, and to a screen reader which one is chosen."""
        count, current = self.rows.rowCount(), self.current
        if current is None:
            self.foot.setText(tr("Nothing is called like this. Fewer letters find more."))
        elif current.reason:
            self.foot.setText(current.reason)
        else:
            self.foot.setText(tr("{count} found · ↑ ↓ choose · Enter runs · Esc closes", count=f"{count:,}"))
        spoken = "" if current is None else ". ".join(filter(None, (current.text, current.reason or current.detail)))
        self.field.setAccessibleDescription(spoken)

    def _recent(self) -> list[str]:
        return list_setting(_KEY)[:RECENT]

    def _place(self) -> None:
        area = self.parentWidget().rect()
        top = min(TOP, area.height() // 8)
        room = max(2, (area.height() - top - 140) // ROW)
        self.list.setFixedHeight(ROW * min(ROWS, room, max(1, self.rows.rowCount())) + 4)
        width = min(WIDTH, area.width() - 2 * SIDE)
        self.setFixedWidth(width)
        self.layout().activate()
        self.resize(width, self.sizeHint().height())
        self.move((area.width() - width) // 2, top)

    def _dress(self) -> None:
        theme = current_theme()
        sheet = (
            f"#prompt {{ background: {theme.raised}; border: 1px solid {theme.control}; border-radius: 12px; }}"
            f"#prompt-field {{ font-size: 12pt; border: none; background: transparent; padding: 6px 8px; }}"
            f"#prompt-list {{ background: transparent; border: none; border-top: 1px solid {theme.line}; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
