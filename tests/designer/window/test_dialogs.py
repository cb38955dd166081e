from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QTreeView
from pytestqt.qtbot import QtBot

from designer.window.dialogs import FolderDialogs
from engine.io import save_project
from engine.templates import TEMPLATES


def test_a_double_click_on_a_project_opens_it(qtbot: QtBot, tmp_path: Path, monkeypatch) -> None:
    project, plain = tmp_path / "digits.loom", tmp_path / "other"
    save_project(project, TEMPLATES["empty"].make(), None)
    plain.mkdir()
    monkeypatch.setattr("designer.window.dialogs.start_folder", lambda: tmp_path)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    heard: list[Path] = []
    FolderDialogs(window).ask_open(heard.append)
    dialog = window.findChild(QFileDialog, "open-dialog")
    entered(qtbot, dialog, "other")
    assert heard == [] and Path(dialog.directory().absolutePath()) == plain
    dialog.setDirectory(str(tmp_path))
    entered(qtbot, dialog, "digits.loom")

    assert heard == [project]
    assert not dialog.isVisible()


def entered(qtbot: QtBot, dialog: QFileDialog, name: str) -> None:
    """Go into a folder as a double click in the list does."""
    view = dialog.findChild(QTreeView)
    model = view.model()

    def place():
        root = view.rootIndex()
        rows = [model.index(row, 0, root) for row in range(model.rowCount(root))]
        return next((index for index in rows if index.data() == name), None)

    qtbot.waitUntil(lambda: place() is not None)
    view.selectionModel().select(place(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.activated.emit(place())
    QApplication.sendPostedEvents()
