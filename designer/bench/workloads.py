"""What is trained while the window is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.bench.engine_side import network
from engine.bench.workloads import WORKLOADS, samples
from engine.catalogue.sources.base import Dataset
from engine.graph import Edge, Graph, Node
from engine.project import Project, TrainConfig
from engine.registry import layers, sources
from engine.templates import TEMPLATES

#: Epochs that no measurement reaches the end of.
ENDLESS = 1_000_000
#: Nodes on the canvas while they are dragged, and how many of them stand in a row.
NODES, ACROSS = 200, 20
STEP_X, STEP_Y = 260.0, 130.0


@dataclass(frozen=True)
class Load:
    """A project with its data."""

    project: Project
    dataset: Dataset


def load(name: str, folder: Path) -> Load:
    """The template with convolutions (``cnn``), or 2-8-8-2 on two rings with batches of 10 (``tiny``).

    Args:
        name: which one.
        folder: where data may be put down.
    """
    if name == "cnn":
        project = TEMPLATES["digits-convolution"].make()
    else:
        inputs, labels = samples("tiny")
        np.savez(folder / "rings.npz", x=inputs, y=labels)
        source = sources.get("NpzFile")(path=str(folder / "rings.npz"))
        project = Project(network("tiny"), TrainConfig(batch_size=WORKLOADS["tiny"].batch), source)  # type: ignore[arg-type]
    project = replace(project, training=replace(project.training, epochs=ENDLESS))
    assert project.source is not None
    return Load(project, project.source.load(None))


def crowd() -> Graph:
    """Many small layers in one long chain, laid out in lines."""
    graph, before = Graph(), ""
    for place in range(NODES):
        kind, values = ("Input", {"shape": (8,)}) if place == 0 else ("Dense", {"units": 8})
        layer = layers.get(kind)(**values)
        where = (STEP_X * (place % ACROSS), STEP_Y * (place // ACROSS))
        node = Node(graph.fresh_id(layer), layer, where)  # type: ignore[arg-type]
        graph = graph.add(node)
        if before:
            graph = graph.connect(Edge(before, node.id))
        before = node.id
    return graph
