"""Layers of imported models by their own names, which scripts ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.graph import Graph
from engine.project import Project
from engine.train.state import RunState


def names_of(graph: Graph) -> dict[str, str]:
    """A name for every node: what the file calls it, unless another node is called so."""
    found: dict[str, str] = {}
    for key, node in graph.nodes.items():
        taken = node.name in found.values() or (node.name != key and node.name in graph.nodes)
        found[key] = key if taken else node.name
    return found


def renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The same graph with other ids."""
    for key, name in names.items():
        if key != name:
            graph = graph.renamed(key, name).labelled(name, "")
    return graph


def by_names(project: Project, state: RunState) -> tuple[Project, RunState]:
    """An imported project whose nodes have the names of the file's layers for ids."""
    names = names_of(state.graph)
    graph = renamed(state.graph, names)
    weights = {names[key]: arrays for key, arrays in state.weights.items()}
    targets = tuple(replace(t, node=names.get(t.node, t.node)) for t in project.targets)
    return replace(project, graph=graph, targets=targets), replace(state, graph=graph, weights=weights)
