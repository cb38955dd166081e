"""Problems of whole projects, and buttons that lead beginners to a network that trains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.layers.base import Layer
from engine.catalogue.sources.base import Dataset, Field
from engine.catalogue.sources.mnist import Mnist
from engine.check import check, targets_fit
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.problems import Problem
from engine.project import Project
from engine.templates import chain

IMAGE = ("Input", {"shape": (28, 28, 1)})
CONV: tuple[str, dict[str, Any]] = ("Conv2D", {"filters": 32, "kernel_size": (3, 3), "activation": "relu"})
ANSWER: tuple[str, dict[str, Any]] = ("Dense", {"units": 10, "activation": "softmax"})


def layer(kind: str, **values: Any) -> Layer:
    made = registry.layers.get(kind)(**values)
    assert isinstance(made, Layer)
    return made


def branches(*kinds: tuple[str, dict[str, Any]], answer: bool = True) -> Graph:
    """An Input, one branch per layer, added up and answered."""
    graph = Graph().add(Node("input", layer(IMAGE[0], **IMAGE[1])))
    if any(kind == "Dense" for kind, _ in kinds):
        graph = graph.add(Node("flatten", layer("Flatten"))).connect(Edge("input", "flatten"))
    graph = graph.add(Node("join", layer("Add")))
    for number, (kind, values) in enumerate(kinds):
        key = f"branch_{number}"
        graph = graph.add(Node(key, layer(kind, **values), (300.0 * number, 220.0)))
        graph = graph.connect(Edge("input" if kind == "Conv2D" else "flatten", key)).connect(Edge(key, "join"))
    if not answer:
        return graph
    return graph.add(Node("answer", layer(ANSWER[0], **ANSWER[1]))).connect(Edge("join", "answer"))


BEGINNERS: dict[str, tuple[Graph, list[str]]] = {
    "dense on an image": (chain(IMAGE, ANSWER), ["Insert Flatten"]),
    "two dense on an image": (chain(IMAGE, ("Dense", {"units": 30}), ANSWER), ["Insert Flatten"]),
    "convolution, dense": (chain(IMAGE, CONV, ANSWER), ["Insert Flatten"]),
    "convolution, dense, dropout, softmax": (
        chain(
            IMAGE, CONV, ("Dense", {"units": 10}), ("Dropout", {"rate": 0.5}), ("Activation", {"activation": "softmax"})
        ),
        ["Insert Flatten"],
    ),
    "convolution alone": (chain(IMAGE, CONV), ["Add Flatten", "Add Dense with 10 units (softmax)"]),
    "convolution, pooling, activation": (
        chain(IMAGE, CONV, ("MaxPooling2D", {}), ("Activation", {"activation": "relu"})),
        ["Add Flatten", "Add Dense with 10 units (softmax)"],
    ),
    "convolution, softmax": (
        chain(IMAGE, CONV, ("Activation", {"activation": "softmax"})),
        ["Insert Flatten", "Insert Dense with 10 units"],
    ),
    "dense, convolution": (
        chain(IMAGE, ("Dense", {"units": 4}), CONV),
        ["Add Flatten", "Add Dense with 10 units (softmax)"],
    ),
    "dense of 784, reshape, convolution, flatten": (
        chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 784}), CONV, ("Flatten", {})),
        ["Insert Reshape to (28, 28, 1)", "Add Dense with 10 units (softmax)"],
    ),
    "flat input, image data": (
        chain(("Input", {"shape": (784,)}), ("Dense", {"units": 50, "activation": "relu"}), ANSWER),
        ["Set shape to 28 × 28 × 1", "Insert Flatten"],
    ),
    "flat input, convolution": (
        chain(("Input", {"shape": (784,)}), CONV, ("Flatten", {}), ANSWER),
        ["Set shape to 28 × 28 × 1"],
    ),
    "image without channels": (
        chain(("Input", {"shape": (28, 28)}), CONV),
        ["Set shape to 28 × 28 × 1", "Add Flatten", "Add Dense with 10 units (softmax)"],
    ),
    "add of two widths": (
        branches(("Dense", {"units": 20}), ("Dense", {"units": 30})),
        ["Insert Dense with 20 units"],
    ),
    "add of three, one at fault": (
        branches(("Dense", {"units": 20}), ("Dense", {"units": 30}), ("Dense", {"units": 20})),
        ["Insert Dense with 20 units"],
    ),
    "add of image and row": (
        branches(("Conv2D", {"filters": 2, "kernel_size": (3, 3)}), ("Dense", {"units": 20})),
        ["Insert Flatten", "Insert Dense with 1352 units"],
    ),
    "add of two images": (
        branches(("Conv2D", {"filters": 2, "kernel_size": (3, 3)}), ("Conv2D", {"filters": 2, "kernel_size": (5, 5)})),
        ["Insert Flatten", "Insert Dense with 1352 units"],
    ),
    "add of two images, no answer": (
        branches(
            ("Conv2D", {"filters": 2, "kernel_size": (3, 3)}),
            ("Conv2D", {"filters": 3, "kernel_size": (3, 3)}),
            answer=False,
        ),
        ["Insert Dense with 2 units", "Add Flatten", "Add Dense with 10 units (softmax)"],
    ),
    "seven units": (chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 7})), ["Set units to 10"]),
    "seven units, dropout": (
        chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 7}), ("Dropout", {"rate": 0.1})),
        ["Set units to 10"],
    ),
    "one unit": (chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 1})), ["Set units to 10"]),
    "a hidden layer at the end": (
        chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 128, "activation": "relu"})),
        ["Add Dense with 10 units (softmax)"],
    ),
    "flatten alone": (chain(IMAGE, ("Flatten", {})), ["Add Dense with 10 units (softmax)"]),
}


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return Mnist().load(None)


def problems(graph: Graph, data: Dataset) -> tuple[Problem, ...]:
    return check(Project(graph, source=Mnist()), data)


@pytest.mark.parametrize("name", BEGINNERS)
def test_pressing_the_offered_buttons_ends_in_a_network_that_trains(name: str, mnist: Dataset) -> None:
    graph, buttons = BEGINNERS[name]
    pressed: list[str] = []

    while errors := [p for p in problems(graph, mnist) if p.severity == "error"]:
        fix = errors[0].fix
        assert fix is not None, errors[0].text
        pressed.append(fix.label)
        assert len(pressed) <= 5, pressed
        graph = fix.apply(graph)

    assert pressed == buttons


def field(*shape: int, classes: str = "") -> Field:
    """Five samples of a shape."""
    return Field(np.zeros((5, *shape), np.int64 if classes else np.float32), tuple(classes))


def test_an_added_layer_stands_behind_the_output_and_moves_nobody(mnist: Dataset) -> None:
    graph = chain(IMAGE, CONV)
    (problem,) = problems(graph, mnist)
    assert problem.node == "conv2d"
    assert "Put a Flatten after 'conv2d'" in problem.text
    assert problem.fix is not None
    mended = problem.fix.apply(graph)
    assert mended.nodes["conv2d"] == graph.nodes["conv2d"]
    assert mended.nodes["flatten"].position == (0.0, 220.0)
    assert mended.edges == (Edge("input", "conv2d"), Edge("conv2d", "flatten"))


def test_units_that_other_layers_need_stay(mnist: Dataset) -> None:
    graph = chain(IMAGE, ("Flatten", {}), ("Dense", {"units": 20}), ("Dropout", {"rate": 0.1}))
    graph = graph.add(Node("other", layer("Activation"))).add(Node("join", layer("Add")))
    for source, target in (("dense", "other"), ("dropout", "join"), ("other", "join")):
        graph = graph.connect(Edge(source, target))
    (problem,) = problems(graph, mnist)
    assert problem.fix is not None
    assert problem.fix.label == "Add Dense with 10 units (softmax)"
    mended = problem.fix.apply(graph)
    assert mended.nodes["dense"] == graph.nodes["dense"]
    assert problems(mended, mnist) == ()


def test_one_value_for_two_classes_needs_a_loss_that_fits() -> None:
    data = Dataset({"x": field(3)}, {"y": field(classes="ab")})
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 1, "activation": "sigmoid"}))
    project = Project(graph, source=Mnist())
    (problem,) = check(project, data)
    assert "binary cross-entropy" in problem.text
    assert problem.fix is not None
    assert problem.fix.label == "Set units to 2"
    assert check(project.with_graph(problem.fix.apply(graph)), data) == ()
    fitting = project.with_training(project.training.changed(loss="binary_crossentropy"))
    assert check(fitting, data) == ()


def test_structure_comes_with_a_sentence_for_each_end() -> None:
    assert [p.text for p in check(Project())] == [
        "The canvas is empty. Drag an Input from the palette to begin.",
        "No data are chosen yet. Choose a data set in the Data panel and press 'Use this data'.",
    ]
    alone = Graph().add(Node("dense", layer("Dense", units=3)))
    texts = [p.text for p in check(Project(alone))]
    assert texts[0].startswith("'dense' has nothing connected to its input. Drag a wire")
    assert texts[1].startswith("There is no Input layer")
    (loose,) = check(Project(chain(IMAGE), source=Mnist()))
    assert (loose.node, loose.text) == ("input", "'input' leads nowhere. Connect its output to the next layer.")


def test_the_data_must_serve_every_input_and_output() -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2}))
    second = Node("second", layer("Input", shape=(3,)))
    graph = graph.add(second).add(Node("more", layer("Dense", units=2))).connect(Edge("second", "more"))
    project = Project(graph, source=Mnist())
    one = Dataset({"x": field(3)}, {"y": field(classes="ab")})
    texts = [p.text for p in check(project, one)]
    assert texts == [
        "The data have no field for 'second'; they offer x.",
        "The data have nothing to judge 'more' by; they offer y. Connect it further or delete it.",
    ]
    two = Dataset({"x": field(3), "x2": field(3)}, {"y": field(classes="ab"), "y2": field(classes="cd")})
    assert check(project, two) == ()
    named = replace(project, inputs=(("input", "x2"), ("second", "x2")))
    assert check(named, two) == ()


def test_numbers_as_targets_must_have_the_outputs_shape() -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2}))
    project = Project(graph, source=Mnist())
    project = project.with_training(project.training.changed(loss="mse", metrics=()))
    assert check(project, Dataset({"x": field(3)}, {"y": field(2)})) == ()
    (problem,) = check(project, Dataset({"x": field(3)}, {"y": field(4)}))
    assert problem.text.startswith("The targets are 4 per sample, but the loss")
    assert "needs 2 for the output 2. Choose another loss or change the last layer." in problem.text


def test_an_axis_of_one_may_be_missing_in_targets() -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 1}))
    loss = Project(graph).training.changed(loss="mse").loss
    (output,) = infer(graph).outputs["dense"]
    assert targets_fit(output, loss, field(), output)
    assert targets_fit(output, loss, field(1), output)
    assert not targets_fit(output, loss, field(2), output)


def test_a_fix_of_a_node_that_is_gone_changes_nothing(mnist: Dataset) -> None:
    graph = chain(IMAGE, CONV)
    (problem,) = problems(graph, mnist)
    assert problem.fix is not None
    assert problem.fix.apply(Graph()) == Graph()


def test_a_metric_that_does_not_fit_is_told_before_training(mnist: Dataset) -> None:
    graph = chain(IMAGE, ("Flatten", {}), ANSWER)
    made = Project(graph, source=Mnist())

    fine = check(made.with_training(made.training.changed(metrics=("accuracy", "auc", "f1_score"))), mnist)
    wrong = check(made.with_training(made.training.changed(metrics=("accuracy", "mean_squared_error"))), mnist)

    assert not fine
    assert [p.text.startswith("The metric 'Mean squared error' compares numbers") for p in wrong] == [True]
