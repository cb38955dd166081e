"""Small projects that tests train."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np

from engine import registry
from engine.data.split import Parts
from engine.graph import Edge, Graph, Node
from engine.project import Project, TrainConfig
from engine.train.control import Control
from engine.train.events import Event, Finished, Paused
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
    """Everything of a state that must be equal bit by bit: all but the clock."""
    found = {f"{n}/{k}": v.tobytes() for n, group in state.weights.items() for k, v in group.items()}
    for slot, nodes in state.slots.items():
        found |= {f"{slot}/{n}/{k}": v.tobytes() for n, group in nodes.items() for k, v in group.items()}
    found |= {f"carried {n}/{k}": v.tobytes() for n, group in state.carried.items() for k, v in group.items()}
    history = state.history
    arrays = (history.steps, history.axes[:, 0], history.ends[:, :2])
    found["history"] = b"".join(array.tobytes() for array in arrays)
    found["figures"] = repr((history.metrics, history.epochs, history.running)).encode()
    counts = (state.seed, state.epoch, state.batch, state.step, state.iterations, state.optimizer, state.sums)
    found["counts"] = repr(counts).encode()
    return found


def digest(state: RunState) -> str:
    """A short word for all the bits of a state."""
    found = bits(state)
    return sha256(b"".join(name.encode() + b"=" + found[name] + b";" for name in sorted(found))).hexdigest()


def halted(trainer: Trainer, at: Callable[[Event], bool], by_pause: bool = False) -> RunState:
    """The state of a run that is told to stop (perhaps out of a pause) at the first event that fits."""
    control, last = Control(), None
    for event in trainer.run(control):
        last = event
        if isinstance(event, Paused):
            control.stop()
        elif at(event) and not control.attention:
            if by_pause:
                control.pause()
            else:
                control.stop()
    assert isinstance(last, Finished), last
    return last.state
