"""Advice about the numbers that enter a network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.advice.walk import advice
from engine.catalogue.layers.base import Layer
from engine.catalogue.sources.base import Dataset
from engine.check import input_fields
from engine.component import registry
from engine.data.split import split
from engine.errors import Remedy
from engine.graph import Graph
from engine.infer import Inference, apply_remedy, fix_of
from engine.problems import Fix, Problem
from engine.project import Project

#: Numbers beyond this are far from what layers expect at first.
FAR = 20.0
#: Layers after which the size of the data no longer counts.
SCALING = frozenset({"Rescaling", "Normalization", "Expression"})
BYTE = 255.0


def advise_data(project: Project, shapes: Inference, dataset: Dataset | None) -> Iterator[Problem]:
    """Advice about every Input whose numbers are large and reach a layer that learns as they are."""
    if dataset is None:
        return
    for key, name in input_fields(project, dataset):
        if name not in dataset.inputs or key in shapes.indexes:
            continue
        field = dataset.inputs[name]
        low, high = field.extent
        if max(-low, high) <= FAR or not _arrives(project.graph, shapes, key):
            continue
        fix, what = _scaling(project, key, name, dataset)
        yield advice(
            f"The numbers that enter at '{project.graph.nodes[key].name}' run from {low:g} to {high:g} and reach the "
            f"layers as they are. Steps that suit some weights are far too large for others then, and learning is "
            f"slow or blows up. {what}",
            key,
            fix,
        )


def _arrives(graph: Graph, shapes: Inference, key: str) -> bool:
    """Whether what enters reaches weights before anything scales it."""
    todo, seen = [key], {key}
    while todo:
        for edge in graph.out_of(todo.pop()):
            layer = graph.nodes[edge.target].layer
            if edge.target in seen or layer.key in SCALING or layer.category == "Normalization":
                continue
            if shapes.weights.get(edge.target):
                return True
            seen.add(edge.target)
            todo.append(edge.target)
    return False


def _scaling(project: Project, key: str, name: str, dataset: Dataset) -> tuple[Fix | None, str]:
    """What brings the numbers near 1: columns each by its own mean, pictures and signals all alike."""
    field = dataset.inputs[name]
    low, high = field.extent
    if len(field.spec.shape) == 1:
        what = "Insert a Normalization, which gives every column mean 0 and deviation 1."
        return Fix("Insert Normalization", lambda graph: _normalized(graph, key, name, project, dataset)), what
    byte = low >= 0 and high <= BYTE
    most = BYTE if byte else max(-low, high)
    words = "1/255" if byte else f"{1 / most:.3g}"
    remedy = Remedy(f"Insert Rescaling by {words}", "Rescaling", (("scale", 1 / most),), after=True)
    return fix_of(key, remedy), f"Insert a Rescaling by {words}."


def _normalized(graph: Graph, key: str, name: str, project: Project, dataset: Dataset) -> Graph:
    """With a Normalization behind an Input, fitted to what is learnt from: the rest must stay unknown."""
    kind = registry("layer").get("Normalization")
    grown = apply_remedy(graph, key, Remedy("", kind.key, after=True))
    added = next((node for node in grown.nodes if node not in graph.nodes), None)
    if added is None:
        return graph
    layer: Any = grown.nodes[added].layer
    fitted: Layer = layer.fitted_to(split(dataset, project.split).inputs[name])
    return grown.with_layer(added, fitted)
