"""The button that adapts a layer to the data: what the document holds afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.adapt import AdaptRow
from designer.panels.inspector import Inspector
from engine.catalogue.layers.normalization import Normalization
from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import split
from engine.graph import Edge
from engine.project import Project
from engine.train.arriving import arriving
from tests.designer.panels.conftest import chain

VALUES = np.random.default_rng(3).normal(5.0, 3.0, (40, 4)).astype(np.float32)
DATA = Dataset({"x": Field(VALUES)}, {"y": Field(np.arange(40) % 2, ("a", "b"))})


@pytest.fixture
def document() -> Document:
    made = Document(
        Project(
            graph=chain(
                ("Input", {"shape": (4,)}),
                ("Rescaling", {"scale": 2.0}),
                ("Normalization", {}),
                ("Dense", {"units": 2, "activation": "softmax"}),
                ("Normalization", {}),
            )
        )
    )
    made.set_dataset(DATA)
    return made


@pytest.fixture
def inspector(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[Inspector]:
    made = Inspector(document, selection)
    qtbot.addWidget(made)
    made.resize(320, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Threads that adapt wait until it is set."""
    opened = threading.Event()

    def delayed(*asked: Any) -> npt.NDArray[Any]:
        assert opened.wait(20)
        return arriving(*asked)

    monkeypatch.setattr("designer.panels.adapt.arriving", delayed)
    yield opened
    opened.set()


def row(inspector: Inspector) -> AdaptRow:
    assert inspector.node_page is not None
    found = inspector.node_page.adapt
    assert found is not None
    return found


def adapted(document: Document, node: str) -> Normalization:
    layer = document.project.graph.nodes[node].layer
    assert isinstance(layer, Normalization)
    return layer


def press(qtbot: QtBot, inspector: Inspector) -> str:
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(row(inspector).button.isEnabled, timeout=20_000)
    return row(inspector).said.text()


def test_means_are_those_of_what_arrives_of_the_training_part(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection
) -> None:
    selection.set(nodes=["normalization"])
    before = document.project

    said = press(qtbot, inspector)

    learnt = split(DATA, before.split).inputs["x"].astype(np.float64) * 2
    assert len(learnt) < len(VALUES)
    assert said == "Adapted to the data that are learnt from."
    np.testing.assert_allclose(adapted(document, "normalization").mean or (), learnt.mean(0), rtol=1e-5)
    np.testing.assert_allclose(adapted(document, "normalization").variance or (), learnt.var(0), rtol=1e-5)
    document.stack.undo()
    assert document.project == before


def relayered(document: Document, node: str, **values: Any) -> None:
    """Change a layer as the form does."""
    project = document.project
    layer = project.graph.nodes[node].layer.changed(**values)
    document.edit("Change", project.with_graph(project.graph.with_layer(node, layer)))


def test_what_was_edited_meanwhile_stays(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection, gate: threading.Event
) -> None:
    selection.set(nodes=["normalization"])
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    relayered(document, "normalization", invert=True)
    relayered(document, "dense", units=3)  # what comes after it changes nothing of what arrives
    edited = document.project

    gate.set()
    qtbot.waitUntil(row(inspector).button.isEnabled, timeout=20_000)

    learnt = split(DATA, edited.split).inputs["x"].astype(np.float64) * 2
    found = adapted(document, "normalization")
    assert found.invert
    np.testing.assert_allclose(found.mean or (), learnt.mean(0), rtol=1e-5)
    np.testing.assert_allclose(found.variance or (), learnt.var(0), rtol=1e-5)
    document.stack.undo()
    assert document.project == edited


def rewired(document: Document) -> None:
    """Let the layer read the input itself."""
    project = document.project
    cut = project.graph.disconnected(project.graph.into("normalization"))
    document.edit("Wire", project.with_graph(cut.connect(Edge("input", "normalization"))))


CHANGES: dict[str, Callable[[Document], None]] = {
    "axis": lambda document: relayered(document, "normalization", axis=None),
    "scale": lambda document: relayered(document, "rescaling", scale=3.0),
    "wire": rewired,
    "split": lambda document: document.edit(
        "Split", replace(document.project, split=replace(document.project.split, seed=document.project.split.seed + 1))
    ),
    "data": lambda document: document.set_dataset(replace(DATA)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_found_for_something_else_is_not_taken(
    qtbot: QtBot,
    inspector: Inspector,
    document: Document,
    selection: Selection,
    gate: threading.Event,
    change: Callable[[Document], None],
) -> None:
    selection.set(nodes=["normalization"])
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    change(document)
    edited = document.project

    gate.set()
    qtbot.waitUntil(row(inspector).button.isEnabled, timeout=20_000)

    assert document.project == edited
    assert "Adapt it again" in row(inspector).said.text()


def test_hiding_waits_for_nobody_and_the_button_serves_again(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection, gate: threading.Event
) -> None:
    selection.set(nodes=["normalization"])
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    (reading,) = (thread for thread in threading.enumerate() if thread.name == "layerloom-adapt")

    inspector.hide()
    assert reading.is_alive()
    inspector.show()
    assert row(inspector).button.isEnabled() and reading.is_alive()
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    assert not row(inspector).button.isEnabled()

    gate.set()
    qtbot.waitUntil(row(inspector).button.isEnabled, timeout=20_000)
    assert document.stack.count() == 1, "what was stopped brought nothing"
    assert adapted(document, "normalization").mean is not None
    assert row(inspector).said.text() == "Adapted to the data that are learnt from."


def test_what_was_stopped_by_hiding_is_silent_when_it_ends(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection, gate: threading.Event
) -> None:
    selection.set(nodes=["normalization_1"])
    before = document.project
    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)
    inspector.hide()
    inspector.show()
    with qtbot.waitSignal(row(inspector)._chore.ended, timeout=20_000) as end:
        gate.set()
    assert "has weights of its own" in end.args[0]
    assert row(inspector).said.text() == ""
    assert row(inspector).button.isEnabled()
    assert document.project == before


def test_what_comes_after_learnt_weights_is_not_adapted(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection
) -> None:
    selection.set(nodes=["normalization_1"])
    before = document.project

    said = press(qtbot, inspector)

    assert "has weights of its own" in said
    assert document.project == before


def test_without_data_it_says_where_they_come_from(
    inspector: Inspector, document: Document, selection: Selection
) -> None:
    document.set_dataset(None)
    selection.set(nodes=["normalization"])

    QTest.mouseClick(row(inspector).button, Qt.MouseButton.LeftButton)

    assert "Choose some under Data" in row(inspector).said.text()


def test_other_layers_have_no_such_button(inspector: Inspector, selection: Selection) -> None:
    selection.set(nodes=["dense"])

    assert inspector.node_page is not None
    assert inspector.node_page.adapt is None
