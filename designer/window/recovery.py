"""Offers what earlier windows left behind when they ended without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from designer.text import tr
from designer.training.status import epochs_trained
from designer.window.autosave import Autosave
from designer.window.faults import sentence
from designer.window.files import Files
from designer.window.message_bar import MessageBar
from designer.window.place import InUse, Place
from designer.window.questions import ask_delete, ask_recover, ask_which, kept_name, moment
from designer.window.session import Orphan, aside, orphans
from designer.window.sheet import Sheet
from designer.window.writer import Done, Writer
from engine.io import Opened
from engine.io.recovery import brought_back

Then = Callable[[], None]


class Recovery(QObject):
    """Finds unsaved work at the start and brings it back when the user wants it.

    Args:
        files, autosave, writer, messages, sheet: the parts of the window.
        root: where recovery folders lie.
    """

    def __init__(
        self, files: Files, autosave: Autosave, writer: Writer, messages: MessageBar, sheet: Sheet, root: Path
    ) -> None:
        super().__init__(files.parent())
        self._files = files
        self._autosave = autosave
        self._writer = writer
        self._messages = messages
        self._sheet = sheet
        self._root = root
        self._found: list[Orphan] = []
        self._closed = False

    def offer(self, then: Then) -> None:
        """Look for unsaved work and ask about it.

        Args:
            then: called when there is none or nothing of it is wanted now.
        """
        self._writer.submit(lambda: orphans(self._root), lambda done: self._gathered(done, then))

    def close(self) -> None:
        """Leave what was not dealt with to the next start."""
        self._closed = True
        found, self._found = self._found, []
        for orphan in found:
            self._writer.submit(orphan.session.release, _nothing)

    def _gathered(self, done: Done, then: Then) -> None:
        if done.error is not None:
            self._messages.show_message(sentence(tr("Unsaved work could not be looked for."), done.error), "warning")
            then()
            return
        self._found, damaged = done.value
        if self._closed:
            self.close()
            return
        if damaged:
            text = tr(
                "Unsaved work of an earlier start is damaged and cannot be brought back. Its files are now in {place}.",
                place=damaged[0],
            )
            self._messages.show_message(text, "warning")
        self._ask(then)

    # -- asking -------------------------------------------------------------------------------------

    def _ask(self, then: Then) -> None:
        if not self._found:
            then()
        elif len(self._found) == 1:
            self._ask_about(self._found[0], then, then)
        else:
            listed = list(self._found)

            def chosen(place: int | None) -> None:
                if place is None:
                    then()
                else:
                    self._ask_about(listed[place], then, lambda: self._ask(then))

            ask_which(self._sheet, [orphan.kept for orphan in listed], chosen)

    def _ask_about(self, orphan: Orphan, then: Then, later: Then) -> None:
        deeds = {
            "recover": lambda: self._files.guard(lambda: self._recover(orphan)),
            "delete": lambda: self._ask_delete(orphan, then),
            "later": later,
        }
        ask_recover(self._sheet, orphan.kept, deeds, among=len(self._found) > 1)

    def _ask_delete(self, orphan: Orphan, then: Then) -> None:
        def delete() -> None:
            self._found.remove(orphan)
            self._writer.submit(orphan.session.close, _nothing)
            self._ask(then)

        ask_delete(self._sheet, orphan.kept, {"delete": delete, "cancel": lambda: self._ask(then)})

    # -- bringing back --------------------------------------------------------------------------------

    def _recover(self, orphan: Orphan) -> None:
        note = orphan.kept.note
        place = Place(note.original, note.digest) if note.original is not None else None

        def job() -> tuple[Opened, Place | None]:
            opened = brought_back(orphan.kept)
            try:
                if place is not None:
                    place.claim()
            except InUse:
                return opened, None
            return opened, place

        self._writer.submit(job, lambda done: self._recovered(done, orphan))

    def _recovered(self, done: Done, orphan: Orphan) -> None:
        if self._closed or orphan not in self._found:  # it waits for the next start
            if done.error is None and done.value[1] is not None:
                self._writer.submit(done.value[1].release, _nothing)
            return
        self._found.remove(orphan)
        name = kept_name(orphan.kept)
        if done.error is not None:
            text = sentence(tr("The unsaved work of {name} could not be brought back.", name=name), done.error)

            def tell(moved: Done) -> None:
                where = tr("Its files are kept in {place}.", place=moved.value[0]) if moved.value else ""
                self._messages.show_message(f"{text} {where}".strip())

            self._writer.submit(lambda: aside(orphan.session), tell)
            return
        opened, place = done.value
        self._autosave.adopt(orphan.session, opened.project, opened.state)
        self._files.show_recovered(opened, place)
        self._tell(orphan, opened, place)

    def _tell(self, orphan: Orphan, opened: Opened, place: Place | None) -> None:
        note = orphan.kept.note
        said = [tr("{name} is back as it was at {moment}.", name=kept_name(orphan.kept), moment=moment(note.edited))]
        if opened.state is not None:
            said.append(tr("{done}; Continue goes on from there.", done=epochs_trained(opened.state.epoch)))
        if note.original is not None and place is None:
            said.append(tr("Another Layerloom has the project open, so this is an untitled copy."))
        said += [problem.text for problem in opened.problems]
        said.append(tr("Save it to keep it."))
        severity = "warning" if opened.problems else "success"
        if self._found:
            tip = tr("Look at the other unsaved work that can be brought back.")
            more = tr("{count} more …", count=len(self._found))
            self._messages.show_message(" ".join(said), severity, more, tip, lambda: self._ask(_stay))
        else:
            tip = tr("Save it where it belongs, or choose a place.")
            self._messages.show_message(" ".join(said), severity, tr("Save"), tip, self._files.save)


def _stay() -> None:
    """Nothing else waits to be shown."""


def _nothing(_done: Done) -> None:
    """Nobody waits for this job."""
