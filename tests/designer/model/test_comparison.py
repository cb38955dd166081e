"""What is told of the differences between two networks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from designer.model.comparison import Change, Comparison, LayerChange, compared, value_text
from engine import registry
from engine.catalogue.sources.npz_file import NpzFile
from engine.errors import Remedy
from engine.graph import Edge, Node
from engine.infer import apply_remedy
from engine.project import OutputTarget, Project
from engine.templates import TEMPLATES, chain

BASE = TEMPLATES["digits-dense"].make()


def changed(key: str, **values: Any) -> Project:
    graph = BASE.graph
    return BASE.with_graph(graph.with_layer(key, graph.nodes[key].layer.changed(**values)))


def test_a_network_equals_itself_wherever_its_layers_stand() -> None:
    moved = BASE.with_graph(BASE.graph.moved(BASE.graph.nodes, (40.0, 7.0)))

    assert compared(BASE, moved) == Comparison()
    assert compared(BASE, moved).is_empty


def test_parameters_are_told_as_they_are_written() -> None:
    now = changed("dense", units=64, activation="relu", kernel_regularizer={"type": "L2", "l2": 0.02})

    found = compared(BASE, now)

    assert found.changed == (
        LayerChange("dense", (
            Change("units", "500", "64"),
            Change("activation", "sigmoid", "relu"),
            Change("kernel_regularizer", "", "L2(l2=0.02)"),
        )),
    )  # fmt: skip
    assert (found.added, found.removed, found.settings) == ((), (), ())


def test_what_came_and_what_went() -> None:
    grown = BASE.with_graph(apply_remedy(BASE.graph, "dense_1", Remedy("", "Dropout", (("rate", 0.3),))))

    there, back = compared(BASE, grown), compared(grown, BASE)

    assert there.added == ("dropout",)
    assert there.changed == (LayerChange("dense_1", (Change("takes", "dense", "dropout"),)),)
    assert back.removed == (("dropout", "Dropout"),)
    assert back.changed == (LayerChange("dense_1", (Change("takes", "dropout", "dense"),)),)


def test_layers_with_other_ids_belong_together_by_their_kinds() -> None:
    graph = BASE.graph.renamed("dense", "first").renamed("dense_1", "second")

    found = compared(BASE, BASE.with_graph(graph))

    assert [(change.node, change.changes) for change in found.changed] == [
        ("first", (Change("name", "dense", "first"),)),
        ("second", (Change("name", "dense_1", "second"),)),
    ]
    assert not found.added
    assert not found.removed


def test_another_kind_under_the_same_id_is_another_layer() -> None:
    other: Any = registry.layers.get("Dropout")(rate=0.1)
    found = compared(BASE, BASE.with_graph(BASE.graph.with_layer("dense_1", other)))

    assert found.added == ("dense_1",)
    assert found.removed == (("dense_1", "Dense"),)


def test_names_weights_and_wires_count() -> None:
    graph = chain(("Input", {"shape": (4,)}), ("Dense", {"units": 4}), ("Dense", {"units": 4}))
    before = Project(graph.add(Node("add", registry.layers.get("Add")())).connect(Edge("dense", "add")))  # type: ignore[arg-type]
    after = before.graph.sharing("dense_1", "dense").labelled("dense", "body").connect(Edge("input", "add"))

    found = {change.node: change.changes for change in compared(before, before.with_graph(after)).changed}

    assert found["dense"] == (Change("name", "dense", "body"),)
    assert found["dense_1"] == (Change("weights of", "", "body"),)
    assert found["add"] == (Change("takes", "dense", "body, input"),)
    frozen = before.with_graph(before.graph.with_trainable(["dense"], False))
    assert compared(before, frozen).changed == (LayerChange("dense", (Change("trainable", "yes", "no"),)),)


def test_settings_are_compared_too() -> None:
    now = BASE.with_training(BASE.training.changed(epochs=3, optimizer={"type": "SGD", "learning_rate": 0.5}))
    now = now.with_split(now.split.changed(validation=0.1)).with_source(None)

    told = {change.name: (change.before, change.now) for change in compared(BASE, now).settings}

    assert told["epochs"] == ("20", "3")
    assert told["optimizer"][1].startswith("SGD(learning_rate=0.5")
    assert told["split: validation"] == ("0.2", "0.1")
    assert told["data"] == ("Mnist", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (None, ""), ([3, 3], "3 × 3"), (["a", "b"], "a, b"), (0.25, "0.25"), ({"type": "relu"}, "relu"),
     ({"type": "L1L2", "l1": 0.1, "l2": 0.0}, "L1L2(l1=0.1, l2=0)"), ([{"type": "accuracy"}], "accuracy"), ([], "")],
)  # fmt: skip
def test_values_are_written_as_people_do(value: object, text: str) -> None:
    assert value_text(value) == text


def targeted(project: Project, **values: Any) -> Project:
    return replace(project, targets=(OutputTarget("dense_1", **values),))


def test_what_feeds_inputs_and_judges_outputs_counts() -> None:
    fed = replace(BASE, inputs=(("input", "picture"),))
    assert compared(BASE, fed).settings == (Change("input: field", "by order", "picture"),)
    assert compared(fed, fed).is_empty

    judged = targeted(
        BASE, field="digit", loss=registry.losses.get("MeanSquaredError")(), weight=0.5, metrics=(),
        weighted_metrics=(registry.metrics.get("Accuracy")(),),
    )  # fmt: skip
    told = {change.name: (change.before, change.now) for change in compared(BASE, judged).settings}
    assert told["dense_1: field"] == ("by order", "digit")
    assert told["dense_1: loss"] == ("the common one", "mean_squared_error")
    assert told["dense_1: weight"] == ("1", "0.5")
    assert told["dense_1: metrics"] == ("the common ones", "none")
    assert told["dense_1: weighted metrics"][1].startswith("accuracy")
    assert len(told) == 5


def test_the_order_of_inputs_and_targets_that_say_nothing_are_no_difference() -> None:
    one = replace(BASE, inputs=(("a", "x"), ("b", "y")))
    other = replace(BASE, inputs=(("b", "y"), ("a", "x")))
    assert compared(one, other).is_empty
    assert compared(BASE, targeted(BASE)).is_empty


def test_targets_follow_layers_with_other_ids() -> None:
    before = targeted(BASE, weight=2.0)
    after = replace(
        before.with_graph(before.graph.renamed("dense_1", "last")), targets=(OutputTarget("last", weight=3.0),)
    )
    assert compared(before, after).settings == (Change("last: weight", "2", "3"),)


def test_data_that_wait_for_permission_are_the_same_data() -> None:
    source = NpzFile(path="/data/x.npz")
    marked = source.opened(Path("/nowhere/p.loom"))
    assert marked.unconfirmed == ("/data/x.npz",)
    assert compared(BASE.with_source(marked), BASE.with_source(source)).is_empty
    other = NpzFile(path="/data/y.npz")
    found = compared(BASE.with_source(marked), BASE.with_source(other)).settings
    assert found == (Change("data: path", "/data/x.npz", "/data/y.npz"),)


class Loud(QTranslator):
    """A language in which everything is shouted."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return text if "{" in text else text.upper()

    def isEmpty(self) -> bool:
        return False


def test_its_words_are_translated(qapp: QCoreApplication) -> None:
    graph = BASE.graph.labelled("dense", "body").with_trainable(["dense"], False)
    now = targeted(BASE.with_graph(graph).with_source(None), weight=0.5)
    now = now.with_split(now.split.changed(validation=0.1))
    loud = Loud()
    qapp.installTranslator(loud)
    try:
        found = compared(BASE, now)
    finally:
        qapp.removeTranslator(loud)
    assert found.changed[0].changes == (Change("NAME", "dense", "body"), Change("TRAINABLE", "YES", "NO"))
    names = [change.name for change in found.settings]
    assert names == ["SPLIT: validation", "DATA", "dense_1: WEIGHT"]
