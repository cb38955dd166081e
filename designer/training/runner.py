"""Runs one job at a time on the engine thread and delivers what happens once a frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from designer.training.curves import RunCurves
from designer.training.jobs import Ended, Job, perform, training
from designer.training.mailbox import Mailbox
from designer.training.run_log import RunLog
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset
from engine.problems import Problem
from engine.project import Project
from engine.train.control import Control
from engine.train.events import Compiling, Event, Failed, Finished, Paused, Probe, Resumed, Snapshot, Started, Told
from engine.train.state import RunState

#: Time between two looks at the queue (ms): 60 frames a second.
FRAME = 16
#: A frame takes at most one part in so many of the time, unless the window would seem to stand still (ms).
SHARE, SLOWEST = 25.0, 60
#: Events taken in one frame; above a million a second, yet a frame stays short.
MOST = 20_000

SnapshotCallback = Callable[[RunState | None], None]


class Runner(QObject):
    """The window's hold on training; lives in the window's thread.

    Only a queue lies between the engine thread and the window: no signal leaves that thread, and nobody waits
    for the other. One timer empties the queue while a job runs and rests otherwise.

    Attributes:
        status_changed: emitted with a ``RunStatus``.
        probed: emitted with the ``Probe`` that ``request_probe`` asked for.
        frame: emitted after events were taken into ``run_log``.
        told: emitted with what a callback says (``Told``).
        folder: asked for the project's folder, beside which callbacks write; ``None`` before it was saved.
        remark: what a callback said last in this run.
        run_log: curves and progress.
        status: what is going on.
        state: the last known state of the current run; ``None`` when nothing was trained.
        failure: why the last run failed, else ``None``.
        project: what the current or last run trains; ``None`` for other jobs.
    """

    status_changed = Signal(object)
    probed = Signal(object)
    frame = Signal()
    told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run_log = RunLog()
        self.status = RunStatus.IDLE
        self.state: RunState | None = None
        self.failure: Problem | None = None
        self.project: Project | None = None
        self.folder: Callable[[], Path | None] = lambda: None
        self.remark = ""
        self._aside: tuple[RunCurves, RunState | None] | None = None
        self._control = Control()
        self._mailbox = Mailbox()
        self._thread: threading.Thread | None = None
        self._outcome: RunStatus | None = None
        self._closing = False
        self._snapshots: list[SnapshotCallback] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._drain)

    # -- what the window asks for -------------------------------------------------------------------

    def start(
        self, project: Project, dataset: Dataset, state: RunState | None = None, epochs: int | None = None
    ) -> bool:
        """Train a project, going on from a state if one is given.

        Args:
            project: what to train; later edits do not touch this run.
            dataset: its data.
            state: where to go on, or ``None`` for fresh weights.
            epochs: epochs done in total at the end; the project's when ``None``.

        Returns:
            ``False`` when a run is under way already; nothing happens then.
        """
        if self._thread is not None or self._closing:
            return False
        return self._begin(training(project, dataset, state, epochs, self.folder()), project)

    def start_job(self, job: Job) -> bool:
        """Run any generator of events on the engine thread; ``False`` when one runs already."""
        if self._thread is not None or self._closing:
            return False
        return self._begin(job, None)

    def _begin(self, job: Job, project: Project | None) -> bool:
        self.project = project
        self.failure = None
        self.remark = ""
        self._outcome = None
        self._control = Control()
        self._mailbox = Mailbox()
        self._thread = threading.Thread(
            target=perform, args=(job, self._control, self._mailbox.put), name="layerloom-engine", daemon=False
        )
        self._set_status(RunStatus.LOADING)
        self._thread.start()
        self._timer.start()
        return True

    def pause(self) -> None:
        """Wait after the current update."""
        if self._thread is not None and self.status is not RunStatus.STOPPING:
            self._control.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._control.resume()

    def stop(self) -> None:
        """End after the current update; weights and curves stay."""
        if self._thread is not None:
            self._control.stop()
            self._set_status(RunStatus.STOPPING)

    def request_snapshot(self, callback: SnapshotCallback) -> None:
        """Have a copy of the run's state handed over, after the current update at the latest.

        Args:
            callback: called in the window's thread, at once when nothing runs. It receives ``None`` when there is
                no state: nothing was trained yet.
        """
        if self._thread is None:
            callback(self.state)
            return
        self._snapshots.append(callback)
        self._control.request_snapshot()

    def request_probe(self) -> bool:
        """Ask for a copy of the weights; ``probed`` brings it after the current update.

        Returns:
            ``False`` when nothing runs: ``state`` has the weights then.
        """
        if self._thread is None:
            return False
        self._control.request_probe()
        return True

    def start_over(self) -> None:
        """Forget the weights; curves and state are kept until something is trained, see ``bring_back``."""
        if self._thread is None and (self.state is not None or len(self.run_log.curves)):
            self._aside = (self.run_log.curves, self.state)
            self.state = None
            self.failure = None
            self.remark = ""
            self.run_log.put_aside()
            self._set_status(RunStatus.IDLE)
            self.frame.emit()

    @property
    def can_bring_back(self) -> bool:
        """Whether ``bring_back`` would return what ``start_over`` took away."""
        return self._thread is None and self._aside is not None and not len(self.run_log.curves)

    def bring_back(self) -> None:
        """Undo ``start_over``, as long as nothing was trained since."""
        if self.can_bring_back and self._aside is not None:
            curves, self.state = self._aside
            self._aside = None
            self.run_log.bring_back(curves)
            self._set_status(RunStatus.FINISHED)
            self.frame.emit()

    def restore(self, state: RunState | None) -> bool:
        """Show what was trained earlier, for a project that was opened (``None``: a new one).

        Returns:
            ``False`` when a run is under way; stop it first.
        """
        if self._thread is not None:
            return False
        self.state = state
        self.failure = None
        self.remark = ""
        self.project = None
        self._aside = None
        self.run_log.restore(state)
        self._set_status(RunStatus.IDLE)
        self.frame.emit()
        return True

    def shutdown(self, timeout_s: float) -> bool:
        """Stop and wait; afterwards all events have been delivered and the timer rests.

        Args:
            timeout_s: longest wait (s).

        Returns:
            Whether the thread has ended. If not (a long compilation cannot be interrupted), it ends later by
            itself and the timer goes on to look for its last events.
        """
        if self._thread is None:
            return True
        self.stop()
        self._thread.join(timeout_s)
        ended = not self._thread.is_alive()
        # What listens to the end of the run must not begin another one here.
        self._closing = True
        while ended and len(self._mailbox):
            self._drain()
        self._closing = False
        return ended

    @property
    def is_active(self) -> bool:
        """Whether a run is under way."""
        return self._thread is not None

    # -- what the engine thread says -----------------------------------------------------------------

    def _drain(self) -> None:
        began = time.thread_time()
        self._take_events()
        # What a frame costs is taken from training that needs Python's lock; frames with much to do come less often.
        pause = round(1000 * SHARE * (time.thread_time() - began))
        self._timer.setInterval(min(max(pause, FRAME), SLOWEST))

    def _take_events(self) -> None:
        taken = self._mailbox.take(MOST)
        if not taken:
            return
        ended = isinstance(taken[-1], Ended)
        events = cast(list[Event], taken[:-1] if ended else taken)
        self.run_log.apply(events)
        if not _COURSE.keys().isdisjoint(map(type, events)):
            for event in events:
                handler = _COURSE.get(type(event))
                if handler is not None:
                    handler(self, event)
        if ended:
            self._end()
        self.frame.emit()

    def _compiling(self, event: Compiling) -> None:
        if self.status is not RunStatus.STOPPING:
            self._set_status(RunStatus.COMPILING)

    def _started(self, event: Started) -> None:
        self._aside = None
        self._going(event)

    def _going(self, event: Started | Resumed) -> None:
        if self.status is not RunStatus.STOPPING:
            self._set_status(RunStatus.RUNNING)

    def _paused(self, event: Paused) -> None:
        if self.status is not RunStatus.STOPPING:
            self._set_status(RunStatus.PAUSED)

    def _snapshot(self, event: Snapshot) -> None:
        self.state = event.state
        self._answer_snapshots()

    def _probe(self, event: Probe) -> None:
        self.probed.emit(event)

    def _told(self, event: Told) -> None:
        self.remark = event.text
        self.told.emit(event)

    def _finished(self, event: Finished) -> None:
        self.state = event.state
        self._outcome = RunStatus.FINISHED

    def _failed(self, event: Failed) -> None:
        self.state = event.state or self.state
        self.failure = event.problem
        self._outcome = RunStatus.FAILED

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.join()  # its last act was to say so
        self._thread = None
        self._timer.stop()
        self._answer_snapshots()
        self._set_status(self._outcome or RunStatus.FINISHED)

    def _answer_snapshots(self) -> None:
        waiting, self._snapshots = self._snapshots, []
        for callback in waiting:
            callback(self.state)

    def _set_status(self, status: RunStatus) -> None:
        if status is not self.status:
            self.status = status
            self.status_changed.emit(status)


#: What changes the course of a run; everything else only fills the log.
_COURSE: dict[type[object], Callable[..., None]] = {
    Compiling: Runner._compiling,
    Started: Runner._started,
    Resumed: Runner._going,
    Paused: Runner._paused,
    Snapshot: Runner._snapshot,
    Probe: Runner._probe,
    Told: Runner._told,
    Finished: Runner._finished,
    Failed: Runner._failed,
}
