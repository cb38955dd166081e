"""Starts the real program, works in it as told, says when the work is kept aside, and goes on until it is killed.

A program of its own: ``killed.py FOLDER edit|train|untitled|fault``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import designer.app as start
from designer.window.main_window import MainWindow
from designer.window.settings import recovery_folder
from engine.io import recovery
from tests.designer.window.conftest import small


class Work:
    """What is done, one step at a time."""

    def __init__(self, folder: Path, how: str) -> None:
        self.folder = folder
        self.how = how
        self.done = 0
        self.timer = QTimer(interval=50)
        self.timer.timeout.connect(self.step)
        self.timer.start()

    @property
    def window(self) -> MainWindow:
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))

    def step(self) -> None:
        window = self.window
        if self.done == 0:
            if self.how == "untitled":
                window.files._show(small(), None, None)
            else:
                window.files.open_folder(self.folder)
            self.done = 1
        elif self.done == 1 and window.document.project.graph.nodes and window.document.dataset is not None:
            self.begin(window)
            self.done = 2
        elif self.done == 2 and self.is_kept():
            print("kept", flush=True)
            self.done = 3

    def begin(self, window: MainWindow) -> None:
        if self.how == "train":
            window.training.toggle()
        else:
            project = window.document.project
            if self.how == "fault":
                for timer in (window.autosave._calm, window.autosave._latest):
                    timer.setInterval(3_600_000)
            window.document.edit("Seed", project.with_training(project.training.changed(seed=77)))
            if self.how == "fault":
                QTimer.singleShot(100, lambda: 1 / 0)

    def is_kept(self) -> bool:
        folders = [path for path in recovery_folder().glob("*") if path.is_dir()]
        kept = recovery.found_in(folders[0]) if folders else None
        return kept is not None and (self.how != "train" or kept.note.epoch >= 1)


if __name__ == "__main__":
    start.application()
    work = Work(Path(sys.argv[1]), sys.argv[2])
    sys.exit(start.main([]))
