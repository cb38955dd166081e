"""The project being edited: one value, one way to change it, one signal when it did."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from designer.model.diff import Diff, difference
from designer.model.untrained import Shapes, shapes_of_specs, untrained
from designer.text import tr
from engine.advice.advise import advise
from engine.catalogue.sources.base import Dataset
from engine.check import check
from engine.data.split import counts
from engine.estimate.cost import Estimate, estimate
from engine.estimate.rates import Rates
from engine.graph import Graph
from engine.infer import Inference, infer
from engine.problems import Fix, Problem
from engine.project import Project

#: Two edits with one merge key stay two undo steps when more time than this lies between them.
MERGE_SECONDS = 1.0
#: Undo steps that are kept.
UNDO_LIMIT = 500


class Document(QObject):
    """The current project with its undo history.

    Everything that changes goes through :meth:`edit`; everything that shows something listens to
    ``changed`` and reads ``project``, ``inference`` and ``problems``.

    Attributes:
        changed: emitted with a :class:`designer.model.diff.Diff` once per edit, undo, redo, reset
            and loaded data set.
        mended: emitted when a remedy was carried out.
        stack: the undo history; its ``cleanChanged`` signal drives the modified mark of the window,
            ``undoTextChanged`` and ``redoTextChanged`` the texts of the actions.
    """

    changed = Signal(object)
    mended = Signal()

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(UNDO_LIMIT)
        self._project = project or Project()
        self._inference = infer(self._project.graph)
        self._dataset: Dataset | None = None
        self._problems: tuple[Problem, ...] | None = None
        self._advice: tuple[Problem, ...] | None = None
        self._rates: Rates | None = None
        self._estimate: Estimate | None = None
        self._learnt: Shapes | None = None
        self._untrained: frozenset[str] | None = None
        # One project for each place in the stack, the oldest first. Commands of the stack carry only their names:
        # projects are immutable and share what did not change, so keeping them is cheap, there is no inverse code
        # that could be wrong, and no Python object is owned by a C++ command.
        self._history = [self._project]
        self._merging: str | None = None
        self._merged_at = 0.0
        self.stack.indexChanged.connect(self._travel)

    @property
    def project(self) -> Project:
        """The current project."""
        return self._project

    @property
    def inference(self) -> Inference:
        """Shapes and weights of the current network."""
        return self._inference

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that stands between the project and its training, worst first; found when first asked for."""
        if self._problems is None:
            self._problems = check(self._project, self._dataset, self._inference)
        return self._problems

    @property
    def advice(self) -> tuple[Problem, ...]:
        """What would make the network learn better, never in the way of training; found when first asked for."""
        if self._advice is None:
            self._advice = tuple(advise(self._project, self._dataset, self._inference))
        return self._advice

    @property
    def estimate(self) -> Estimate:
        """What training will take on this machine; found when first asked for."""
        if self._estimate is None:
            project, dataset = self._project, self._dataset
            rows = counts(dataset, project.split) if dataset is not None else (0, 0)
            self._estimate = estimate(project.graph, self._inference, project.training, self._rates, *rows)
        return self._estimate

    @property
    def dataset(self) -> Dataset | None:
        """The loaded data of the project's source, or ``None`` while there are none."""
        return self._dataset

    @property
    def untrained(self) -> frozenset[str]:
        """Nodes whose weights do not come from the last run; none while nothing was trained."""
        if self._untrained is None:
            shapes = shapes_of_specs(self._inference.weights) if self._learnt is not None else {}
            self._untrained = untrained(shapes, self._learnt)
        return self._untrained

    @property
    def learnt(self) -> frozenset[str]:
        """Nodes whose weights are known from a run, whether they are still in the network or not."""
        return frozenset(self._learnt or ())

    @property
    def is_modified(self) -> bool:
        """Whether the project differs from what was saved or opened last."""
        return not self.stack.isClean()

    def edit(self, text: str, project: Project, merge: str | None = None) -> None:
        """Replace the project as one undo step.

        Args:
            text: what the step is called in the menu, such as "Move Dense".
            project: the new value; nothing happens when it equals the current one.
            merge: edits with the same key, closely one after another, become one step. Name what is
                edited, such as ``"dense_1.units"``.
        """
        if project == self._project:
            return
        now = time.monotonic()
        joins = merge is not None and merge == self._merging and now - self._merged_at <= MERGE_SECONDS
        if not joins or self.stack.isClean():
            del self._history[self._place + 1 :]
            self._history.append(project)
            self.stack.push(QUndoCommand(text))
        elif project == self._history[-2]:
            self._drop_last()
            merge = None  # the step that the next edit would join is gone; the one before it is another's
        else:
            self._history[-1] = project
            self._show(project)
        self._merging, self._merged_at = merge, now

    def undo(self) -> None:
        """Take the last step back."""
        self.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self.stack.redo()

    def reset(self, project: Project) -> None:
        """Show another project (new or opened): no history, unmodified, no data loaded."""
        found = difference(self._project, project)
        self._history = [project]
        self._dataset = None
        self._take(project, found)
        self._problems = self._advice = self._estimate = None
        self.stack.clear()
        self.stack.setClean()  # an empty stack that counts as changed stays so when it is cleared
        self._merging = None
        self.changed.emit(replace(found, everything=True, dataset=True))

    def mark_saved(self, project: Project | None = None) -> None:
        """Remember that the project is on disk.

        Args:
            project: what was written; the current project when ``None``. When the project was edited while it was
                written, the document stays modified, also after the edits are undone beyond what was written.
        """
        if project is None or project is self._project:
            self.stack.setClean()
        elif not self._clean_is(project):
            self.stack.resetClean()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Say which data were loaded for the project's source; not an edit, so not undoable."""
        if dataset is self._dataset:
            return
        self._dataset = dataset
        self._problems = self._advice = self._estimate = None
        self.changed.emit(Diff(dataset=True))

    def set_rates(self, rates: Rates) -> None:
        """Say how fast this machine is; not an edit, so not undoable."""
        if rates == self._rates:
            return
        self._rates, self._estimate = rates, None
        self.changed.emit(Diff(rates=True))

    def begun_anew(self, graph: Graph, node: str) -> tuple[Graph, str]:
        """A graph with a new node under an id that no trained node has, so that it inherits nobody's weights.

        Returns:
            The graph and the node's id.
        """
        learnt = self.learnt
        if node not in learnt:
            return graph, node
        key = graph.fresh_id(graph.nodes[node].layer, learnt)
        return graph.renamed(node, key), key

    def mend(self, fix: Fix) -> None:
        """Carry out a remedy as one undo step; layers that it adds inherit nobody's weights.

        Raises:
            LayerloomError: the network has become another one, to which the remedy does not apply.
        """
        before = self._project.graph
        graph = fix.apply(before)
        for key in [key for key in graph.nodes if key not in before.nodes]:
            graph, _ = self.begun_anew(graph, key)
        self.edit(tr(fix.label), self._project.with_graph(graph))
        self.mended.emit()

    def set_learnt(self, shapes: Shapes | None) -> None:
        """Say which weights are known from a run; not an edit, so not undoable."""
        if shapes == self._learnt:
            return
        before, self._learnt, self._untrained = self.untrained, shapes, None
        if self.untrained != before:
            self.changed.emit(Diff(learnt=True))

    @property
    def _place(self) -> int:
        # The stack forgets its oldest steps beyond its limit; they are counted from its end, so they do no harm here.
        return self.stack.index() + len(self._history) - 1 - self.stack.count()

    def _travel(self, _index: int) -> None:
        """Show the project at the place in the history where the stack now stands."""
        self._merging = None
        del self._history[: len(self._history) - 1 - self.stack.count()]
        self._show(self._history[self._place])

    def _drop_last(self) -> None:
        """Leave no step behind of a spin box that was turned up and down again."""
        del self._history[-1]
        self.stack.command(self.stack.index() - 1).setObsolete(True)  # the stack drops obsolete steps
        self.stack.undo()

    def _clean_is(self, project: Project) -> bool:
        """Whether the clean place of the history holds this project."""
        clean = self.stack.cleanIndex()
        return clean >= 0 and self._history[clean + len(self._history) - 1 - self.stack.count()] is project

    def _show(self, project: Project) -> None:
        before = self._project
        if project is before:
            return
        found = difference(before, project)
        self._take(project, found)
        if found.source and self._dataset is not None:
            self._dataset = self._advice = self._estimate = None
            found = replace(found, dataset=True)
        self.changed.emit(found)

    def _take(self, project: Project, found: Diff) -> None:
        self._project = project
        if found.only_placed:
            return  # shapes, problems and costs do not depend on where layers stand
        if found.structure or found.changed:
            self._inference = infer(project.graph, self._inference)
            self._untrained = None
        self._problems = self._advice = self._estimate = None
