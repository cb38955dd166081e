"""The menu of recent projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from designer.text import plain_tip, tr
from designer.window.settings import forget_recent, recent_projects
from designer.window.views import forget_outlooks


class RecentMenu(QMenu):
    """Lists recent projects anew whenever it opens.

    Args:
        parent: owner.
        receiver: called with the chosen folder.
    """

    def __init__(self, parent: QWidget, receiver: Callable[[Path], None]) -> None:
        super().__init__(tr("Open &recent"), parent)
        self.setObjectName("recent-menu")
        self.setToolTipsVisible(True)
        self._receiver = receiver
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Read the list."""
        self.clear()
        folders = recent_projects()
        for place, folder in enumerate(folders, 1):
            # An ampersand in a name would be taken for a key.
            entry = self.addAction(f"&{place}  {folder.stem.replace('&', '&&')}")
            entry.setToolTip(plain_tip(str(folder)))
            entry.triggered.connect(lambda _checked=False, chosen=folder: self._receiver(chosen))
        if folders:
            self.addSeparator()
        forget = self.addAction(tr("Forget these"))
        forget.setToolTip(tr("Empty this list; the projects stay where they are."))
        forget.setEnabled(bool(folders))
        forget.triggered.connect(forget_recent)
        forget.triggered.connect(forget_outlooks)
