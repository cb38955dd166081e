"""Projects and run states to save, built by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.graph import Graph
from engine.infer import infer
from engine.project import OutputTarget, Project, Split, TrainConfig
from engine.registry import losses, metrics, sources
from engine.sketch import Bookmark, Note, Sketch
from engine.templates import chain
from engine.train.state import RunHistory, RunState


def small_graph(units: int = 7) -> Graph:
    """Four layers in a row."""
    return chain(
        ("Input", {"shape": (4, 3)}),
        ("Flatten", {}),
        ("Dense", {"units": units, "activation": "relu"}),
        ("Dense", {"units": 2, "activation": "softmax"}),
    )


def state_of(graph: Graph, seed: int = 0, dtype: str = "float32", step: int = 12) -> RunState:
    """A state as a trainer leaves it, full of random numbers."""
    random = np.random.default_rng(seed)
    specs = {key: group for key, group in infer(graph).weights.items() if group}

    def arrays() -> dict[str, dict[str, Any]]:
        return {
            key: {s.name: random.standard_normal(s.shape).astype(dtype) for s in group} for key, group in specs.items()
        }

    history = RunHistory(
        np.column_stack([np.arange(1.0, step + 1), random.standard_normal((step, 2))]),
        ({"loss": 1.5, "accuracy": 0.25}, {"loss": 0.5, "accuracy": 0.75, "val_loss": float("nan")}),
        ("accuracy",),
        np.column_stack([np.arange(step) / 5, np.arange(step) * 0.25]),
        np.array([[1.0, 5.0, 1.25], [2.0, 10.0, float("nan")]]),
        {"loss": 0.4, "accuracy": 0.8},
    )
    return RunState(graph, arrays(), {"m": arrays(), "v": arrays()}, "Adam", seed, 2, 3, step, (0.125, 7.0), history)


def full_project() -> Project:
    """A project with something in every place."""
    graph = small_graph().labelled("dense", "Neurons “one” & ünïcode <b>").moved(["dense"], (12.5, -3.0))
    loss, metric = losses.get("mean_squared_error")(), metrics.get("mean_absolute_error")()
    notes = (
        Note("note_1", "Why?\n<b>Because</b> …", (3.5, -8.0)),
        Note("area", "", (0.0, 0.0), (600.0, 90.5), "blue", True),
    )
    return Project(
        graph,
        TrainConfig(epochs=3, optimizer={"type": "Adam", "learning_rate": 0.01}, metrics=("accuracy",), seed=5),  # type: ignore[arg-type]
        sources.get("Mnist")(),  # type: ignore[arg-type]
        Split(validation=0.1),
        (("input", "image"),),
        (OutputTarget("dense_1", "label", loss, 2.0, (metric,), ()),),  # type: ignore[arg-type]
        Sketch(notes, (Bookmark("The end", (40.0, 900.0), 1.5),), frozenset({"block", "ünï/inner"})),
    )


def assert_same_state(found: RunState, wanted: RunState) -> None:
    """Compare two states bit for bit."""
    assert found.graph == wanted.graph
    assert_same_arrays(found.weights, wanted.weights)
    assert set(found.slots) == set(wanted.slots)
    for name in wanted.slots:
        assert_same_arrays(found.slots[name], wanted.slots[name])
    for name in ("optimizer", "seed", "epoch", "batch", "step", "sums"):
        assert getattr(found, name) == getattr(wanted, name), name
    for name in ("steps", "axes", "ends"):
        np.testing.assert_array_equal(getattr(found.history, name), getattr(wanted.history, name), err_msg=name)
    for name in ("metrics", "epochs", "running"):  # as texts, for NaN is not equal to itself
        assert repr(getattr(found.history, name)) == repr(getattr(wanted.history, name))


def assert_same_arrays(found: Any, wanted: Any) -> None:
    """Compare arrays by node and name."""
    assert {key: set(group) for key, group in found.items()} == {key: set(group) for key, group in wanted.items()}
    for key, group in wanted.items():
        for name, values in group.items():
            assert found[key][name].dtype == values.dtype
            assert found[key][name].tobytes() == values.tobytes()
