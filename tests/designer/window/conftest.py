"""A desk: the file flow with real parts around it, but without the panels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow, QPushButton, QWidget

from designer.model.document import Document
from designer.training.runner import Runner
from designer.window.dialogs import FolderDialogs
from designer.window.files import Files
from designer.window.main_window import MainWindow
from designer.window.message_bar import MessageBar
from designer.window.sheet import Sheet
from designer.window.writer import Writer
from engine.project import Project
from engine.templates import TEMPLATES, chain


def small() -> Project:
    """A project that trains in an instant, for very long."""
    graph = chain(("Input", {"shape": (28, 28, 1)}), ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    project = TEMPLATES["digits-dense"].make().with_graph(graph)
    return project.with_training(project.training.changed(epochs=100_000))


def settled(qtbot, window: MainWindow) -> None:
    """Wait until the writer has nothing to do."""
    qtbot.waitUntil(lambda: not window._writer.busy, timeout=20_000)


def answer(window: MainWindow, key: str) -> None:
    """Click an answer of the question that is open."""
    assert window.sheet.is_open
    button = next(b for b in window.sheet.findChildren(QPushButton, f"sheet-{key}") if b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seeded(window: MainWindow, seed: int) -> None:
    """Make an edit that can be told from others."""
    project = window.document.project
    window.document.edit("Seed", project.with_training(project.training.changed(seed=seed)))


class Desk:
    """Everything a test of the file flow needs."""

    def __init__(self, qtbot) -> None:
        self.qtbot = qtbot
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(900, 600)
        self.document = Document(parent=self.window)
        self.runner = Runner(self.window)
        self.writer = Writer(self.window)
        self.messages = MessageBar(self.window)
        self.sheet = Sheet(self.window)
        self.files = Files(
            self.document, self.runner, self.writer, self.messages, self.sheet, FolderDialogs(self.window)
        )
        self.window.show()

    def answer(self, key: str) -> None:
        button = self.sheet.findChild(QPushButton, f"sheet-{key}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, name: str, path: Path) -> None:
        """Type a path into the file dialog of this name and confirm."""
        dialog = self.window.findChild(QFileDialog, name)
        field = dialog.findChild(QWidget, "fileNameEdit")
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)

    def settled(self) -> None:
        self.qtbot.waitUntil(lambda: not self.writer.busy, timeout=20_000)


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    assert made.runner.shutdown(20)
    assert made.writer.shutdown(20)


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    """The real window, which has the keyboard; closed without questions at the end."""
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close_now()
