"""The project being edited: one value, one way to change it, one signal when it did."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from designer.model.diff import Diff, difference
from engine.catalogue.sources.base import Dataset
from engine.check import check
from engine.infer import Inference, infer
from engine.problems import Problem
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
        stack: the undo history; its ``cleanChanged`` signal drives the modified mark of the window,
            ``undoTextChanged`` and ``redoTextChanged`` the texts of the actions.
    """

    changed = Signal(object)

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(UNDO_LIMIT)
        self._project = project or Project()
        self._inference = infer(self._project.graph)
        self._dataset: Dataset | None = None
        self._problems: tuple[Problem, ...] | None = None
        self._merging: str | None = None

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
    def dataset(self) -> Dataset | None:
        """The loaded data of the project's source, or ``None`` while there are none."""
        return self._dataset

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
        # The undo stack merges only with the step before; whether it may is decided here.
        joined = merge if merge is not None and merge == self._merging else None
        self._merging = merge
        self.stack.push(EditCommand(self, text, self._project, project, merge, joined is not None))

    def undo(self) -> None:
        """Take the last step back."""
        self._merging = None
        self.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._merging = None
        self.stack.redo()

    def reset(self, project: Project) -> None:
        """Show another project (new or opened): no history, unmodified, no data loaded."""
        self._merging = None
        self._dataset = None
        self.stack.clear()
        before = self._project
        self._take(project)
        self.changed.emit(_everything(before, project))

    def mark_saved(self) -> None:
        """Remember that the project is on disk as it is now."""
        self._merging = None
        self.stack.setClean()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Say which data were loaded for the project's source; not an edit, so not undoable."""
        if dataset is self._dataset:
            return
        self._dataset = dataset
        self._problems = None
        self.changed.emit(Diff(dataset=True))

    def show(self, project: Project) -> None:
        """Make a project current and tell everybody; only the undo history calls this."""
        before = self._project
        self._take(project)
        lost_data = before.source != project.source and self._dataset is not None
        if lost_data:
            self._dataset = None
        found = difference(before, project)
        self.changed.emit(_with_dataset(found) if lost_data else found)

    def _take(self, project: Project) -> None:
        if project.graph is not self._project.graph:
            self._inference = infer(project.graph)
        self._project = project
        self._problems = None


def _with_dataset(diff: Diff) -> Diff:
    return Diff(**{**vars(diff), "dataset": True})


def _everything(before: Project, after: Project) -> Diff:
    found = difference(before, after)
    return Diff(**{**vars(found), "everything": True, "dataset": True})


class Shows(Protocol):
    """Whatever an edit is shown by."""

    def show(self, project: Project) -> None:
        """Make a project current."""


class EditCommand(QUndoCommand):
    """The one undo command: the project before and after.

    Projects are immutable and share what did not change, so keeping two of them is cheap and
    there is no inverse code that could be wrong.
    """

    #: Commands of one id may merge; Qt never asks for -1.
    ID = 1

    def __init__(
        self, document: Shows, text: str, before: Project, after: Project, merge: str | None, joins: bool
    ) -> None:
        super().__init__(text)
        self._document = document
        self._before = before
        self._after = after
        self._merge = merge
        self._joins = joins
        self._time = time.monotonic()

    def id(self) -> int:
        """Qt's question which commands may merge."""
        return self.ID if self._merge is not None else -1

    def redo(self) -> None:
        """Show the project after the edit."""
        self._document.show(self._after)

    def undo(self) -> None:
        """Show the project before the edit."""
        self._document.show(self._before)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a later edit in, when it has the same key and came soon."""
        if not isinstance(other, EditCommand) or not other._joins or other._merge != self._merge:
            return False
        if other._time - self._time > MERGE_SECONDS:
            return False
        self._after = other._after
        self._time = other._time
        # A spin box that was turned up and down again leaves no step behind.
        self.setObsolete(self._after == self._before)
        return True
