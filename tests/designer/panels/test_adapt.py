"""The button that adapts a layer to the data: what the document holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
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
from engine.project import Project
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
