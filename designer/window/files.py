"""New, open, save and the questions around them; everything slow happens on the writer's thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.window.dialogs import FolderDialogs, project_folder
from designer.window.message_bar import MessageBar
from designer.window.questions import ask_about_run, ask_about_work, ask_replace, ask_template
from designer.window.settings import add_recent
from designer.window.sheet import Sheet
from designer.window.writer import Done, Writer
from engine.errors import LayerloomError
from engine.io import Opened, load_project, save_project
from engine.project import Project
from engine.templates import TEMPLATES
from engine.train.state import RunState

Then = Callable[[], None]


class Files(QObject):
    """Where the project lies, and how it gets there and back.

    Attributes:
        changed: folder or the modified mark may have changed.
        folder_changed: emitted with the new folder, before another project is shown.
        opened: another project is shown now.
        folder: the project's folder, or ``None`` while it was never saved.
    """

    changed = Signal()
    folder_changed = Signal(object)
    opened = Signal()

    def __init__(
        self,
        document: Document,
        runner: Runner,
        writer: Writer,
        messages: MessageBar,
        sheet: Sheet,
        dialogs: FolderDialogs,
    ) -> None:
        super().__init__(sheet.parent())
        self.folder: Path | None = None
        self._document = document
        self._runner = runner
        self._writer = writer
        self._messages = messages
        self._sheet = sheet
        self._dialogs = dialogs
        self._saved_state: RunState | None = None
        self._generation = 0  # raised whenever another project is shown
        self._after_stop: list[Then] = []
        document.stack.cleanChanged.connect(self._clean_changed)
        runner.status_changed.connect(self._status_changed)

    # -- what is known ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the project is called."""
        return self.folder.stem if self.folder else tr("Untitled")

    @property
    def has_unsaved_work(self) -> bool:
        """Whether closing now would lose an edit or something learnt."""
        return self._document.is_modified or self._runner.is_active or self._runner.state is not self._saved_state

    # -- commands ---------------------------------------------------------------------------------

    def new(self) -> None:
        """Ask what to begin with, then show it."""
        ask_template(self._sheet, lambda key: self.guard(lambda: self._show(TEMPLATES[key].make(), None, None)))

    def new_from(self, key: str) -> None:
        """Show a template at once (the welcome page's buttons)."""
        self.guard(lambda: self._show(TEMPLATES[key].make(), None, None))

    def open(self) -> None:
        """Ask for a folder and open it."""
        self.guard(lambda: self._dialogs.ask_open(self._load))

    def open_folder(self, folder: Path) -> None:
        """Open a folder (dropped, recent, or named on the command line)."""
        self.guard(lambda: self._load(folder))

    def save(self, then: Then | None = None) -> None:
        """Save where the project lies; ask where, if it lies nowhere yet."""
        if self.folder is None:
            self.save_as(then)
        else:
            self._save_to(self.folder, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a folder and save there."""
        self._dialogs.ask_save(self.folder, self.name, lambda folder: self._save_chosen(folder, then))

    def guard(self, then: Then) -> None:
        """Go on after unsaved work was saved or given up; do nothing when the user keeps it."""
        if self._runner.is_active:
            ask_about_run(
                self._sheet,
                self.name,
                {
                    "save": lambda: self._stop_then(lambda: self.save(then)),
                    "discard": lambda: self._stop_then(then),
                },
            )
        elif self.has_unsaved_work:
            ask_about_work(self._sheet, self.name, {"save": lambda: self.save(then), "discard": then})
        else:
            then()

    # -- saving -------------------------------------------------------------------------------------

    def _save_chosen(self, folder: Path, then: Then | None) -> None:
        if folder != self.folder and (folder / "project.json").exists():
            ask_replace(self._sheet, folder.name, {"replace": lambda: self._save_to(folder, then)})
        else:
            self._save_to(folder, then)

    def _save_to(self, folder: Path, then: Then | None) -> None:
        # While a run is under way its thread copies the state at the next batch boundary.
        self._runner.request_snapshot(lambda state: self._write(folder, state, then))

    def _write(self, folder: Path, state: RunState | None, then: Then | None) -> None:
        project, generation = self._document.project, self._generation
        self._writer.submit(
            lambda: save_project(folder, project, state),
            lambda done: self._written(done, folder, generation, lambda: self._saved(folder, project, state, then)),
        )

    def _written(self, done: Done, folder: Path, generation: int, saved: Then) -> None:
        if done.error is not None:
            self._messages.show_message(_sentence(tr("The project was not saved."), done.error))
            return
        add_recent(folder)
        self._messages.show_message(tr("Saved to {name}.", name=folder.name), "success", tip=str(folder))
        # Another project may have been shown meanwhile; it must not be bound to this folder.
        if generation == self._generation:
            saved()

    def _saved(self, folder: Path, project: Project, state: RunState | None, then: Then | None) -> None:
        """The project that is shown lies in a folder now, as it was when its writing began."""
        self._settle(folder)
        self._saved_state = state
        self._document.mark_saved(project)
        self.changed.emit()
        if then is not None:
            self.guard(then)  # asks again about what was done during the writing

    # -- opening ------------------------------------------------------------------------------------

    def _load(self, chosen: Path) -> None:
        folder, before = project_folder(chosen), self._document.project
        self._writer.submit(lambda: load_project(folder), lambda done: self._loaded(done, folder, before))

    def _loaded(self, done: Done, folder: Path, before: Project) -> None:
        if done.error is not None:
            self._messages.show_message(_sentence(tr("{name} was not opened.", name=folder.name), done.error))
            return
        found: Opened = done.value
        if self._document.project is before and not self._runner.is_active:
            self._take(found, folder)
        else:
            # Somebody went on working while the folder was read.
            self.guard(lambda: self._take(found, folder))

    def _take(self, found: Opened, folder: Path) -> None:
        add_recent(folder)
        self._messages.hide()
        self._show(found.project, found.state, folder)
        if found.problems:
            self._messages.show_message(" ".join(problem.text for problem in found.problems), "warning")

    def _show(self, project: Project, state: RunState | None, folder: Path | None) -> None:
        self._generation += 1
        self._settle(folder)
        self._saved_state = state
        self._runner.restore(state)
        self._document.reset(project)
        self.opened.emit()
        self.changed.emit()

    def _settle(self, folder: Path | None) -> None:
        if folder != self.folder:
            self.folder = folder
            self.folder_changed.emit(folder)

    # -- waiting for the end of a run ------------------------------------------------------------------

    def _stop_then(self, then: Then) -> None:
        if not self._runner.is_active:
            then()
            return
        self._after_stop.append(then)
        self._runner.stop()

    def _status_changed(self, _status: object) -> None:
        self.changed.emit()
        if not self._runner.is_active:
            waiting, self._after_stop = self._after_stop, []
            for then in waiting:
                then()

    def _clean_changed(self, _clean: bool) -> None:
        self.changed.emit()


def _sentence(what: str, error: BaseException) -> str:
    """What happened and why, for people."""
    if isinstance(error, LayerloomError):
        return f"{what} {error}"
    if isinstance(error, PermissionError):
        why = tr("There is no permission to use that place; choose another one.")
    elif isinstance(error, OSError) and error.strerror:
        why = tr("The system says: {reason}.", reason=error.strerror)
    elif isinstance(error, MemoryError):
        why = tr("There is not enough memory; close other programs and try again.")
    else:
        why = tr("An internal fault prevented it ({fault}); nothing on disk was changed.", fault=type(error).__name__)
    return f"{what} {why}"
