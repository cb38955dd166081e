"""The command: asks what to compare with, reads it, marks what differs on the canvas and lists it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from designer.canvas.difference import Difference
from designer.canvas.view import CanvasView
from designer.model.comparison import Comparison, compared
from designer.model.document import Document
from designer.model.selection import Selection
from designer.text import tr
from designer.training.runner import Runner
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
from engine.train.state import RunState


class Comparing(QObject):
    """Compares the network on the canvas with what was trained, the last save, an earlier one, or another project.

    Nothing that is read is opened: the comparison keeps no lock, changes nothing and runs no code.

    Args:
        document, selection, canvas: what is compared, and where its layers are shown.
        runner: what was trained.
        files: where the project lies.
        writer: reads on its thread.
        messages, sheet: sentences and questions.
        window: over which the list opens.

    Attributes:
        difference: the marks on the canvas.
    """

    def __init__(
        self,
        document: Document,
        selection: Selection,
        canvas: CanvasView,
        runner: Runner,
        files: Files,
        writer: Writer,
        messages: MessageBar,
        sheet: Sheet,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._selection, self._canvas = document, selection, canvas
        self._runner = runner
        self._files, self._writer, self._messages, self._sheet = files, writer, messages, sheet
        self._dialogs, self._window = FolderDialogs(window), window
        self._name = ""
        self.difference = Difference(canvas)
        self.difference.listed.connect(self._list)

    def ask(self) -> None:
        """Ask what to compare with."""
        folder, state = self._files.folder, self._runner.state
        if folder is not None:
            self._writer.submit(lambda: versions(folder), lambda done: self._offer(folder, done.value or (), state))
        elif state is not None:
            self._offer(None, (), state)
        else:
            self._dialogs.ask_open(self.compare)

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
        self._writer.submit(lambda: _read(folder, number, project), lambda done: self._show(done, told, project))

    def compare_with_run(self, state: RunState) -> None:
        """Show what was changed since a run's weights were learnt."""
        project = self._document.project
        name = tr("the network that was trained")
        before = project.with_graph(state.graph)
        self._writer.submit(lambda: (before, compared(before, project)), lambda done: self._show(done, name, project))

    def _offer(self, folder: Path | None, found: tuple[Version, ...], state: RunState | None) -> None:
        answers = []
        if folder is not None:
            answers.append(Answer("0", tr("The last save"), tr("What was changed since it was saved.")))
        if state is not None:
            tip = tr("What was changed since its weights were learnt.")
            answers.append(Answer("run", tr("The network that was trained"), tip))
        times = {str(version.number): moment(version.until) for version in found}
        for key, when in times.items():
            answers.append(Answer(key, tr("Until {moment}", moment=when), tr("An earlier save of this project.")))
        answers.append(Answer("other", tr("Another project …"), tr("Choose its folder.")))
        answers.append(Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"))

        def receive(key: str) -> None:
            if key == "other":
                self._dialogs.ask_open(self.compare)
            elif key == "run" and state is not None:
                self.compare_with_run(state)
            elif folder is None:
                return
            elif key == "0":
                self.compare(folder, 0, tr("the last save"))
            elif key in times:
                self.compare(folder, int(key), tr("the save until {moment}", moment=times[key]))

        text = tr("What differs is marked on the canvas and listed. Nothing is opened or changed.")
        self._sheet.ask(tr("Compare {name} with", name=self._files.name), text, tuple(answers), receive, stacked=True)

    def _show(self, done: Done, name: str, project: Project) -> None:
        if done.error is not None:
            self._messages.show_message(sentence(tr("{name} could not be compared.", name=name), done.error))
            return
        before, found = done.value
        self._name = name
        if not found.is_empty and self._document.project is project:
            self.difference.begin(before, name)
        self._open(CompareDialog(name, found, project, self._window))

    def _list(self) -> None:
        """The list of what is marked, as it is now."""
        if self.difference.before is not None:
            project = self._document.project
            found = compared(self.difference.before, project)
            self._open(CompareDialog(self._name, found, project, self._window))

    def _open(self, dialog: CompareDialog) -> None:
        for earlier in self._window.findChildren(CompareDialog):
            if earlier is not dialog:
                earlier.close()
        dialog.revealed.connect(self._reveal)
        dialog.show()

    def _reveal(self, node: str) -> None:
        if node in self._document.project.graph.nodes:
            self._selection.set({node})
            self._canvas.reveal(node)


def _read(folder: Path, number: int, project: Project) -> tuple[Project, Comparison]:
    before = load_network(folder, number)
    return before, compared(before, project)
