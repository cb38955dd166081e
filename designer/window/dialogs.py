"""Choosing a project's folder, without stopping the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from designer.text import tr
from designer.window.settings import recent_projects

SUFFIX = ".loom"
Receiver = Callable[[Path], None]


class FolderDialogs(QObject):
    """Opens file dialogs over a window; they return at once and answer later."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask_open(self, receiver: Receiver) -> None:
        """Which project to open."""
        dialog = self._dialog("open-dialog", tr("Open a project"), start_folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Open"))
        dialog.directoryEntered.connect(lambda name: self._entered(dialog, Path(name)))
        self._show(dialog, receiver)

    def _entered(self, dialog: QFileDialog, folder: Path) -> None:
        """A double click on a project opens it: nobody wants to choose among the files inside."""
        if folder.suffix == SUFFIX and is_project(folder):
            dialog.selectFile(str(folder))
            dialog.fileSelected.emit(str(folder))
            dialog.done(QFileDialog.DialogCode.Rejected)

    def ask_save(self, folder: Path | None, name: str, receiver: Receiver) -> None:
        """Where to save; the answer ends in ``.loom``."""
        dialog = self._dialog("save-dialog", tr("Save the project as"), folder.parent if folder else start_folder())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters([tr("Layerloom projects (*.loom)")])
        dialog.selectFile(f"{name}{SUFFIX}")
        self._show(dialog, lambda path: receiver(save_folder(path)))

    def _dialog(self, name: str, title: str, folder: Path) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(folder))
        dialog.setObjectName(name)
        return dialog

    def _show(self, dialog: QFileDialog, receiver: Receiver) -> None:
        dialog.fileSelected.connect(lambda name: receiver(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def start_folder() -> Path:
    """Where the last project lay, or the user's documents."""
    recent = recent_projects()
    if recent:
        return recent[0].parent
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


def project_folder(chosen: Path) -> Path:
    """The project's folder, also when a file in it was named."""
    return chosen.parent if chosen.name == "project.json" else chosen


def save_folder(chosen: Path) -> Path:
    """The folder to save in: with its suffix, and never inside another project."""
    for place in (chosen, *chosen.parents):
        if place.suffix == SUFFIX:
            return place
    return chosen.with_name(chosen.name + SUFFIX)


def is_project(path: Path) -> bool:
    """Whether a dropped path is a project rather than data."""
    return path.name == "project.json" or (
        path.is_dir() and (path.suffix == SUFFIX or (path / "project.json").exists())
    )
