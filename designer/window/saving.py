"""Saving: what is written, and what is asked or said when it does not work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.window.faults import sentence
from designer.window.message_bar import MessageBar
from designer.window.place import InUse, Place
from designer.window.questions import ask_changed, ask_used_target
from designer.window.sheet import Sheet
from designer.window.writer import Done, Writer
from engine.io import DiskChanged
from engine.project import Project
from engine.train.state import RunState


@dataclass(frozen=True)
class Saving:
    """One attempt to save.

    Attributes:
        place: where.
        saved: called with what was written once it stands there.
        elsewhere: asks for another place.
        current: whether the project is still shown that was to be saved.
        new: the place is not the one that the project had.
        overwrite: whatever is there may be replaced.
        insist: it may be saved although somebody else has it open.
    """

    place: Place
    saved: Callable[[Project, RunState | None], None]
    elsewhere: Callable[[], None]
    current: Callable[[], bool]
    new: bool = False
    overwrite: bool = False
    insist: bool = False


class Saver:
    """Writes the document on the writer's thread and deals with what stands in the way.

    Args:
        document, runner, writer, messages, sheet: the parts of the window.
    """

    def __init__(self, document: Document, runner: Runner, writer: Writer, messages: MessageBar, sheet: Sheet) -> None:
        self._document = document
        self._runner = runner
        self._writer = writer
        self._messages = messages
        self._sheet = sheet

    def save(self, saving: Saving) -> None:
        """Save; the answer comes later."""
        # While a run is under way its thread copies the state at the next update.
        self._runner.request_snapshot(lambda state: self._write(saving, state))

    def _write(self, saving: Saving, state: RunState | None) -> None:
        project, place = self._document.project, saving.place

        def job() -> None:
            # The place the project has is held already, or was opened although somebody else holds it.
            held = place.is_held
            place.claim(insist=saving.insist or not saving.new)
            try:
                place.write(project, state, overwrite=saving.overwrite)
            except Exception:
                if saving.new and not held:  # a save before this one may have made it the project's place
                    place.release()
                raise

        self._writer.submit(job, lambda done: self._written(done, saving, project, state))

    def _written(self, done: Done, saving: Saving, project: Project, state: RunState | None) -> None:
        if done.error is None:
            saving.saved(project, state)
        elif saving.current():
            self._refused(done.error, saving)
        else:
            self._messages.show_message(sentence(tr("The project was not saved."), done.error))

    def _refused(self, error: BaseException, saving: Saving) -> None:
        name = saving.place.folder.stem
        again = Saving(
            saving.place, saving.saved, saving.elsewhere, saving.current, saving.new, overwrite=True, insist=True
        )
        deeds = {"elsewhere": saving.elsewhere, "overwrite": lambda: self.save(again)}
        if isinstance(error, InUse):
            ask_used_target(self._sheet, name, error.owner, deeds)
        elif isinstance(error, DiskChanged):
            ask_changed(self._sheet, name, deeds)
        else:
            self._messages.show_message(
                sentence(tr("The project was not saved."), error),
                action=tr("Save as …"),
                tip=tr("Choose another place; your work is still here."),
                deed=saving.elsewhere,
            )
