"""Lets Python's cyclic garbage be collected in the window's thread only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

#: How often it is looked whether enough has gathered (ms).
LOOK = 1000


class Sweeper(QObject):
    """Collects garbage from a timer.

    A collection that happens on the engine thread may destroy objects of Qt there, which ends the
    program on some systems. So automatic collection is switched off and done from here.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> None:
        """Collect the oldest generation for which enough has gathered."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation] > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Return to automatic collection."""
        self._timer.stop()
        gc.enable()
