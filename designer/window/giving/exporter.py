"""Packs, examines and exports on a thread of its own; results come back in the window's thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from designer.text import tr
from designer.window.writer import Done, Writer
from engine.catalogue.sources.base import Dataset
from engine.errors import LayerloomError
from engine.exchange.export import Exported, Step, export
from engine.exchange.other_process import Abandoned
from engine.exchange.packing import pack_project
from engine.exchange.parcel import Parcel
from engine.exchange.target import Target
from engine.exchange.targets import TARGETS
from engine.project import Project
from engine.train.state import RunState

#: How often progress is looked for (ms).
LOOK = 50


@dataclass(frozen=True)
class Prospect:
    """What an export of this kind would be.

    Attributes:
        target: the kind.
        obstacles: why it cannot be; empty when it can.
        notes: what would be written in another way than drawn.
    """

    target: Target
    obstacles: tuple[str, ...]
    notes: tuple[str, ...]


class Exporter(QObject):
    """Does one export at a time.

    Attributes:
        examined: emitted with the prospects, or with a sentence when the network cannot be exported at all.
        progressed: emitted with a sentence about what is being done.
        finished: emitted with an ``Exported``, or with a sentence about why there is none.
    """

    examined = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Writer(self)
        self._parcel: Parcel | None = None
        self._said: deque[str] = deque()
        self._given_up = False
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self._tell)

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._worker.busy

    @property
    def parcel(self) -> Parcel | None:
        """What would be exported, once examined."""
        return self._parcel

    def examine(self, name: str, project: Project, state: RunState | None, dataset: Dataset | None) -> None:
        """Find out what each target could do with a project."""
        weights = state.weights if state is not None else {}

        def job() -> tuple[Parcel, tuple[Prospect, ...]]:
            parcel = pack_project(name, project, project.graph, weights, dataset)
            return parcel, tuple(_prospect(target, parcel) for target in TARGETS)

        self._worker.submit(job, self._examined)

    def start(self, target: Target, place: Path) -> None:
        """Export what was examined."""
        parcel = self._parcel
        assert parcel is not None, "examine comes first"
        self._given_up = False
        self._said.clear()
        self._timer.start()
        self._worker.submit(lambda: self._export(target, parcel, place), self._ended)

    def give_up(self) -> None:
        """End after the current step, and another process at once; nothing is left behind."""
        self._given_up = True

    def forget(self) -> None:
        """Let go of the weights and samples that were examined."""
        self._parcel = None

    def shutdown(self, seconds: float) -> bool:
        """Give up and wait; returns whether the thread ended in time."""
        self.give_up()
        self._timer.stop()
        return self._worker.shutdown(seconds)

    def _export(self, target: Target, parcel: Parcel, place: Path) -> Exported | None:
        """On the worker's thread."""
        events = export(target, parcel, place, lambda: self._given_up)
        try:
            for event in events:
                if isinstance(event, Exported):
                    return event
                if self._given_up:
                    break
                assert isinstance(event, Step)
                self._said.append(event.text)
        except Abandoned:
            return None
        finally:
            events.close()
        return None

    def _examined(self, done: Done) -> None:
        if done.error is not None:
            self.examined.emit(_sentence(done.error))
        else:
            self._parcel, prospects = done.value
            self.examined.emit(prospects)

    def _ended(self, done: Done) -> None:
        self._timer.stop()
        self._said.clear()
        if done.error is not None:
            self.finished.emit(_sentence(done.error))
        else:
            self.finished.emit(done.value or tr("Given up; nothing was written."))

    def _tell(self) -> None:
        while self._said:
            self.progressed.emit(self._said.popleft())


def _prospect(target: Target, parcel: Parcel) -> Prospect:
    obstacles = tuple(problem.text for problem in target.obstacles(parcel))
    return Prospect(target, obstacles, () if obstacles else target.notes(parcel))


def _sentence(error: BaseException) -> str:
    if isinstance(error, LayerloomError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this; close other programs and try again.")
    return tr("An internal fault prevented it ({fault}); nothing was written.", fault=type(error).__name__)
