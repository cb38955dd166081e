"""Models of other programs, taken in as untitled projects; the file is read far from the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.window.dialogs import start_folder
from designer.window.faults import sentence
from designer.window.files import Files
from designer.window.message_bar import MessageBar
from designer.window.writer import Done, Writer
from engine.exchange.importing.importer import ENDINGS, Imported, import_model
from engine.exchange.importing.reading import GivenUp
from engine.io import Opened
from engine.project import Project

#: Size of the window that lists what was not carried (px).
WIDTH, HEIGHT = 640, 420


class Importing(QObject):
    """Asks for a model, reads it, shows it, and says what could not be carried.

    Args:
        document: what is shown.
        runner: who may be training meanwhile.
        files: asks about unsaved work, and shows the result.
        messages: the line above the canvas.
        window: over which dialogs open.
    """

    def __init__(self, document: Document, runner: Runner, files: Files, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._runner = runner
        self._files = files
        self._messages = messages
        self._window = window
        self._given_up = Event()
        self._reader = Writer(self)  # a stranger's file may take a minute, and saving does not wait for it

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._reader.busy

    def ask(self) -> None:
        """Ask for a file, after unsaved work was dealt with."""
        self._files.guard(self._choose)

    def take(self, path: Path) -> None:
        """Import a file that was dropped or named on the command line."""
        self._files.guard(lambda: self._read(path))

    def give_up(self) -> None:
        """End the reading that is under way."""
        self._given_up.set()

    def shutdown(self, seconds: float) -> bool:
        """Give up and wait; returns whether the thread ended in time."""
        self.give_up()
        return self._reader.shutdown(seconds)

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, tr("Import a model"), str(start_folder()))
        dialog.setObjectName("import-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{ending}" for ending in ENDINGS)
        dialog.setNameFilters([tr("Models of Keras ({endings})", endings=endings), tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self._read(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read(self, path: Path) -> None:
        self.give_up()  # one after the other: who chooses another file does not wait for the first
        given_up = self._given_up = Event()
        before = self._document.project
        self._messages.show_message(
            tr("Reading {name} …", name=path.name),
            "success",
            tr("Give up"),
            tr("Stop reading; nothing changes."),
            self.give_up,
        )
        self._reader.submit(
            lambda: import_model(path, given_up.is_set), lambda done: self._arrived(done, path, given_up, before)
        )

    def _arrived(self, done: Done, path: Path, given_up: Event, before: Project) -> None:
        if isinstance(done.error, GivenUp) or given_up.is_set():
            return
        if done.error is not None:
            self._messages.show_message(sentence(tr("{name} was not imported.", name=path.name), done.error))
        elif self._document.project is before and not self._runner.is_active:
            self._show(done.value, path)
        else:
            # Somebody went on working while the file was read.
            self._messages.hide()
            self._files.guard(lambda: self._show(done.value, path))

    def _show(self, found: Imported, path: Path) -> None:
        self._files.show_recovered(Opened(found.project, found.state), None)
        said = tr("{name} was imported. {what}", name=path.name, what=found.notes[0] if found.notes else "")
        rest = len(found.lost)
        if not rest and len(found.notes) < 2:
            self._messages.show_message(said, "success")
            return
        if rest:
            said += " " + (tr("One thing was not.") if rest == 1 else tr("{rest} things were not.", rest=rest))
        self._messages.show_message(
            said,
            "warning" if rest else "success",
            tr("Details"),
            tr("List what was carried in another form, and what was not carried."),
            lambda: details_window(self._window, path.name, found).open(),
        )


def details_window(parent: QWidget, name: str, found: Imported) -> QDialog:
    """What an import carried in another form, and what not, as text to be copied."""
    groups = ((tr("Carried"), found.notes), (tr("Not carried"), found.lost))
    return sentences_window(parent, tr("Import of {name}", name=name), groups)


def sentences_window(parent: QWidget, heading: str, groups: Sequence[tuple[str, Sequence[str]]]) -> QDialog:
    """Sentences under titles, as text to be copied."""
    dialog = QDialog(parent)
    dialog.setObjectName("import-details")
    dialog.setWindowTitle(heading)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(WIDTH, HEIGHT)
    parts = []
    for title, sentences in groups:
        if sentences:
            parts.append("\n".join((title, *(f"  • {said}" for said in sentences))))
    text = QPlainTextEdit("\n\n".join(parts))
    text.setObjectName("import-details-text")
    text.setReadOnly(True)
    text.setToolTip(tr("Select and copy what you need."))
    close = QPushButton(tr("Close"))
    close.setToolTip(tr("Close this window (Esc)."))
    close.clicked.connect(dialog.accept)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 20, 24, 18)
    column.setSpacing(12)
    column.addWidget(text, 1)
    column.addLayout(row)
    return dialog
