"""Small projects that tests train."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import registry
from engine.data.split import Parts
from engine.graph import Edge, Graph, Node
from engine.project import Project, TrainConfig
from engine.train.control import Control
from engine.train.events import Event
from engine.train.state import RunState
from engine.train.trainer import Trainer


def chain(*layers: tuple[str, dict[str, Any]]) -> Graph:
    """A graph of layers one after the other."""
    graph, before = Graph(), ""
    for name, arguments in layers:
        layer: Any = registry.layers.get(name)(**arguments)
        node = Node(graph.fresh_id(layer), layer)
        graph = graph.add(node)
        if before:
            graph = graph.connect(Edge(before, node.id))
        before = node.id
    return graph


def mixed() -> Graph:
    """Dense, BatchNormalization, Dropout: everything that has memory or chance."""
    return chain(
        ("Input", {"shape": (6,)}),
        ("Dense", {"units": 16, "activation": "tanh", "kernel_regularizer": "L2"}),
        ("BatchNormalization", {}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )


def parts(samples: int = 97, features: int = 6, classes: int = 3, held: int = 20) -> Parts:
    """Random blobs, one per class."""
    random = np.random.default_rng(3)
    labels = random.integers(0, classes, samples + held)
    centres = random.standard_normal((classes, features)) * 2
    values = (centres[labels] + random.standard_normal((samples + held, features))).astype("float32")
    return Parts({"x": values[:samples]}, {"y": labels[:samples]}, {"x": values[samples:]}, {"y": labels[samples:]}, {})


def project(graph: Graph | None = None, **settings: Any) -> Project:
    """A project with small settings."""
    defaults: dict[str, Any] = {"epochs": 3, "batch_size": 16, "seed": 5}
    return Project(graph if graph is not None else mixed(), TrainConfig(**(defaults | settings)))


def run(trainer: Trainer, control: Control | None = None) -> list[Event]:
    """All events of a run."""
    return list(trainer.run(control or Control()))


def bits(state: RunState) -> dict[str, bytes]:
    """Everything of a state that must be equal bit by bit."""
    found = {f"{n}/{k}": v.tobytes() for n, group in state.weights.items() for k, v in group.items()}
    for slot, nodes in state.slots.items():
        found |= {f"{slot}/{n}/{k}": v.tobytes() for n, group in nodes.items() for k, v in group.items()}
    found["history"] = state.history.steps.tobytes() + repr(state.history.epochs).encode()
    return found
