"""The window that explains: a list of every component to search in, and a page beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from designer.icons import icon
from designer.text import tr
from designer.theme import current_theme, set_kind
from designer.window.explaining.page import page
from engine.component import Component, registry
from engine.reference.entry import Entry, entry
from engine.registry import KINDS

SIZE = QSize(940, 640)
#: Width of the list (pixels).
LIST = 250
#: Kinds in the order of the list, by how often people ask; others follow.
FIRST = ("layer", "activation", "loss", "metric", "optimizer", "schedule")
PLURALS = {"loss": "Losses"}
_CLASS = Qt.ItemDataRole.UserRole


class Book(QDialog):
    """Explains components; what is open beside it stays usable.

    Attributes:
        search: finds components by any word of their pages.
        list: what was found, under the headings of kinds.
        text: the page.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("book")
        self.setWindowTitle(tr("What is this?"))
        self.resize(SIZE)
        self._entries = {cls: entry(cls) for cls in _offered()}
        self._words = {cls: _searched(found) for cls, found in self._entries.items()}
        self.search = QLineEdit()
        self.search.setObjectName("book-search")
        self.search.setPlaceholderText(tr("Find by any word"))
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(tr("Names, formulas, parameters and descriptions are searched. Down goes to the list."))
        self.list = QListWidget()
        self.list.setObjectName("book-list")
        self.list.setAccessibleName(tr("Components"))
        self.list.setToolTip(tr("Everything a network can be made of and trained with."))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel()
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(12)
        set_kind(self.nothing, "muted")
        self.text = QTextBrowser()
        self.text.setObjectName("book-page")
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setStyleSheet("QTextBrowser, QTextBrowser:focus { border: none; border-radius: 0; }")
        self.text.setToolTip(tr("Made from the component's own declaration, so it is always right."))
        self.text.document().setDocumentMargin(20)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._turn)
        self._fill()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(LIST)
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 6, 12)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(self.text, 1)

    @property
    def shown(self) -> type[Component] | None:
        """The component whose page is open."""
        item = self.list.currentItem()
        return item.data(_CLASS) if item is not None else None

    def explain(self, cls: type[Component] | None) -> None:
        """Open the page of a component; without one, let the user search."""
        if cls is not None and cls in self._entries:
            if self.search.text() and not self._choose(cls):
                self.search.clear()
            self._choose(cls)
        self.show()
        self.activateWindow()
        (self.search if cls is None else self.text).setFocus()

    def _choose(self, cls: type[Component]) -> bool:
        rows = [row for row in range(self.list.count()) if self.list.item(row).data(_CLASS) is cls]
        if rows:
            self.list.setCurrentRow(rows[0])
            self.list.scrollToItem(self.list.item(rows[0]))
        return bool(rows)

    def _fill(self) -> None:
        """Show what fits the search; every word must be somewhere on the page, names come first."""
        kept = self.shown
        wanted = self.search.text().lower().split()
        found = [cls for cls in self._entries if all(word in self._words[cls] for word in wanted)]
        if wanted:
            found.sort(key=lambda cls: not all(word in _named(self._entries[cls]) for word in wanted))
        self.list.clear()
        kind = ""
        for cls in found:
            if not wanted and cls.kind != kind:
                kind = cls.kind
                self._add_heading(kind)
            title = tr(cls.title)
            item = QListWidgetItem(title if cls.kind == "layer" or not wanted else f"{title} ({tr(cls.kind)})")
            item.setData(_CLASS, cls)
            item.setToolTip(self._entries[cls].formula)
            if cls.kind == "layer":
                item.setIcon(icon(cls.icon, current_theme().category(cls.category)))
            self.list.addItem(item)
        self.nothing.setText(tr("Nothing found for \u201c{search}\u201d.", search=self.search.text().strip()))
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        if found and not (kept is not None and kept in found and not wanted and self._choose(kept)):
            self._choose(found[0])

    def _add_heading(self, kind: str) -> None:
        item = QListWidgetItem(tr(PLURALS.get(kind, f"{kind.capitalize()}s")))
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _turn(self) -> None:
        cls = self.shown
        if cls is not None:
            self.text.setHtml(page(self._entries[cls], current_theme()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow leads from the search into the list."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.text.setFocus()  # a dialog would press its first button
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_words"):
            self._fill()
            self._turn()


def _offered() -> list[type[Component]]:
    kinds = [*FIRST, *(kind for kind in KINDS if kind not in FIRST)]
    members = [(kind, cls) for kind in kinds for cls in registry(kind) if not getattr(cls, "hidden", False)]
    return [cls for _, cls in sorted(members, key=lambda pair: (kinds.index(pair[0]), pair[1].title.lower()))]


def _named(found: Entry) -> str:
    return " ".join((found.key, found.title, *found.aliases)).lower()


def _searched(found: Entry) -> str:
    settings = (f"{s.name} {s.help}" for s in found.settings)
    elsewhere = (name for names in found.counterparts.values() for name in names)
    parts = (_named(found), found.kind, found.category, found.formula, *found.notes, *settings, *elsewhere)
    return " ".join((*parts, found.differences, found.source)).lower()
