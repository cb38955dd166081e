"""Tells the document what was learnt, so that layers without it can say so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from designer.model.document import Document
from designer.model.untrained import Shapes, shapes_of_arrays, shapes_of_specs, untrained
from designer.text import tr
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.infer import infer

#: Layers that a sentence names.
MOST = 4


class Learnt(QObject):
    """Follows a runner; while a run is under way, what its own network holds counts as learnt.

    Args:
        document: what is told.
        runner: who knows.
        parent: whose child this is.

    Attributes:
        went_on: a run goes on from an earlier one; emitted with the ids of its layers that begin with fresh weights.
    """

    went_on = Signal(object)

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._runner = runner
        self._source: object = None
        runner.status_changed.connect(self.refresh)
        runner.frame.connect(self.refresh)

    def refresh(self, status: object = None) -> None:
        """Look whether something else is known now; costs nothing when not."""
        runner = self._runner
        if status is RunStatus.LOADING and runner.project is self._document.project and runner.state is not None:
            self.went_on.emit(tuple(key for key in self._document.project.graph.nodes if key in self._fresh()))
        source = runner.project if runner.is_active and runner.project is not None else runner.state
        if source is not self._source:
            self._source = source
            self._document.set_learnt(self._shapes())

    def _fresh(self) -> frozenset[str]:
        # The document may not have been told yet of a state that was restored this very moment.
        state = self._runner.state
        learnt = shapes_of_arrays(state.weights) if state is not None else None
        return untrained(shapes_of_specs(self._document.inference.weights), learnt)

    def _shapes(self) -> Shapes | None:
        runner = self._runner
        if runner.is_active and runner.project is not None:
            return shapes_of_specs(infer(runner.project.graph).weights)
        return shapes_of_arrays(runner.state.weights) if runner.state is not None else None


def fresh_words(names: Sequence[str]) -> str:
    """What to say when a run goes on and some layers begin with fresh weights."""
    shown = ", ".join(f"'{name}'" for name in names[:MOST])
    if len(names) > MOST:
        shown = tr("{names} and {count} more", names=shown, count=len(names) - MOST)
    return tr("Training goes on with what was learnt; these layers begin with fresh weights: {names}.", names=shown)
