"""The menu of bookmarks; the first nine have keys."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from designer.canvas.bookmarking import Bookmarking
from designer.model.diff import Diff
from designer.model.document import Document
from designer.text import plain_tip, tr

#: As many have the keys Ctrl+1, Ctrl+2 ...
KEYS = 9


class BookmarkMenu(QMenu):
    """Lists the project's bookmarks anew whenever they change, so that their keys work while it is closed.

    Args:
        parent: owner.
        document: whose bookmarks.
        bookmarking: goes there, and removes them.
    """

    def __init__(self, parent: QWidget, document: Document, bookmarking: Bookmarking) -> None:
        super().__init__(tr("B&ookmarks"), parent)
        self.setObjectName("bookmark-menu")
        self.setToolTipsVisible(True)
        self._bookmarking = bookmarking
        self._names: tuple[str, ...] | None = None
        document.changed.connect(self._follow)
        self._follow()

    def _follow(self, diff: Diff | None = None) -> None:
        if diff is None or diff.sketch or diff.everything:
            names = tuple(bookmark.name for bookmark in self._bookmarking.bookmarks)
            if names != self._names:
                self._names = names
                self._fill(names)

    def _fill(self, names: tuple[str, ...]) -> None:
        self.clear()
        for inner in self.findChildren(QMenu):
            inner.deleteLater()
        if not names:
            none = self.addAction(tr("No bookmarks yet"))
            none.setToolTip(tr("Bookmark a view first: it keeps the place and the zoom under a name."))
            none.setEnabled(False)
            return
        for place, name in enumerate(names, 1):
            entry = self.addAction(_shown(name))
            entry.setToolTip(plain_tip(tr("Show the canvas as it was when '{name}' was made.", name=name)))
            entry.triggered.connect(lambda _checked=False, name=name: self._bookmarking.go(name))
            if place <= KEYS:
                entry.setShortcut(QKeySequence(f"Ctrl+{place}"))
        self.addSeparator()
        removing = self.addMenu(tr("&Remove"))
        removing.setToolTipsVisible(True)
        for name in names:
            entry = removing.addAction(_shown(name))
            entry.setToolTip(plain_tip(tr("Take the bookmark '{name}' away; undo brings it back.", name=name)))
            entry.triggered.connect(lambda _checked=False, name=name: self._bookmarking.remove(name))


def _shown(name: str) -> str:
    """An ampersand in a name would be taken for a key."""
    return name.replace("&", "&&")
