"""The window's look inside a network, live: asks a run for its weights now and then, and has them looked at."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from designer.model.document import Document
from designer.training.look import Knowledge, Origin, Wish
from designer.training.looker import Looker
from designer.training.runner import FRAME, Runner
from designer.training.status import RunStatus
from engine.graph import Graph
from engine.train.events import Probe

#: Shortest time between two looks at a run (s).
PERIOD = 0.125
#: A look may take the run and the processor this part of the time.
SHARE = 1 / 50
#: While these last, looking would only compete with them for the compiler.
PREPARING = (RunStatus.LOADING, RunStatus.COMPILING)


class Insight(QObject):
    """Keeps a picture of the network's inside up to date while somebody watches.

    All methods belong to the window's thread. Computing happens on a thread that only takes questions and leaves
    answers; one timer collects these while an answer is expected and rests otherwise. Nobody watches: nothing is
    asked, nothing runs.

    Args:
        document: the project; its network is looked at while nothing is trained.
        runner: who has the weights.
        parent: whose child this is.

    Attributes:
        looked: emitted with a ``Look``, the newest only.
        changed: emitted when other weights are about to be shown, or the same with another name.
        looks: answers shown so far.
        probes: how often a run was asked for its weights.
    """

    looked = Signal(object)
    changed = Signal()

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._runner = runner
        self._looker = Looker()
        self._wish: Wish | None = None
        self._watching = False
        self._asked_at, self._pause = 0.0, PERIOD
        self._source: object = None
        self._owed = False
        self._knowledge: Knowledge | None = None
        self.looks = self.probes = 0
        self._collector = QTimer(self)
        self._collector.setTimerType(Qt.TimerType.PreciseTimer)
        self._collector.setInterval(FRAME)
        self._collector.timeout.connect(self._collect)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._probe)
        runner.probed.connect(self._probed)
        runner.status_changed.connect(self._follow)
        runner.frame.connect(self._follow_frame)
        document.changed.connect(self._follow)

    @property
    def knowledge(self) -> Knowledge | None:
        """What is looked at now."""
        return self._knowledge

    @property
    def knowledge_is_fresh(self) -> bool:
        """Whether nothing was trained yet."""
        return self._knowledge is None or self._knowledge.origin is Origin.UNTRAINED

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._collector.isActive()

    @property
    def preparing(self) -> bool:
        """Whether a run is about to begin, which is waited for."""
        return self._runner.status in PREPARING

    @property
    def differs(self) -> bool:
        """Whether the network on the canvas is another one than what is looked at."""
        know = self._knowledge
        return know is not None and not same_network(know.graph, self._document.project.graph)

    def watch(self, watching: bool) -> None:
        """Begin or end looking; call it when the panel is shown or hidden."""
        if watching == self._watching:
            return
        self._watching = watching
        if watching:
            self._source = None
            self._follow()
        else:
            self._next.stop()
            self._collector.stop()
            self._looker.forget()

    def ask(self, wish: Wish) -> None:
        """Look at something else, with the weights at hand."""
        anew, self._wish = self._wish is None, wish
        self._look()
        if anew and self._watching and self._runner.is_active and not self.preparing:
            self._schedule()

    def withdraw(self) -> None:
        """There is nothing to look at: what was asked is not answered any more, and a run is left alone."""
        self._wish = None
        self._collector.stop()
        self._looker.forget()
        self.changed.emit()

    def shutdown(self, timeout_s: float) -> bool:
        """Stop looking and wait for the thread; whether it ended in time."""
        self.watch(False)
        return self._looker.close(timeout_s)

    # -- which weights ----------------------------------------------------------------------------

    def _follow_frame(self) -> None:
        # Only another state matters here, and it is compared at once; updates come 60 times a second.
        if self._watching and not self._runner.is_active and self._runner.state is not self._source:
            self._follow()

    def _follow(self, _what: object = None) -> None:
        """Take the weights there are: a run's, else the trained ones, else random ones."""
        if not self._watching:
            return
        runner, project = self._runner, self._document.project
        if runner.is_active and runner.project is not None:
            self._source = runner
            if runner.status in (RunStatus.RUNNING, RunStatus.PAUSED):
                self._schedule()
        elif runner.state is not None:
            if runner.state is not self._source:
                state = self._source = runner.state
                self._know(Knowledge(state.graph, state.weights, Origin.TRAINED, state.seed, state.epoch, state.step))
        else:
            know, self._source = self._knowledge, None
            seed = project.training.seed
            if know is None or know.origin is not Origin.UNTRAINED or know.seed != seed or self.differs:
                self._know(Knowledge(project.graph, None, Origin.UNTRAINED, seed))
        if self._owed and not self.preparing:
            self._look()  # what was asked while a run was prepared that may never have begun
        self.changed.emit()

    def _know(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._look()

    def _schedule(self) -> None:
        """Ask the run again as soon as that costs it little enough."""
        if not self._next.isActive():
            wait = self._asked_at + self._pause - time.monotonic()
            self._next.start(round(1000 * max(wait, 0.0)))

    def _probe(self) -> None:
        paused = self._runner.status is RunStatus.PAUSED and self._is_current
        if self._watching and self._runner.is_active and not paused and self._runner.request_probe():
            self._asked_at = time.monotonic()
            self.probes += 1

    @property
    def _is_current(self) -> bool:
        """Whether a run that waits has nothing newer than what was seen."""
        know = self._knowledge
        return know is not None and know.origin is Origin.RUNNING and know.step == self._runner.run_log.progress.step

    def _probed(self, probe: Probe) -> None:
        if self._watching:
            self._know(Knowledge(probe.graph, probe.weights, Origin.RUNNING, 0, probe.epoch, probe.step, probe.seconds))
            self.changed.emit()

    # -- looking ----------------------------------------------------------------------------------

    def _look(self) -> None:
        self._owed = self.preparing
        if self._watching and self._knowledge is not None and self._wish is not None and not self._owed:
            self._looker.ask(self._knowledge, self._wish)
            if not self._collector.isActive():
                self._collector.start()
                self.changed.emit()

    def _collect(self) -> None:
        done = not self._looker.busy
        answers = self._looker.take()
        if done:
            self._collector.stop()
        if not answers:
            return
        look = answers[-1]
        self.looks += 1
        if look.knowledge.origin is Origin.RUNNING and self._runner.is_active:
            self._pause = max(PERIOD, (look.knowledge.seconds + look.seconds) / SHARE)
            self._schedule()
        self.looked.emit(look)


def same_network(one: Graph, other: Graph) -> bool:
    """Whether two graphs compute the same: places and labels do not count."""
    if one is other:
        return True
    layers = {key: node.layer for key, node in one.nodes.items()}
    return layers == {key: node.layer for key, node in other.nodes.items()} and set(one.edges) == set(other.edges)
