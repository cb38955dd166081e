"""What costs time in large networks waits until editing rests for a moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

#: Up to this many layers everything is shown at once.
MOST = 300
#: How long editing rests before the work is done (ms).
REST = 120


class Late(QTimer):
    """Work that is done at once for a small network, and a little later, once for many edits, for a large one.

    Args:
        parent: whose work it is.
        work: what is done.
    """

    def __init__(self, parent: QObject, work: Callable[[], None]) -> None:
        super().__init__(parent, singleShot=True, interval=REST)
        self._work = work
        self.timeout.connect(work)

    def ask(self, layers: int) -> None:
        """Have the work done for a network of so many layers."""
        if layers > MOST:
            self.start()
        else:
            self.stop()
            self._work()
