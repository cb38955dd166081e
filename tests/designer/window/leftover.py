"""What a program leaves behind that ended without a word, and what the next start says of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from designer.window.main_window import MainWindow
from designer.window.settings import recovery_folder
from engine.io import recovery
from engine.io.recovery import Note, found_in
from engine.train.state import RunState
from tests.designer.window.conftest import settled, small


def kept() -> list[recovery.Kept]:
    """What lies in the recovery folder now, of whomever."""
    folders = [path for path in recovery_folder().glob("*") if path.is_dir()]
    return [found for found in map(found_in, folders) if found is not None]


def leftovers() -> list[str]:
    return [path.name for path in recovery_folder().glob("*")]


def offered(qtbot, window: MainWindow) -> list[str]:
    """Look for unsaved work as a start does; returns what was said when there was none to ask about."""
    done: list[str] = []
    window.recovery.offer(lambda: done.append("went on"))
    settled(qtbot, window)
    return done


def said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.sheet.findChildren(QLabel) if label.isVisible())


def orphan(name: str, note: Note, seed: int, state: RunState | None = None) -> Path:
    """What a window leaves behind that ends without a word."""
    folder = recovery_folder() / name
    project = small()
    recovery.keep(folder, note, project.with_training(project.training.changed(seed=seed)), state)
    return folder
