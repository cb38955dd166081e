"""Gives a dock more height for a while."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from designer.window.docks import Docks

#: Part of the window's height that the dock gets.
SHARE = 0.56


class Room:
    """Brings a dock up with room for pictures, and gives the room back.

    Args:
        window: the main window.
        docks: its docks.
        key: the dock that is meant.
    """

    def __init__(self, window: QMainWindow, docks: Docks, key: str) -> None:
        self._window, self._docks, self._key = window, docks, key
        self._former = 0

    def toggle(self) -> None:
        """Show the dock high; when it is, make it as high as it was before."""
        dock = self._docks[self._key]
        seen = not dock.visibleRegion().isEmpty()
        wanted = round(SHARE * self._window.height())
        if seen and self._former and dock.height() > self._former:
            height, self._former = self._former, 0
        else:
            self._former, height = min(dock.height(), wanted - 1), wanted
        self._docks.show(self._key)
        self._window.resizeDocks([dock], [height], Qt.Orientation.Vertical)
