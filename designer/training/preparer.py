"""Has kernels compiled while the user still draws."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

import engine
from designer.model.diff import Diff
from designer.model.document import Document
from designer.training.chore import Chore
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset
from engine.estimate.rates import kept_rates, rates_of
from engine.prepare import RATES, SAMPLES, request
from engine.project import Project

#: Rest after an edit before anything is prepared, and after the start before the samples are (ms).
REST, START = 600, 3000
#: How long the worker may take to end before it is killed (ms).
PARTING = 300
#: How long the thread that writes a request may take to end (s).
LAST_WORDS = 5.0
FOR_SAMPLES, FOR_RATES = json.dumps(SAMPLES).encode(), json.dumps(RATES).encode()


class Preparer(QObject):
    """Sends the project to a worker process, which compiles what training it will need.

    Compiling takes turns with everything else in a process, so only another process leaves the window
    alone. The request is written on a thread of its own: thousands of layers take a while to tell. While
    a run is under way nothing is sent, except at its very beginning: the worker then shares the compiling.

    Args:
        document: whose project is prepared.
        runner: what trains it.
        parent: owner.

    Signals:
        answered: what the worker said, one word for each request: ``ready``, ``dropped`` or ``no``.
    """

    answered = Signal(object)

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.runner = document, runner
        self._worker: QProcess | None = None
        self._asked: deque[bytes] = deque()  # not answered yet
        self._last = b""
        self._telling = Chore("prepare", self)
        self._telling.told.connect(self._ask)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.prepare)
        self._start = QTimer(self, singleShot=True, interval=START)
        self._start.timeout.connect(self._go_on)
        self._idle_work = [FOR_SAMPLES]
        if (rates := kept_rates()) is None:
            self._idle_work.append(FOR_RATES)  # after the samples: compiling beside it would spoil the measurement
        else:
            document.set_rates(rates)
        self._start.start()
        document.changed.connect(self._follow)
        runner.status_changed.connect(self._follow_run)

    def prepare(self) -> None:
        """Have the project prepared as it is now, unless it has faults, has no data, or was prepared already."""
        document = self.document
        if document.dataset is None or any(problem.severity == "error" for problem in document.problems):
            return
        project, dataset = document.project, document.dataset
        self._telling.start(lambda: _told(project, dataset))

    @property
    def busy(self) -> bool:
        """Whether a request is being written, or was not answered yet."""
        return self._telling.busy or bool(self._asked)

    def stop(self) -> None:
        """End the worker; nothing is prepared any more."""
        self._rest.stop()
        self._start.stop()
        self._telling.shutdown(LAST_WORDS)
        self.document.changed.disconnect(self._follow)
        self.runner.status_changed.disconnect(self._follow_run)
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.kill()
            worker.waitForFinished(PARTING)
            worker.deleteLater()

    def _follow(self, diff: Diff) -> None:
        relevant = diff.structure or diff.changed or diff.training or diff.split or diff.targets or diff.dataset
        if (relevant or diff.everything) and not self.runner.is_active:
            self._rest.start()

    def _follow_run(self, status: RunStatus) -> None:
        if status is RunStatus.LOADING:
            self._rest.stop()
            if FOR_RATES in self._asked:
                self._last = b""  # sent once more, so that nothing is measured beside a run
            self.prepare()
        elif not status.is_active:
            self._rest.start()

    def _go_on(self) -> None:
        """Ask for what nobody waits for, one after the other, when there is nothing else to do."""
        if not self._idle_work:
            return
        if self.runner.is_active or self._rest.isActive() or self.busy:
            self._start.start()
        else:
            self._send(self._idle_work[0])

    def _ask(self, line: object) -> None:
        assert isinstance(line, bytes)
        if line != self._last:
            self._last = line
            self._send(line)

    def _send(self, line: bytes) -> None:
        if self._worker is None:
            self._worker = self._hired()
        self._asked.append(line)
        self._worker.write(line + b"\n")

    def _hired(self) -> QProcess:
        worker = QProcess(self)
        worker.setProgram(sys.executable)
        worker.setArguments(["-m", "engine.prepare"])
        worker.setWorkingDirectory(os.fspath(Path(engine.__file__).parents[1]))
        worker.setStandardErrorFile(QProcess.nullDevice())
        worker.readyReadStandardOutput.connect(self._hear)
        worker.finished.connect(self._dismiss)
        worker.errorOccurred.connect(self._dismiss)
        worker.start()
        return worker

    def _hear(self) -> None:
        while self._worker is not None and self._worker.canReadLine():
            word = self._worker.readLine().toStdString().strip()
            asked = self._asked.popleft() if self._asked else b""
            if asked in self._idle_work:
                if word != "dropped":  # else a project was more urgent
                    self._idle_work.remove(asked)
                self._start.start()
            if asked == FOR_RATES and (rates := rates_of(word.encode())) is not None:
                self.document.set_rates(rates)
            self.answered.emit("ready" if asked == FOR_RATES and word.startswith("{") else word)

    def _dismiss(self, _why: object = None) -> None:
        """The worker rests after a while without requests; the next one hires another."""
        if self._worker is not None:
            self._worker.deleteLater()
            self._worker = None
        if self._asked:
            self._asked.clear()
            self._last = b""


def _told(project: Project, dataset: Dataset) -> Iterator[bytes]:
    """The request for a project, written when it is asked for; both are never changed, so any thread may read them."""
    yield json.dumps(request(project, dataset)).encode()
