"""Tells the document what was learnt, so that layers without it can say so."""

from __future__ import annotations

from PySide6.QtCore import QObject

from designer.model.document import Document
from designer.model.untrained import Shapes, shapes_of_arrays, shapes_of_specs
from designer.training.runner import Runner
from engine.infer import infer


class Learnt(QObject):
    """Follows a runner; while a run is under way, what its own network holds counts as learnt.

    Args:
        document: what is told.
        runner: who knows.
        parent: whose child this is.
    """

    def __init__(self, document: Document, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._runner = runner
        self._source: object = None
        runner.status_changed.connect(self.refresh)
        runner.frame.connect(self.refresh)

    def refresh(self, _status: object = None) -> None:
        """Look whether something else is known now; costs nothing when not."""
        runner = self._runner
        source = runner.project if runner.is_active and runner.project is not None else runner.state
        if source is not self._source:
            self._source = source
            self._document.set_learnt(self._shapes())

    def _shapes(self) -> Shapes | None:
        runner = self._runner
        if runner.is_active and runner.project is not None:
            return shapes_of_specs(infer(runner.project.graph).weights)
        return shapes_of_arrays(runner.state.weights) if runner.state is not None else None
