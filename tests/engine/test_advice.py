"""Advice: it appears where it belongs, its fix removes it, and what we ship needs none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from engine.advice.advise import advise
from engine.advice.walk import removing_fix
from engine.catalogue.sources.base import Dataset, Field
from engine.catalogue.sources.mnist import Mnist
from engine.data.split import split
from engine.graph import Edge, Graph, Node
from engine.healing import healed
from engine.infer import infer
from engine.project import Project
from engine.registry import layers
from engine.templates import TEMPLATES, chain

Step = tuple[str, dict[str, Any]]


def dense(units: int, activation: str = "linear") -> Step:
    return "Dense", {"units": units, "activation": activation}


def rows(*shape: int, low: float = 0.0, high: float = 1.0) -> Field:
    """Twelve samples of a shape between two numbers."""
    values = np.linspace(low, high, 12 * int(np.prod(shape, dtype=int))).reshape(12, *shape)
    return Field(values.astype(np.float32))


def labels(classes: int) -> Field:
    return Field(np.arange(12) % classes, tuple(str(n) for n in range(classes)))


@dataclass(frozen=True)
class Case:
    """A network with one piece of advice.

    Attributes:
        steps: its layers.
        said: a part of the advice.
        node: the layer it is about.
        fix: the text of its button; empty where nothing is offered.
        loss: a loss other than the usual one.
        target: what judges; ten classes unless given.
        entering: what enters; numbers from 0 to 1 unless given.
    """

    steps: tuple[Step, ...]
    said: str
    node: str
    fix: str = ""
    loss: Any = "sparse_categorical_crossentropy"
    target: Field = field(default_factory=lambda: labels(10))
    entering: Field | None = None

    def project(self) -> Project:
        graph = chain(*self.steps)
        made = Project(graph, source=Mnist())
        return made.with_training(made.training.changed(loss=self.loss, metrics=()))

    def dataset(self) -> Dataset:
        shape = self.steps[0][1]["shape"]
        return Dataset({"x": self.entering or rows(*shape)}, {"y": self.target})


ROW: Step = ("Input", {"shape": (20,)})
IMAGE: Step = ("Input", {"shape": (64, 64, 3)})
CONV: Step = ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "activation": "relu"})
LINES: Step = ("Conv2D", {"filters": 16, "kernel_size": (3, 3)})
FROM_LOGITS = {"type": "sparse_categorical_crossentropy", "from_logits": True}
ANSWER = dense(10, "softmax")
REPLACED: Step = ("BatchNormalization", {})

CASES: dict[str, Case] = {
    "plain scores": Case(
        (ROW, dense(30, "relu"), dense(10)), "answers with plain scores", "dense_1", "Set activation to softmax"
    ),
    "sigmoid for one of several": Case(
        (ROW, dense(10, "sigmoid")), "of which exactly one class is right", "dense", "Set activation to softmax"
    ),
    "softmax twice": Case(
        (ROW, ANSWER), "Done twice, differences all but vanish", "dense", "Set activation to linear", loss=FROM_LOGITS
    ),
    "a softmax layer before logits": Case(
        (ROW, dense(10), ("Softmax", {})), "Done twice", "softmax", "Remove softmax", loss=FROM_LOGITS
    ),
    "softmax of one": Case(
        (ROW, dense(1, "softmax")), "always 1", "dense", "Set activation to sigmoid",
        loss="binary_crossentropy", target=labels(2),
    ),
    "competing classes": Case(
        (ROW, ANSWER), "lets the classes compete", "dense", loss="binary_crossentropy"
    ),
    "a number instead of a share": Case(
        (ROW, dense(1, "tanh")), "compares numbers from 0 to 1", "dense", "Set activation to sigmoid",
        loss="binary_crossentropy", target=labels(2),
    ),
    "softmax with squares": Case((ROW, ANSWER), "hardly corrects answers", "dense", loss="mean_squared_error"),
    "prices through sigmoid": Case(
        (ROW, dense(1, "sigmoid")), "the targets run from 5 to 50", "dense", "Set activation to linear",
        loss="mean_squared_error", target=rows(1, low=5, high=50),
    ),
    "losses below zero through relu": Case(
        (ROW, dense(1, "relu")), "not below 0 (relu)", "dense", "Set activation to linear",
        loss="mean_absolute_error", target=rows(1, low=-2, high=2),
    ),
    "dropout of the answer": Case(
        (ROW, ANSWER, ("Dropout", {"rate": 0.2})), "disturbs the answer itself", "dropout", "Remove dropout"
    ),
    "noise before a closing softmax": Case(
        (ROW, dense(10), ("GaussianNoise", {"stddev": 0.1}), ("Activation", {"activation": "softmax"})),
        "disturbs the answer itself", "gaussian_noise", "Remove gaussian_noise",
    ),
    "normalized probabilities": Case(
        (ROW, ("Dense", {"units": 12, "activation": "softmax"}), REPLACED, ANSWER),
        "no longer add up to 1", "batch_normalization", "Remove batch_normalization",
    ),
    "two that are one": Case(
        (ROW, dense(16), ("Dropout", {"rate": 0.5}), ANSWER), "can do no more than one", "dense",
        "Set activation to relu",
    ),
    "two convolutions that are one": Case(
        (IMAGE, LINES, ("AveragePooling2D", {}), CONV, ("GlobalAveragePooling2D", {}), ANSWER),
        "two linear layers in a row can do no more than one", "conv2d", "Set activation to relu",
    ),
    "a convolution and the answer": Case(
        (IMAGE, LINES, ("GlobalAveragePooling2D", {}), ANSWER), "leads to 'dense'", "conv2d", "Set activation to relu"
    ),
    "too narrow": Case(
        (ROW, dense(4, "relu"), ANSWER), "leaves 4 numbers of each sample", "dense", "Set units to 10"
    ),
    "a giant of features": Case(
        (IMAGE, CONV, ("Flatten", {}), dense(256, "relu"), ANSWER), "31,490,304 of the network's", "dense",
        "Insert GlobalAveragePooling2D",
    ),
    "a giant of pixels": Case(
        (IMAGE, ("Flatten", {}), dense(500, "relu"), ANSWER), "hands it all 12,288 values of 64 × 64 × 3", "dense",
        "Set units to 256",
    ),
    "bytes": Case(
        (IMAGE, ("Flatten", {}), ANSWER), "run from 0 to 255", "input", "Insert Rescaling by 1/255",
        entering=rows(64, 64, 3, high=255),
    ),
    "a signal far out": Case(
        (("Input", {"shape": (8, 2)}), ("Flatten", {}), ANSWER), "run from -800 to 100", "input",
        "Insert Rescaling by 0.00125", entering=rows(8, 2, low=-800, high=100),
    ),
    "columns": Case(
        (ROW, dense(10, "softmax")), "run from 1 to 711", "input", "Insert Normalization",
        entering=rows(20, low=1, high=711),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_advice_appears_and_its_fix_removes_it(name: str) -> None:
    case = CASES[name]
    project, data = case.project(), case.dataset()

    (found,) = advise(project, data)

    assert case.said in found.text
    assert (found.node, found.severity) == (case.node, "advice")
    assert (found.fix.label if found.fix else "") == case.fix
    if found.fix is not None:
        mended = project.with_graph(found.fix.apply(project.graph))
        assert advise(mended, data) == []
        assert not infer(mended.graph).errors
        assert found.fix.apply(Graph()) == Graph()


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_shipped_needs_no_advice(name: str) -> None:
    project = TEMPLATES[name].make()
    data = project.source.load(None) if project.source is not None else None

    assert advise(project, data) == []


@pytest.mark.parametrize(
    "steps",
    [
        (ROW, dense(30, "relu"), ("Dropout", {"rate": 0.5}), ANSWER),
        (ROW, dense(12), dense(30, "relu"), ANSWER),
        (ROW, ("BatchNormalization", {}), ANSWER),
        (IMAGE, CONV, ("GlobalAveragePooling2D", {}), ANSWER),
        (ROW, dense(10), ("Softmax", {})),
        (ROW, dense(10), ("BatchNormalization", {}), ("Activation", {"activation": "softmax"})),
        (IMAGE, LINES, ("BatchNormalization", {}), CONV, ("GlobalAveragePooling2D", {}), ANSWER),
        (IMAGE, LINES, ("LeakyReLU", {}), CONV, ("GlobalAveragePooling2D", {}), ANSWER),
        (IMAGE, LINES, ("Activation", {"activation": "relu"}), CONV, ("GlobalAveragePooling2D", {}), ANSWER),
        (IMAGE, LINES, ("MaxPooling2D", {}), CONV, ("GlobalAveragePooling2D", {}), ANSWER),
    ],
    ids=[
        "dropout before the last",
        "narrow on purpose",
        "norm first",
        "averages",
        "a layer of softmax",
        "norm in between",
        "norm after a convolution",
        "a bend as a layer",
        "an activation as a layer",
        "the largest bends, too",
    ],
)
def test_sound_networks_are_left_alone(steps: tuple[Step, ...]) -> None:
    case = Case(steps, "", "")
    assert advise(case.project(), case.dataset()) == []


def test_what_is_added_to_something_else_may_stay_linear() -> None:
    graph = chain(IMAGE, CONV, ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "padding": "same"}))
    graph = graph.add(Node("add", layers.get("Add")())).connect(Edge("conv2d", "add")).connect(Edge("conv2d_1", "add"))
    graph = graph.add(Node("top", layers.get("Conv2D")(filters=8, kernel_size=(3, 3)))).connect(Edge("add", "top"))

    assert advise(Project(graph)) == []


def test_numbers_that_choose_rows_of_a_table_may_be_large() -> None:
    graph = chain(
        ("Input", {"shape": (6,)}),
        ("Embedding", {"input_dim": 5000, "output_dim": 4}),
        ("Flatten", {}),
        ANSWER,
    )
    data = Dataset({"x": rows(6, high=4999)}, {"y": labels(10)})

    assert advise(Project(graph), data) == []


def test_the_normalization_is_fitted_to_what_is_learnt_from() -> None:
    case = CASES["columns"]
    project, data = case.project(), case.dataset()
    project = project.with_split(project.split.changed(validation=0.5))
    (found,) = advise(project, data)
    assert found.fix is not None

    layer: Any = found.fix.apply(project.graph).nodes["normalization"].layer

    learnt = split(data, project.split).inputs["x"]
    assert len(learnt) == 10
    assert layer.mean == pytest.approx(learnt.mean(axis=0))
    assert layer.variance == pytest.approx(learnt.var(axis=0), rel=1e-5)


def test_what_is_not_known_yet_is_not_advised_upon() -> None:
    loose = Graph().add(Node("dense", layers.get("Dense")(units=7)))
    joined = chain(ROW, dense(30)).add(Node("add", layers.get("Add")())).connect(Edge("dense", "add"))

    assert advise(Project()) == []
    assert advise(Project(loose)) == []
    assert advise(Project(joined), Dataset({"x": rows(20)}, {"y": labels(10)})) == []


def test_the_extent_of_a_field_is_that_of_its_finite_numbers() -> None:
    assert Field(np.array([[np.nan, -3.0], [np.inf, 8.0]])).extent == (-3.0, 8.0)
    assert Field(np.zeros((0, 4))).extent == (0.0, 0.0)
    assert Field(np.array(["a", "b"])).extent == (0.0, 0.0)
    assert Field(np.arange(250, dtype=np.uint8)).extent == (0.0, 249.0)


def test_removing_as_advised_is_deleting_as_on_the_canvas() -> None:
    """A reader that has the same wire already gets no second one, as in the healing of gaps."""
    graph = chain(("Input", {"shape": (4,)}), ("Dropout", {"rate": 0.5}), ("Add", {})).connect(Edge("input", "add"))
    removed = removing_fix(graph, "dropout").apply(graph)
    assert removed == healed(graph, ["dropout"])
    assert removed.into("add") == (Edge("input", "add"),)
