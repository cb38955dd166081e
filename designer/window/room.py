"""Gives docks with pictures more height while one of them is in front."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow

from designer.window.docks import Docks, tab_bars

#: Part of the window's height that the dock gets, and that below which it asks for more.
SHARE, SMALL = 0.52, 0.40


class Room(QObject):
    """Lets some of several docks that share a place be higher than the others.

    The place grows when one of their tabs comes to the front, and the others get their height back when it goes.
    Who gives the room back by hand is not given more again.

    Args:
        window: the main window.
        docks: its docks.
        keys: the docks that are meant.
    """

    def __init__(self, window: QMainWindow, docks: Docks, *keys: str) -> None:
        super().__init__(window)
        self._window, self._docks, self._keys = window, docks, keys
        self._former = 0
        self._grows = True
        # Tabs change in the middle of the window's layout, so heights are changed after it.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fit)
        for key in keys:
            docks[key].visibilityChanged.connect(lambda _visible: self._later.start())

    def toggle(self, key: str) -> None:
        """Bring a dock to the front and make it high; when it is, give the room back."""
        dock = self._docks[key]
        seen = not dock.visibleRegion().isEmpty()
        if seen and dock.height() >= SMALL * self._window.height():
            self._grows = False
            self._give_back()
        else:
            self._grows = True
            self._docks.show(key)
            if dock.height() < SMALL * self._window.height():
                self._grow(key)

    def leave(self) -> None:
        """Give the room back before the layout is remembered: what was seen is not there at the next start."""
        self._give_back()

    def _fit(self) -> None:
        if not self._window.isVisible() or self._window.isMinimized():
            return
        seen = [key for key in self._keys if not self._docks[key].visibleRegion().isEmpty()]
        if not seen:
            self._give_back()
        elif self._grows and self._docks[seen[0]].height() < SMALL * self._window.height():
            self._grow(seen[0])

    def _grow(self, key: str) -> None:
        self._former = self._docks[key].height()
        self._resize(round(SHARE * self._window.height()))

    def _give_back(self) -> None:
        if self._former:
            self._resize(self._former)
            self._former = 0

    def _resize(self, height: int) -> None:
        """Whoever is in front of the place has the height of all."""
        dock = self._docks[self._keys[0]]
        sharing = [dock, *self._window.tabifiedDockWidgets(dock)]
        front = next((one for one in sharing if not one.visibleRegion().isEmpty()), dock)
        # Qt counts the bar of tabs above them.
        bars = [bar for bar in tab_bars(self._window) if dock.windowTitle() in map(bar.tabText, range(bar.count()))]
        extra = sum(bar.height() for bar in bars if bar.isVisible())
        self._window.resizeDocks([front], [height + extra], Qt.Orientation.Vertical)
