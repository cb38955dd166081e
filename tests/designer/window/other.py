"""Opens a project in a process of its own, tells when it is there, edits and saves when told: ``other.py FOLDER``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import designer.app as start
from designer.window.main_window import MainWindow
from tests.designer.window.conftest import seeded

heard: list[str] = []
shown: list[str] = []


def look(folder: Path) -> None:
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    if window.files.folder == folder and not shown:
        shown.append("open")
        print("open", flush=True)
    while heard:
        if heard.pop() == "save":
            seeded(window, 1000)
            window.files.save(lambda: print("saved", flush=True))


def listen() -> None:
    for line in sys.stdin:
        heard.append(line.strip())


if __name__ == "__main__":
    start.application()
    threading.Thread(target=listen, daemon=True).start()
    timer = QTimer(interval=50)
    timer.timeout.connect(lambda: look(Path(sys.argv[1])))
    timer.start()
    sys.exit(start.main([sys.argv[1]]))
