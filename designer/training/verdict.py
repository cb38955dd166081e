"""Keeps a judgement of the network up to date while somebody looks at it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from designer.model.diff import Diff
from designer.model.document import Document
from designer.text import tr
from designer.training.chore import Chore
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset
from engine.data.split import split
from engine.explain.batches import Progress
from engine.explain.judgement import Judgement, judgement
from engine.graph import Graph
from engine.project import Project
from engine.train.events import Probe
from engine.train.state import Arrays, RunState

#: While a run goes on, judging may take this part of the time.
SHARE = 1 / 30


#: Where weights come from: a run at an update, or what a run left behind.
Source = int | RunState


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights that are judged, when they were so, and what they were taken from."""

    graph: Graph
    arrays: Arrays
    epoch: int
    step: int
    source: Source


class Verdict(QObject):
    """Judges on demand, at the end of a run, and after epochs of a run if that costs it little.

    Args:
        document: the data, losses and metrics.
        runner: who has the weights.
        parent: whose child this is.

    Attributes:
        judged: emitted with a ``Judgement``.
        forgotten: other data or another project are shown; what was judged is not about them.
        changed: emitted when work begins, goes on or ends.
        weights: what the last judgement is about.
        split: how the data were divided for it.
        progress: how far the work is, while there is some.
        fault: why there is no judgement.
    """

    judged = Signal(object)
    forgotten = Signal()
    changed = Signal()

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._runner = document, runner
        self.weights: Weights | None = None
        self.progress: Progress | None = None
        self.fault = ""
        self.split = document.project.split
        self._next: Weights | None = None
        self._next_split = self.split
        self._dataset: Dataset | None = None
        self._watching = self._asked = False
        self._epochs = 0
        self._ready_at = 0.0
        self._held: Source | None = None
        self._chore = Chore("results", self)
        self._chore.told.connect(self._told)
        self._chore.ended.connect(self._ended)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._follow)
        runner.probed.connect(self._probed)
        runner.frame.connect(self._frame)
        runner.status_changed.connect(self._follow)
        document.changed.connect(self._document_changed)

    @property
    def busy(self) -> bool:
        """Whether something is being judged."""
        return self._chore.busy

    @property
    def stale(self) -> bool:
        """Whether there are newer weights than those that were judged."""
        return self.weights is None or not _same(self.weights.source, self._newest)

    @property
    def _newest(self) -> Source:
        """What the newest weights would be taken from."""
        state = self._runner.state
        if self._runner.is_active or state is None:
            return self._runner.run_log.progress.step
        return state

    @property
    def obstacle(self) -> str:
        """Why nothing can be judged now; empty when it can."""
        if self._document.dataset is None:
            return tr("There are no data to judge with. Choose some in the Data panel.")
        if self._runner.state is None and not self._runner.is_active:
            return tr("Nothing was trained yet. Press Train; results appear after the first epoch.")
        return ""

    def watch(self, watching: bool) -> None:
        """Begin or end following; call it when the panel is shown or hidden."""
        if watching != self._watching:
            self._watching = watching
            if watching:
                self._follow()

    def judge(self) -> None:
        """Judge the newest weights now."""
        self._held = None
        if self.obstacle:
            self.changed.emit()
            return
        state = self._runner.state
        if self._runner.is_active and self._runner.status not in (RunStatus.LOADING, RunStatus.COMPILING):
            self._asked = self._runner.request_probe()
        elif state is not None:
            self._start(Weights(state.graph, state.weights, state.epoch, state.step, state))

    def stop(self) -> None:
        """Give the work up; what was known stays, and nothing begins by itself before there are other weights."""
        self._held = self._newest
        self._chore.stop()

    def shutdown(self, timeout_s: float) -> bool:
        """Stop and wait; whether the thread ended in time."""
        self._later.stop()
        return self._chore.shutdown(timeout_s)

    # -- when ------------------------------------------------------------------------------------

    def _frame(self) -> None:
        if self._watching and self._runner.run_log.progress.epoch != self._epochs:
            self._follow()

    def _follow(self, _what: object = None) -> None:
        """Judge again if something is new and the time has come."""
        if not self._runner.is_active:
            self._asked = False  # a run that ended answers nothing more
        if (
            not self._watching
            or self.busy
            or self._asked
            or self.obstacle
            or not self.stale
            or _same(self._newest, self._held)
        ):
            self.changed.emit()
            return
        wait = self._ready_at - time.monotonic()
        if self._runner.is_active:
            epochs = self._runner.run_log.progress.epoch
            if epochs == self._epochs:
                return  # in mid-epoch
            if wait > 0:
                self._later.start(round(1000 * wait) + 1)
                return
            self._epochs = epochs
        self.judge()

    def _document_changed(self, diff: Diff) -> None:
        if diff.everything or self._document.dataset is not self._dataset:
            self._dataset = self._document.dataset
            self._forget()
            self._follow()

    def _forget(self) -> None:
        """Drop what was judged, and what is being judged."""
        self._later.stop()
        self._chore.stop()
        self.weights = self._next = self._held = self.progress = None
        self.fault, self._epochs = "", 0
        self.forgotten.emit()

    def _probed(self, probe: Probe) -> None:
        if self._asked:
            self._asked = False
            if not self.obstacle:
                self._start(Weights(probe.graph, probe.weights, probe.epoch, probe.step, probe.step))

    # -- the work ----------------------------------------------------------------------------------

    def _start(self, weights: Weights) -> None:
        project, dataset = self._runner.project or self._document.project, self._document.dataset
        assert dataset is not None
        self._next, self.fault = weights, ""
        self._next_split = project.split
        self.progress = Progress(0, 1)
        self._chore.start(lambda: _work(project, weights, dataset))
        self.changed.emit()

    def _told(self, item: object) -> None:
        if isinstance(item, Progress):
            self.progress = item
            self.changed.emit()
        elif isinstance(item, Judgement):
            self.weights, self.split = self._next, self._next_split
            self.judged.emit(item)

    def _ended(self, sentence: object) -> None:
        self.progress = None
        self.fault = str(sentence) if self._next is not None else ""  # what was dropped meanwhile cannot fail
        self._ready_at = time.monotonic() + self._chore.seconds / SHARE
        if self.fault:
            self.weights = self._next  # not again with the same weights
        self.changed.emit()
        self._follow()


def _same(one: Source | None, other: Source | None) -> bool:
    """Whether two sources are one; states are compared by identity, which outlives them here, unlike their address."""
    return one == other if isinstance(one, int) and isinstance(other, int) else one is other


def _work(project: Project, weights: Weights, dataset: Dataset) -> Iterator[object]:
    yield from judgement(project, weights.graph, weights.arrays, split(dataset, project.split))
