"""What is trained while the window is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
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
#: Nodes on the canvas while they are dragged, in a small and a large network, and how many of them stand in a row.
NODES, MANY, ACROSS = 200, 1000, 20
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


def crowd(count: int = NODES) -> Graph:
    """Many small layers in one long chain, laid out in lines."""
    nodes: dict[str, Node] = {}
    entrance, dense = layers.get("Input")(shape=(8,)), layers.get("Dense")(units=8)
    for place in range(count):
        where = (STEP_X * (place % ACROSS), STEP_Y * (place // ACROSS))
        key = f"dense_{place}" if place else "input"
        nodes[key] = Node(key, dense if place else entrance, where)  # type: ignore[arg-type]
    return Graph(nodes, tuple(Edge(before, after) for before, after in pairwise(nodes)))
