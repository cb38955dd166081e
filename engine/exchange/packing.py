"""Packs a project, as it was trained, with a few of its real samples."""

from __future__ import annotations

from engine.catalogue.sources.base import Dataset
from engine.data.split import split
from engine.errors import LayerloomError
from engine.exchange.parcel import Array, Parcel, pack
from engine.graph import Graph
from engine.project import Project
from engine.train.feeds import bound
from engine.train.state import Arrays

#: Samples on which an export is compared with the engine.
COMPARED = 32


def pack_project(name: str, project: Project, graph: Graph, weights: Arrays, dataset: Dataset | None) -> Parcel:
    """A parcel of a project's network.

    Args:
        name: of the project.
        project: whose settings go along.
        graph: the network the weights belong to.
        weights: what was learnt.
        dataset: the project's data, if they are at hand; without them samples are made up.

    Raises:
        UsageError: the network has faults.
    """
    samples: dict[str, Array] | None = None
    classes: tuple[str, ...] = ()
    if dataset is not None:
        samples = _samples(project, graph, dataset)
        classes = next((field.classes for field in dataset.targets.values() if field.classes), ())
    return pack(name, graph, weights, samples, classes, project.training.seed, project.training, project.targets)


def _samples(project: Project, graph: Graph, dataset: Dataset) -> dict[str, Array] | None:
    """The first rows that judge (or, without any, that train), by Input node; ``None`` where they do not fit."""
    try:
        parts = split(dataset, project.split)
        rows = parts.val_inputs if parts.validation_samples else parts.inputs
        return {
            key: values[:COMPARED].copy()
            for key, values in bound(graph.inputs, dict(project.inputs), rows, "input").items()
        }
    except LayerloomError:
        return None
