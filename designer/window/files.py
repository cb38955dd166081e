"""New, open, save and the questions around them; everything slow happens on the writer's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.window.dialogs import FolderDialogs, project_folder
from designer.window.faults import sentence
from designer.window.message_bar import MessageBar
from designer.window.place import InUse, Place
from designer.window.questions import (
    ask_about_run,
    ask_about_work,
    ask_in_use,
    ask_replace,
    ask_template,
    ask_version,
    moment,
)
from designer.window.saving import Saver, Saving
from designer.window.settings import add_recent
from designer.window.sheet import Sheet
from designer.window.writer import Done, Writer
from engine.io import Opened
from engine.io.versions import Version, versions
from engine.project import Project
from engine.templates import TEMPLATES, Template
from engine.train.state import RunState

Then = Callable[[], None]


@dataclass(frozen=True)
class _Wish:
    """What is to be opened, and how.

    Attributes:
        folder: the project's folder.
        version: an earlier save instead of the last one.
        copy: as an untitled project.
        insist: although somebody else has it open.
    """

    folder: Path
    version: Version | None = None
    copy: bool = False
    insist: bool = False


class Files(QObject):
    """Where the project lies, and how it gets there and back.

    Attributes:
        changed: folder or the modified mark may have changed.
        folder_changed: emitted with the new folder, before another project is shown.
        opened: another project is shown now.
        settling: emitted before it matters what the document holds; who holds something half written hands it over.
        place: the project's folder as this window holds it, or ``None`` while it was never saved.
    """

    changed = Signal()
    folder_changed = Signal(object)
    opened = Signal()
    settling = Signal()

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
        self.place: Place | None = None
        self._document = document
        self._runner = runner
        self._writer = writer
        self._messages = messages
        self._sheet = sheet
        self._dialogs = dialogs
        self._saver = Saver(document, runner, writer, messages, sheet)
        self._coming: Place | None = None  # the new place that was saved to last; held before it is ``place``
        self._saved_state: RunState | None = None
        self._generation = 0  # raised whenever another project is shown
        self._after_stop: list[Then] = []
        self._closed = False
        document.stack.cleanChanged.connect(self._clean_changed)
        runner.status_changed.connect(self._status_changed)

    # -- what is known ---------------------------------------------------------------------------

    @property
    def folder(self) -> Path | None:
        """The project's folder, or ``None`` while it was never saved."""
        return self.place.folder if self.place is not None else None

    @property
    def name(self) -> str:
        """What the project is called."""
        return self.folder.stem if self.folder else tr("Untitled")

    @property
    def has_unsaved_work(self) -> bool:
        """Whether closing now would lose an edit or something learnt."""
        return self._runner.is_active or self.needs_keeping

    @property
    def needs_keeping(self) -> bool:
        """Whether something is known that no folder holds: an edit, or a state of the run."""
        return self._document.is_modified or self._runner.state is not self._saved_state

    # -- commands ---------------------------------------------------------------------------------

    def new(self) -> None:
        """Ask what to begin with, then show it."""
        ask_template(self._sheet, self.new_from)

    def new_from(self, key: str) -> None:
        """Show a template at once (the welcome page's buttons)."""
        self.guard(lambda: self._begin(TEMPLATES[key]))

    def _begin(self, template: Template) -> None:
        self._show(template.make(), None, None)
        if template.needs:
            self._messages.show_message(tr(template.needs), "warning")

    def open(self) -> None:
        """Ask for a folder and open it."""
        self.guard(lambda: self._dialogs.ask_open(self._load))

    def open_folder(self, folder: Path) -> None:
        """Open a folder (dropped, recent, or named on the command line)."""
        self.guard(lambda: self._load(folder))

    def save(self, then: Then | None = None) -> None:
        """Save where the project lies; ask where, if it lies nowhere yet."""
        self.settling.emit()
        if self.folder is None:
            self.save_as(then)
        else:
            self._save_to(self.folder, then)

    def versions(self) -> None:
        """Ask which earlier save of the project to open."""
        if self.folder is not None:
            self._list_versions(self.folder)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a folder and save there."""
        self.settling.emit()
        self._dialogs.ask_save(self.folder, self.name, lambda folder: self._save_chosen(folder, then))

    def guard(self, then: Then) -> None:
        """Go on after unsaved work was saved or given up; do nothing when the user keeps it."""
        self.settling.emit()
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
        if folder == self.folder and not folder.exists():
            self._save_to(folder, then, overwrite=True)  # chosen once more: it may be made anew
        elif not self._wrote(folder) and (folder / "project.json").exists():
            ask_replace(self._sheet, folder.name, {"replace": lambda: self._save_to(folder, then)})
        else:
            self._save_to(folder, then)

    def _save_to(self, folder: Path, then: Then | None, overwrite: bool = False) -> None:
        generation = self._generation
        new = self.place is None or not self.place.is_at(folder)
        place = self._place_at(folder)
        if new:
            self._coming = place

        def saved(project: Project, state: RunState | None) -> None:
            self._written(place, generation, project, state, then)

        def current() -> bool:
            return generation == self._generation

        self._saver.save(Saving(place, saved, lambda: self.save_as(then), current, new=new, overwrite=overwrite or new))

    def _place_at(self, folder: Path) -> Place:
        """The place that this window holds there, or is about to; a second one would find the first one's lock."""
        for place in (self.place, self._coming):
            if place is not None and place.is_at(folder):
                return place
        return Place(folder)

    def _wrote(self, folder: Path) -> bool:
        """Whether the project that is shown lies there, although its saving may not have been told yet."""
        return (self.place is not None and self.place.is_at(folder)) or bool(self._place_at(folder).digest)

    def _written(
        self, place: Place, generation: int, project: Project, state: RunState | None, then: Then | None
    ) -> None:
        """A project lies in a folder now, as it was when its writing began."""
        folder = place.folder
        add_recent(folder)
        self._messages.show_message(tr("Saved to {name}.", name=folder.name), "success", tip=str(folder))
        if generation != self._generation:
            # Another project was shown meanwhile; it must not be bound to this folder.
            if place is not self.place:
                self._release(place)
            return
        self._settle(place)
        self._saved_state = state
        self._document.mark_saved(project)
        self.changed.emit()
        if then is not None:
            self.guard(then)  # asks again about what was done during the writing

    # -- opening ------------------------------------------------------------------------------------

    def _load(self, chosen: Path) -> None:
        self._read(_Wish(project_folder(chosen).absolute()))

    def _read(self, wish: _Wish) -> None:
        before = self._document.project
        held = self.place if self.place is not None and self.place.is_at(wish.folder) else None
        place = held or Place(wish.folder)

        def job() -> Opened:
            if not wish.copy:
                place.claim(wish.insist)
            try:
                return place.read(wish.version.number if wish.version is not None else 0)
            except Exception:
                if held is None:
                    place.release()
                raise

        self._writer.submit(job, lambda done: self._loaded(done, wish, place, before))

    def _loaded(self, done: Done, wish: _Wish, place: Place, before: Project) -> None:
        if not self._closed:
            self.settling.emit()
        if self._closed:
            self._release(place)  # nobody will look at it any more
        elif isinstance(done.error, InUse):
            deeds = {
                "copy": lambda: self._read(_Wish(wish.folder, wish.version, copy=True)),
                "open": lambda: self._read(_Wish(wish.folder, wish.version, insist=True)),
            }
            ask_in_use(self._sheet, wish.folder.stem, done.error.owner, deeds)
        elif done.error is not None:
            self._not_opened(done.error, wish.folder)
        elif self._document.project is before and not self._runner.is_active:
            self._take(done.value, wish, place)
        else:
            # Somebody went on working while the folder was read; it is read again when that is dealt with.
            if place is not self.place:
                self._release(place)
            self.guard(lambda: self._read(wish))

    def _not_opened(self, error: BaseException, folder: Path) -> None:
        text = sentence(tr("{name} was not opened.", name=folder.name), error)

        def tell(done: Done) -> None:
            if done.value:
                tip = tr("Choose one of the saves before; nothing on disk changes.")
                self._messages.show_message(
                    text, "error", tr("Earlier versions …"), tip, lambda: self._offer(folder, done)
                )
            else:
                self._messages.show_message(text)

        self._writer.submit(lambda: versions(folder), tell)

    def _take(self, found: Opened, wish: _Wish, place: Place) -> None:
        if not wish.copy:
            add_recent(wish.folder)
        if wish.version is None and not wish.copy:
            self._writer.submit(lambda: place.settle(found), _nothing)
        self._show(found.project, found.state, None if wish.copy else place, unsaved=wish.version is not None)
        said = [problem.text for problem in found.problems]
        if wish.copy:
            said.insert(0, tr("This is a copy of {name} as it was saved last.", name=wish.folder.stem))
        if wish.version is not None:
            when = moment(wish.version.until)
            said.insert(0, tr("This is {name} as it was until {when}. Saving makes it the last version again.",
                              name=wish.folder.stem, when=when))  # fmt: skip
        if said:
            self._messages.show_message(" ".join(said), "warning" if found.problems else "success")

    def show_recovered(self, found: Opened, place: Place | None) -> None:
        """Show work that was brought back: unsaved, and bound to the folder that it belongs to."""
        self._show(found.project, found.state, place, unsaved=True)

    def _show(self, project: Project, state: RunState | None, place: Place | None, unsaved: bool = False) -> None:
        self._generation += 1
        self._coming = None
        self._messages.hide()
        self._settle(place)
        self._saved_state = None if unsaved else state
        self._runner.restore(state)
        self._document.reset(project)
        if unsaved:
            self._document.stack.resetClean()
        self.opened.emit()
        self.changed.emit()

    def _settle(self, place: Place | None) -> None:
        before, self.place = self.place, place
        if before is not None and before is not place:
            self._release(before)
        if (place.folder if place is not None else None) != (before.folder if before is not None else None):
            self.folder_changed.emit(self.folder)

    def _release(self, place: Place) -> None:
        if place is self._coming:
            self._coming = None
        self._writer.submit(place.release, _nothing)

    def close(self) -> None:
        """Let others have the project, and what is being opened or saved; what is shown stays."""
        self._closed = True
        self._generation += 1  # what is being saved elsewhere is let go when it stands there
        if self.place is not None:
            self._release(self.place)

    # -- earlier versions -----------------------------------------------------------------------------

    def _list_versions(self, folder: Path) -> None:
        self._writer.submit(lambda: versions(folder), lambda done: self._offer(folder, done))

    def _offer(self, folder: Path, done: Done) -> None:
        found: dict[int, Version] = {version.number: version for version in done.value or ()}
        if not found:
            text = tr("{name} has no earlier versions yet. Each save keeps the one before it.", name=folder.stem)
            self._messages.show_message(text, "success")
            return
        ask_version(
            self._sheet,
            folder.stem,
            list(found.values()),
            lambda number: self.guard(lambda: self._read(_Wish(folder, found[number]))),
        )

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


def _nothing(_done: Done) -> None:
    """Nobody waits for this job."""
