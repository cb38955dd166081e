"""Every metric through the whole of training: against the network's own answers, over shards and threads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import Sequential, losses, metrics, registry
from engine.component import resolved
from engine.data.split import Parts
from engine.errors import ShapeError
from engine.graph import Edge, Node
from engine.layers import Dense, Input
from engine.project import OutputTarget, Project
from engine.tensor_spec import TensorSpec
from engine.train.control import Control
from engine.train.events import EpochEnd, Event
from engine.train.trainer import Trainer
from tests.engine.train.networks import chain, parts, project, run

CLASSES = 5


def serving(sparse: bool) -> list[Any]:
    """Every metric that can judge such targets, some of them with settings of their own."""
    more = [
        metrics.Precision(class_id=2),
        metrics.F1Score("macro"),
        metrics.AUC(multi_label=True),
        metrics.AUC(curve="PR"),
    ]
    found = []
    for metric in [cls() for cls in registry.metrics] + more:
        try:
            metric.for_output(TensorSpec((CLASSES,)), sparse)
        except ShapeError:
            continue
        found.append(metric)
    return found


@pytest.mark.parametrize("sparse", [True, False])
def test_figures_are_those_of_the_network_s_answers(sparse: bool) -> None:
    random = np.random.default_rng(0)
    x, labels = random.normal(size=(203, 7)), random.integers(0, CLASSES, 203)
    targets = labels[:, None].astype(float) if sparse else np.eye(CLASSES)[labels]
    model = Sequential([Input(shape=(7,)), Dense(CLASSES, activation="softmax")], dtype="float64")
    watched = serving(sparse)
    loss = "sparse_categorical_crossentropy" if sparse else "categorical_crossentropy"
    model.compile(optimizer="sgd", loss=loss, metrics=watched)
    history = model.fit(x, targets, batch_size=32, epochs=1, verbose=0).history

    _, *found = model.evaluate(x, targets, batch_size=32, verbose=0)

    answers = np.asarray(model.predict(x, verbose=0))
    made = [metric.for_output(TensorSpec((CLASSES,)), sparse) for metric in watched]
    wanted = np.concatenate([np.atleast_1d(metric.value(targets, answers)) for metric in made])
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    assert len(history) == 1 + len(found)


def last_logs(made: Project, threads: int) -> dict[str, float]:
    events: list[Event] = run(Trainer(made, parts(900), threads=threads), Control())
    return [event for event in events if isinstance(event, EpochEnd)][-1].logs


def test_threads_leave_every_bit_of_the_figures() -> None:
    wide = chain(
        ("Input", {"shape": (6,)}), ("Dense", {"units": 900, "activation": "relu"}),
        ("Dense", {"units": 900, "activation": "relu"}), ("Dense", {"units": 3, "activation": "softmax"}),
    )  # fmt: skip
    made = project(wide, epochs=1, batch_size=300, metrics=("auc", "f1_score", "precision", "recall", "accuracy"))

    one, four = (last_logs(made, threads) for threads in (1, 4))

    assert one == four
    assert {"auc", "f1_score_class_2", "val_recall"} <= set(one)


def test_a_metric_that_fits_nowhere_is_refused() -> None:
    with pytest.raises(ShapeError, match="class numbers"):
        Trainer(project(metrics=("accuracy", "mean_absolute_error")), parts())


def test_several_outputs_take_the_metrics_that_suit_them() -> None:
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 3, "activation": "softmax"}))
    amount = Node(graph.fresh_id(Dense(1).declaration), Dense(1).declaration)
    graph = graph.add(amount).connect(Edge(graph.inputs[0], amount.id))
    first = next(key for key in graph.outputs if key != amount.id)
    made = replace(
        project(graph, metrics=("sparse_categorical_accuracy", "mean_absolute_error"), epochs=1),
        targets=(OutputTarget(first, field="y"), OutputTarget(amount.id, field="size", loss=losses.Huber())),
    )
    data = parts()
    size, held = data.inputs["x"][:, :1], data.val_inputs["x"][:, :1]
    data = replace(data, targets=data.targets | {"size": size}, val_targets=data.val_targets | {"size": held})

    assert figures_of(made, data) == {
        f"{first}_loss", f"{first}_sparse_categorical_accuracy", f"{amount.id}_loss",
        f"{amount.id}_mean_absolute_error",
    }  # fmt: skip
    top: Any = (resolved("metric", "sparse_top_k_categorical_accuracy"),)
    mae: Any = (resolved("metric", "mean_absolute_error"),)
    own = (replace(made.targets[0], metrics=top), replace(made.targets[1], metrics=(), weighted_metrics=mae))
    assert figures_of(replace(made, targets=own), data) == {
        f"{first}_loss", f"{first}_sparse_top_k_categorical_accuracy", f"{amount.id}_loss",
        f"{amount.id}_mean_absolute_error",
    }, "metrics of their own in place of the common ones"  # fmt: skip
    with pytest.raises(ShapeError, match="class numbers"):
        Trainer(replace(made, targets=(replace(own[0], metrics=mae), own[1])), data)


def figures_of(made: Project, data: Parts) -> set[str]:
    """Names of the figures of a run, without ``loss``."""
    events = run(Trainer(made, data, threads=1), Control())
    logs = next(event.logs for event in events if isinstance(event, EpochEnd))
    return {name.removeprefix("val_") for name in logs} - {"loss"}
