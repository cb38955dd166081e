"""Freezing and sharing in the inspector, with real clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas.look import node_look
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.inspector import Inspector
from designer.panels.weights_box import WeightsBox
from engine.project import Project
from tests.designer.panels.conftest import chain


@pytest.fixture
def document() -> Document:
    dense = {"units": 8}
    layers = [
        ("Input", {"shape": (8,)}),
        ("Dense", dense),
        ("Dense", dense),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 3}),
    ]
    return Document(Project(graph=chain(*layers)))


@pytest.fixture
def inspector(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[Inspector]:
    made = Inspector(document, selection)
    qtbot.addWidget(made)
    made.resize(320, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made


def box(inspector: Inspector) -> WeightsBox:
    page = inspector.node_page
    return page.weights if page is not None else inspector.group.weights


def tick(inspector: Inspector) -> None:
    target = box(inspector).trained
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, target.height() // 2))


def test_a_click_freezes_and_undo_thaws(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense"})
    tick(inspector)

    assert document.project.graph.frozen == {"dense"}
    assert document.inference.parameter_count("dense") == (0, 72)
    assert "mdi6.lock-outline" in node_look(document, document.project.graph.nodes["dense"], None).marks
    document.stack.undo()
    assert not document.project.graph.frozen
    assert box(inspector).trained.isChecked()


def test_several_layers_freeze_at_once(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense", "dropout", "dense_2"})
    tick(inspector)

    assert document.project.graph.frozen == {"dense", "dense_2"}
    selection.set({"dense", "dense_1"})
    assert box(inspector).trained.checkState() == Qt.CheckState.PartiallyChecked
    tick(inspector)
    assert document.project.graph.frozen == {"dense_2"}


def test_layers_without_weights_offer_nothing(inspector: Inspector, selection: Selection) -> None:
    selection.set({"dropout"})

    assert not box(inspector).isVisible()


def test_weights_are_shared_and_parted(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense_1"})
    panel = box(inspector)
    panel.menu.aboutToShow.emit()
    offered = [action.text() for action in panel.menu.actions()]
    assert offered == ["dense"]  # with the weights of dense_2, what follows would not fit any more
    panel.menu.actions()[0].trigger()

    graph = document.project.graph
    assert graph.nodes["dense_1"].shares == "dense"
    assert "dense" in box(inspector).partners.text()
    assert node_look(document, graph.nodes["dense"], None).marks == ("mdi6.link-variant",)
    QTest.mouseClick(box(inspector).part, Qt.MouseButton.LeftButton)
    assert document.project.graph.nodes["dense_1"].shares == ""
    assert not box(inspector).part.isVisible()


def test_editing_a_shared_layer_edits_its_partner(
    inspector: Inspector, document: Document, selection: Selection
) -> None:
    graph = document.project.graph.sharing("dense_1", "dense")
    document.edit("Share", document.project.with_graph(graph))
    layer = graph.nodes["dense"].layer.changed(activation="relu")
    document.edit("Change", document.project.with_graph(graph.with_layer("dense_1", layer)))

    assert document.project.graph.nodes["dense"].layer == layer
    selection.set({"dense"})
    assert "dense_1" in box(inspector).partners.text()
