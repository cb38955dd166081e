"""Keeps unsaved work aside, shortly after each edit and now and then during a run."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from designer.model.diff import Diff
from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.training.status import RunStatus
from designer.window.files import Files
from designer.window.message_bar import MessageBar
from designer.window.session import Session
from designer.window.writer import Done, Writer
from engine.io.recovery import Note
from engine.train.state import RunState

#: Work is kept this long after the last edit (ms) ...
CALM = 600
#: ... and at the latest this long after the first one that is not kept yet (ms): with the writing, within 2 s.
LATEST = 1500
#: What could not be written is tried again after this time (ms).
RETRY = 10_000
#: During a run its state is kept at the end of an epoch, but not more often than this (s) ...
PERIOD = 30.0
#: ... and within epochs that last longer than this (s).
LONG = 300.0
#: Keeping takes at most this share of the time.
SHARE = 0.05
NOTHING = (None, None, None)


class Autosave(QObject):
    """Writes what would be lost into the session's recovery folder, on the writer's thread.

    Nothing is written while everything is saved, and what was written goes as soon as it is.

    Args:
        document, runner, files, writer, messages: the parts of the window.
        root: where recovery folders lie.
    """

    def __init__(
        self, document: Document, runner: Runner, files: Files, writer: Writer, messages: MessageBar, root: Path
    ) -> None:
        super().__init__(files.parent())
        self._document = document
        self._runner = runner
        self._files = files
        self._writer = writer
        self._messages = messages
        self._root = root
        self._session = Session(root)
        self._open = True
        self._kept: tuple[object, ...] = NOTHING  # project, state and folder that were written last
        self._holds = False  # whether the folder holds something, or will when the writer is done
        self._busy = self._owes = self._asked = self._complained = False
        self._snapped_at = self._began = -PERIOD
        self._snapped_epoch = 0
        self._period = PERIOD
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._latest = QTimer(self, singleShot=True, interval=LATEST)
        self._retry = QTimer(self, singleShot=True, interval=RETRY)
        # While another project is being shown, document and run do not belong together for a moment.
        self._soon = QTimer(self, singleShot=True, interval=0)
        for timer in (self._calm, self._latest, self._retry, self._soon):
            timer.timeout.connect(self.flush)
        document.changed.connect(self._edited)
        files.changed.connect(self._settled)
        runner.status_changed.connect(self._turned)
        runner.frame.connect(self._look)

    def flush(self) -> None:
        """Keep the work now, as far as it is not kept yet."""
        self._rest()
        if not self._open:
            return
        if not self._files.needs_keeping:
            self._clear()
        elif self._busy:
            self._owes = True  # the writer has the last state yet; one more write will do for all since
        else:
            self._keep()

    def rescue(self) -> None:
        """Something went wrong: keep the work now, and what is being learnt at the next update."""
        self.flush()
        self._snap()

    def adopt(self, session: Session, project: object, state: RunState | None) -> None:
        """Go on with a session whose work was brought back; it stays kept without a gap."""
        before, self._session = self._session, session
        self._writer.submit(before.close, _nothing)
        self._holds, self._kept = True, (project, state, None)

    def close(self) -> None:
        """The window closes, and its work is saved or given up."""
        self._open = False
        self._rest()
        self._writer.submit(self._session.close, _nothing)

    def _rest(self) -> None:
        for timer in (self._calm, self._latest, self._retry, self._soon):
            timer.stop()

    # -- when ---------------------------------------------------------------------------------------

    def _edited(self, diff: Diff) -> None:
        if diff == Diff(dataset=True) or diff == Diff(learnt=True):
            return
        self._touch()

    def _touch(self) -> None:
        if self._open:
            self._calm.start()
            if not self._latest.isActive():
                self._latest.start()

    def _settled(self) -> None:
        if self._holds and self._open and not self._files.needs_keeping:
            self._soon.start()

    def _turned(self, status: object) -> None:
        if status is RunStatus.LOADING:
            self._began = time.monotonic()
            self._snapped_epoch = self._runner.state.epoch if self._runner.state is not None else 0
            self.flush()
        elif self._open and not self._runner.is_active:
            self._soon.start()

    def _look(self) -> None:
        """During a run, see whether its state is due."""
        if not self._runner.is_active or self._busy or not self._open:
            return
        now, epoch = time.monotonic(), self._runner.run_log.progress.epoch
        is_long = now - max(self._snapped_at, self._began) >= LONG
        if now - self._snapped_at >= self._period and (epoch > self._snapped_epoch or is_long):
            self._snap()

    def _snap(self) -> None:
        if self._runner.is_active and not self._asked:
            self._asked = True
            self._runner.request_snapshot(self._snapped)

    def _snapped(self, state: RunState | None) -> None:
        self._asked = False
        self._snapped_at = time.monotonic()
        if state is not None:
            self._snapped_epoch = state.epoch
        self.flush()

    # -- what ---------------------------------------------------------------------------------------

    def _keep(self) -> None:
        project, state, place = self._document.project, self._runner.state, self._files.place
        work = (project, state, place)
        if self._holds and all(one is other for one, other in zip(work, self._kept, strict=True)):
            return
        again = self._holds and state is not None and self._kept[1] is state
        note = Note(
            original=place.folder if place is not None else None,
            edited=time.time(),
            epoch=state.epoch if state is not None else -1,
            confirmed=project.source is None or not project.source.unconfirmed,
        )
        session = self._session

        def job() -> float:
            began = time.monotonic()
            known = place.digest if place is not None else ""  # it follows saves that were asked for before
            session.keep(replace(note, digest=known), project, state, again)
            return time.monotonic() - began

        self._busy = self._holds = True
        self._writer.submit(job, lambda done: self._ended(done, work))

    def _ended(self, done: Done, work: tuple[object, ...]) -> None:
        self._busy = False
        if done.error is None:
            self._kept, self._complained = work, False
            self._period = max(PERIOD, float(done.value) / SHARE)
        else:
            self._kept = NOTHING
            self._complain(done.error)
            if self._open:
                self._retry.start()  # the disk may have room again by then
        if self._owes:
            self._owes = False
            self.flush()

    def _complain(self, error: BaseException) -> None:
        if not self._complained and self._open:
            self._complained = True
            text = tr("Unsaved work cannot be kept aside at the moment, so save it often. {why}", why=error)
            self._messages.show_message(text, "warning")

    def _clear(self) -> None:
        if self._holds:
            self._holds, self._kept = False, NOTHING
            self._writer.submit(self._session.clear, _nothing)


def _nothing(_done: Done) -> None:
    """What was removed is gone, or will be offered once more at the next start."""
