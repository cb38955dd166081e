"""The command: asks what to compare with, reads it, and shows what differs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from designer.canvas.view import CanvasView
from designer.model.comparison import compared
from designer.model.document import Document
from designer.model.selection import Selection
from designer.text import tr
from designer.window.comparing.dialog import CompareDialog
from designer.window.dialogs import FolderDialogs, project_folder
from designer.window.faults import sentence
from designer.window.files import Files
from designer.window.message_bar import MessageBar
from designer.window.questions import moment
from designer.window.sheet import Answer, Sheet
from designer.window.writer import Done, Writer
from engine.io import load_network
from engine.io.versions import Version, versions
from engine.project import Project


class Comparing(QObject):
    """Compares the network on the canvas with the last save, an earlier one, or another project.

    Nothing that is read is opened: the comparison keeps no lock, changes nothing and runs no code.

    Args:
        document, selection, canvas: what is compared, and where its layers are shown.
        files: where the project lies.
        writer: reads on its thread.
        messages, sheet: sentences and questions.
        window: over which the list opens.
    """

    def __init__(
        self,
        document: Document,
        selection: Selection,
        canvas: CanvasView,
        files: Files,
        writer: Writer,
        messages: MessageBar,
        sheet: Sheet,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._selection, self._canvas = document, selection, canvas
        self._files, self._writer, self._messages, self._sheet = files, writer, messages, sheet
        self._dialogs, self._window = FolderDialogs(window), window

    def ask(self) -> None:
        """Ask what to compare with."""
        folder = self._files.folder
        if folder is None:
            self._dialogs.ask_open(self.compare)
        else:
            self._writer.submit(lambda: versions(folder), lambda done: self._offer(folder, done.value or ()))

    def compare(self, chosen: Path, number: int = 0, name: str = "") -> None:
        """Read a project and show what differs.

        Args:
            chosen: its folder.
            number: which earlier save; 0 is the last one.
            name: what it is called in the heading; the folder's name unless given.
        """
        folder = project_folder(chosen).absolute()
        told = name or folder.name
        project = self._document.project
        # Both on the writer's thread: a stranger's network may be large.
        self._writer.submit(
            lambda: compared(load_network(folder, number), project), lambda done: self._show(done, told, project)
        )

    def _offer(self, folder: Path, found: tuple[Version, ...]) -> None:
        answers = [Answer("0", tr("The last save"), tr("What was changed since it was saved."))]
        times = {str(version.number): moment(version.until) for version in found}
        for key, when in times.items():
            answers.append(Answer(key, tr("Until {moment}", moment=when), tr("An earlier save of this project.")))
        answers.append(Answer("other", tr("Another project …"), tr("Choose its folder.")))
        answers.append(Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"))

        def receive(key: str) -> None:
            if key == "other":
                self._dialogs.ask_open(self.compare)
            elif key == "0":
                self.compare(folder, 0, tr("the last save"))
            elif key in times:
                self.compare(folder, int(key), tr("the save until {moment}", moment=times[key]))

        text = tr("Layers, parameters and settings that differ are listed. Nothing is opened or changed.")
        self._sheet.ask(tr("Compare {name} with", name=folder.stem), text, tuple(answers), receive, stacked=True)

    def _show(self, done: Done, name: str, project: Project) -> None:
        if done.error is not None:
            self._messages.show_message(sentence(tr("{name} could not be compared.", name=name), done.error))
            return
        dialog = CompareDialog(name, done.value, project, self._window)
        dialog.revealed.connect(self._reveal)
        dialog.show()

    def _reveal(self, node: str) -> None:
        if node in self._document.project.graph.nodes:
            self._selection.set({node})
            self._canvas.reveal(node)
