"""A wire released in the open, or a double-click there, asks for a layer and puts it there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from designer.canvas.offers import matching, offers
from designer.canvas.picker import LayerPicker
from designer.canvas.wiring import Anchor
from designer.model.document import Document
from designer.model.starting import offered
from engine.graph import Edge, Graph, Node
from engine.project import Project
from tests.designer.canvas.stagehand import NONE, Stagehand, chain, layer

OPEN = QPointF(420, 420)


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test nothing is left open, and the scene shows what the document holds."""
    yield
    assert stage.view.offering.picker is None
    assert stage.is_in_step()


def picker(stage: Stagehand) -> LayerPicker:
    found = stage.view.offering.picker
    assert found is not None
    assert found.isVisible()
    return found


def shown(stage: Stagehand) -> list[str]:
    rows = picker(stage).list
    return [rows.topLevelItem(row).text(0) for row in range(rows.topLevelItemCount())]


def typed(stage: Stagehand, text: str, *keys: Qt.Key) -> None:
    field = picker(stage).search
    QTest.keyClicks(field, text)
    for key in keys:
        QTest.keyClick(field, key)


def test_a_wire_into_the_open_asks_and_the_chosen_layer_is_connected(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_2"), OPEN)
    assert stage.view.gesture is None
    assert not stage.document.stack.canUndo()
    typed(stage, "drop", Qt.Key.Key_Return)
    assert Edge("dense_2", "dropout") in stage.graph.edges
    x, y = stage.graph.nodes["dropout"].position
    assert abs(x + 106 - OPEN.x()) <= 8
    assert abs(y - OPEN.y()) <= 8
    assert stage.selection.only_node == "dropout"
    assert stage.view.hasFocus()
    assert stage.document.stack.count() == 1
    assert stage.document.stack.undoText() == "Add Dropout"
    stage.document.undo()
    assert "dropout" not in stage.graph.nodes


def test_backwards_the_new_layer_leads_to_the_input(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_2"), QPointF(560, 90))
    typed(stage, "dense", Qt.Key.Key_Return)
    assert Edge("dense_3", "dense_2") in stage.graph.edges
    assert stage.graph.nodes["dense_3"].position[1] < stage.graph.nodes["dense_2"].position[1]
    assert stage.document.stack.count() == 1


def test_nearly_below_its_source_it_stands_in_line(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_2"), stage.output("dense_2") + QPointF(30, 25))
    typed(stage, "dense", Qt.Key.Key_Return)
    assert stage.graph.nodes["dense_3"].position == (320.0, 272.0)


def test_escape_and_leaving_change_nothing(stage: Stagehand) -> None:
    stage.drag(stage.output("dense_2"), OPEN)
    typed(stage, "x", Qt.Key.Key_Escape)
    assert stage.view.offering.picker is None
    assert stage.view.hasFocus()
    stage.drag(stage.output("dense_2"), OPEN)
    stage.view.setFocus()
    assert stage.view.offering.picker is None
    assert not stage.document.stack.canUndo()


def test_who_clicks_into_a_field_beside_the_canvas_types_there(qtbot: QtBot, stage: Stagehand) -> None:
    window, field = QMainWindow(), QLineEdit()
    qtbot.addWidget(window)
    beside = QDockWidget()
    beside.setWidget(field)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, beside)
    window.setCentralWidget(stage.view)
    window.resize(1200, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    stage.double_click(stage.view.mapToScene(stage.view.viewport().rect().center()) + QPointF(150, 150))
    assert picker(stage).search.hasFocus()
    QTest.mouseClick(field.window().windowHandle(), Qt.MouseButton.LeftButton, NONE, middle_of(field))
    assert stage.view.offering.picker is None
    assert field.hasFocus()
    for letter in "7f":
        QTest.keyClick(window.windowHandle(), letter)
    assert field.text() == "7f"
    assert not stage.document.stack.canUndo()
    stage.view.setParent(None)
    stage.view.show()


def middle_of(widget: QWidget) -> QPoint:
    """The middle of a widget in its window."""
    return widget.mapTo(widget.window(), widget.rect().center())


def test_a_click_chooses_and_arrows_walk(stage: Stagehand) -> None:
    stage.double_click(OPEN)
    typed(stage, "dense", Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Up)
    rows = picker(stage).list
    second = rows.topLevelItem(1)
    assert rows.currentItem() is second
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.topLevelItem(0)).center())
    assert "dense_3" in stage.graph.nodes
    x, y = stage.graph.nodes["dense_3"].position
    assert abs(x + 106 - OPEN.x()) <= 8
    assert abs(y + 32 - OPEN.y()) <= 8


def test_a_double_click_on_the_ground_offers_every_layer(stage: Stagehand) -> None:
    stage.double_click(OPEN)
    assert set(shown(stage)) == {kind.title for kind in offered()}
    typed(stage, "", Qt.Key.Key_Escape)


def test_what_nobody_made_is_not_found(stage: Stagehand) -> None:
    stage.double_click(OPEN)
    typed(stage, "qqqqq", Qt.Key.Key_Return)
    assert shown(stage) == []
    typed(stage, "", Qt.Key.Key_Escape)
    assert not stage.document.stack.canUndo()


def test_a_change_from_elsewhere_closes_it(stage: Stagehand) -> None:
    stage.double_click(OPEN)
    stage.document.edit("Cut", stage.document.project.with_graph(stage.graph.without(["dense_2"])))
    assert stage.view.offering.picker is None


def test_keys_typed_there_are_no_commands(stage: Stagehand) -> None:
    stage.click(stage.body("dense_2"))
    stage.drag(stage.output("dense_2"), OPEN)
    typed(stage, "fwl+-", Qt.Key.Key_Delete, Qt.Key.Key_F2)
    assert picker(stage).search.text() == "fwl+-"
    typed(stage, "", Qt.Key.Key_Escape)
    assert not stage.document.stack.canUndo()


def test_by_key_the_layer_comes_after_the_selected_one(stage: Stagehand) -> None:
    stage.click(stage.body("dense"))
    stage.key(Qt.Key.Key_Insert)
    typed(stage, "dropout", Qt.Key.Key_Return)
    assert {Edge("dense", "dropout"), Edge("dropout", "dense_1")} <= set(stage.graph.edges)
    stage.key(Qt.Key.Key_Escape)
    stage.key(Qt.Key.Key_Insert)
    typed(stage, "input", Qt.Key.Key_Return)
    assert "input_1" in stage.graph.nodes


def test_it_stays_inside_a_small_view(stage: Stagehand) -> None:
    stage.view.resize(400, 260)
    stage.view.offer_layers(stage.view.mapToScene(395, 255))
    assert stage.view.rect().contains(picker(stage).geometry())
    typed(stage, "", Qt.Key.Key_Escape)


def test_a_taken_wire_that_slips_back_asks_for_nothing(stage: Stagehand) -> None:
    stage.drag(stage.input("dense_1"), stage.input("dense_1") + QPointF(-30, -8))
    assert stage.view.offering.picker is None
    assert not stage.document.stack.canUndo()


# -- what fits ---------------------------------------------------------------------------------------


def pictures() -> Document:
    graph = chain(layer("Input", shape=(28, 28, 1)), layer("Conv2D", filters=4, kernel_size=(3, 3)))
    graph = graph.add(Node("dense", layer("Dense", units=3), (300.0, 300.0)))
    return Document(Project(graph=graph.add(Node("lstm", layer("LSTM", units=3), (600.0, 300.0)))))


def names(document: Document, anchor: Anchor | None, text: str = "") -> list[str]:
    return [offer.kind.key for offer in matching(offers(document, anchor), text)]


def test_behind_an_output_stand_layers_that_can_take_its_shape() -> None:
    document = pictures()
    found = names(document, Anchor("conv2d", "y"))
    assert {"Conv2D", "MaxPooling2D", "Flatten", "Add", "BatchNormalization"} <= set(found)
    assert not {"Input", "Conv1D", "LSTM", "Conv3D"} & set(found)
    gives = {offer.kind.key: offer.gives for offer in offers(document, Anchor("conv2d", "y"))}
    assert gives["MaxPooling2D"] == "13 × 13 × 4"
    assert gives["Flatten"] == "2704"


def test_every_layer_that_is_offered_can_follow() -> None:
    document = pictures()
    for offer in offers(document, Anchor("conv2d", "y")):
        if not offer.reason and not offer.kind.inputs[0].many and len(offer.kind.inputs) == 1:
            assert offer.gives, offer.kind


def test_others_come_last_and_only_when_asked_for() -> None:
    document = pictures()
    found = matching(offers(document, Anchor("conv2d", "y")), "conv")
    assert "Conv1D" in [offer.kind.key for offer in found]
    fits = [not offer.reason for offer in found]
    assert fits == sorted(fits, reverse=True)
    assert all(offer.reason.endswith(".") for offer in found if offer.reason)


def test_before_an_input_stand_layers_whose_outcome_it_can_take() -> None:
    found = names(pictures(), Anchor("lstm", "x", forward=False))
    assert "Embedding" in found
    assert "Conv1D" in found
    assert "Flatten" not in found
    assert "Conv2D" not in found


def test_behind_a_fault_nothing_is_known_and_everything_offered() -> None:
    document = Document(Project(graph=Graph().add(Node("dense", layer("Dense", units=3)))))
    assert len(names(document, Anchor("dense", "y"))) == len([kind for kind in offered() if kind.inputs])


@pytest.mark.parametrize("forward", [True, False])
def test_every_offered_layer_can_be_put_there(qtbot: QtBot, forward: bool) -> None:
    stage = Stagehand(qtbot, pictures().project.graph)
    anchor = Anchor("conv2d", "y") if forward else Anchor("lstm", "x", forward=False)
    for offer in matching(offers(stage.document, anchor), ""):
        stage.view.offering._add(offer.kind, QPointF(0, 600), anchor)
        key = stage.selection.only_node
        assert key is not None
        assert {anchor.node, key} == {stage.graph.edges[-1].source, stage.graph.edges[-1].target}
        assert stage.is_in_step()
        stage.document.undo()
