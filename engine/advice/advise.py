"""All advice about a project, in the order in which data flow."""

from __future__ import annotations

from engine.advice.answers import advise_answers
from engine.advice.data import advise_data
from engine.advice.structure import advise_structure
from engine.catalogue.sources.base import Dataset
from engine.infer import Inference, infer
from engine.problems import Problem
from engine.project import Project


def advise(project: Project, dataset: Dataset | None = None, inference: Inference | None = None) -> list[Problem]:
    """What probably keeps a network from learning well although it can be trained.

    Args:
        project: what is looked at.
        dataset: its data, once they are loaded; some advice depends on them.
        inference: the shapes of its network, where they are known already.

    Returns:
        Problems of severity ``advice``, each with a reason and, where an edit of the graph mends it, a fix.
    """
    shapes = inference or infer(project.graph)
    found = [*advise_data(project, shapes, dataset), *advise_structure(project, shapes, dataset)]
    found += advise_answers(project, shapes, dataset)
    place = {key: number for number, key in enumerate(project.graph.order)}
    return sorted(found, key=lambda problem: place.get(problem.node or "", -1))
