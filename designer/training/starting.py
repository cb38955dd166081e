"""Starting a run of the document's project, or saying what stands in the way."""

from __future__ import annotations

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from engine.problems import Problem
from engine.project import Project
from engine.train.state import RunState


def obstacle(document: Document) -> Problem | None:
    """What keeps training from starting; the worst problem first."""
    found = next((problem for problem in document.problems if problem.severity == "error"), None)
    if found is None and document.dataset is None:
        return Problem(tr("The data are not read yet. Look at the Data panel."))
    return found


def total_epochs(project: Project, state: RunState | None) -> int:
    """Epochs done in total at the end; a run that had all of the project's gets as many again."""
    wanted, done = project.training.epochs, state.epoch if state is not None else 0
    return wanted if done < wanted else done + wanted


def start(document: Document, runner: Runner) -> Problem | None:
    """Train the document's project, going on from where its last run ended.

    Returns:
        What stands in the way; ``None`` when training starts or a run is under way already.
    """
    problem = obstacle(document)
    if problem is None and document.dataset is not None:
        project = document.project
        runner.start(project, document.dataset, runner.state, total_epochs(project, runner.state))
    return problem
