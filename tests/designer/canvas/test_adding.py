"""Adding layers: from the palette, after others, into wires; faults and their buttons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from designer.canvas.geometry import GRID, STEP
from designer.model.starting import offered
from engine import registry
from engine.catalogue.layers.base import Layer
from engine.catalogue.sources.base import Dataset, Field
from engine.graph import Edge, Graph, Node
from tests.designer.canvas.stagehand import SHIFT, Stagehand, chain, layer


@pytest.fixture(autouse=True)
def in_step(stage: Stagehand) -> Iterator[None]:
    """After every test the scene shows what the document holds."""
    yield
    assert stage.is_in_step()


def kind(key: str) -> type[Layer]:
    return registry.layers.get(key)


def spot(stage: Stagehand, point: QPointF) -> QPoint:
    return stage.view.viewport().mapToGlobal(stage.pixel(point))


def drop(stage: Stagehand, cls: type[Layer], *way: QPointF) -> None:
    stage.view.begin_drop(cls)
    for point in way:
        stage.view.drop_moved(spot(stage, point))
    stage.view.drop_released(spot(stage, way[-1]))


def test_a_layer_is_dropped_where_the_pointer_is(stage: Stagehand) -> None:
    drop(stage, kind("Dense"), QPointF(0, 0), QPointF(520, 500))
    key = stage.selection.only_node
    assert key == "dense_3"
    x, y = stage.graph.nodes[key].position
    assert abs(x + 106 - 520) <= GRID
    assert abs(y + 32 - 500) <= GRID
    assert stage.graph.into(key) == ()
    assert stage.document.stack.count() == 1
    assert stage.document.stack.undoText() == "Add Dense"


def test_dropped_close_below_a_free_output_it_is_connected(stage: Stagehand) -> None:
    drop(stage, kind("Dense"), stage.output("dense_1") + QPointF(10, 80))
    assert Edge("dense_1", "dense_3") in stage.graph.edges
    assert stage.graph.nodes["dense_3"].position == (0.0, 320.0 + STEP)
    assert "Comes after 'dense_1'" in stage.said
    assert stage.said[-1] == ""
    assert stage.document.stack.count() == 1
    stage.document.undo()
    assert "dense_3" not in stage.graph.nodes


def test_an_output_in_use_does_not_catch(stage: Stagehand) -> None:
    drop(stage, kind("Dense"), stage.output("dense") + QPointF(60, 80))
    assert stage.graph.into("dense_3") == ()


def test_dropped_on_a_wire_it_goes_into_the_wire(stage: Stagehand) -> None:
    wire = stage.scene.wires[Edge("dense", "dense_1")].shape_value
    before = stage.document.project
    drop(stage, kind("Dense"), wire.middle)
    assert set(stage.graph.edges) == {Edge("input", "dense"), Edge("dense", "dense_3"), Edge("dense_3", "dense_1")}
    ys = [stage.graph.nodes[key].position[1] for key in ("dense", "dense_3", "dense_1")]
    assert ys[1] - ys[0] >= STEP
    assert ys[2] - ys[1] >= STEP
    assert stage.document.stack.count() == 1
    assert "Goes between 'dense' and 'dense_1'" in stage.said
    stage.document.undo()
    assert stage.document.project == before


def test_an_entry_does_not_go_into_a_wire(stage: Stagehand) -> None:
    wire = stage.scene.wires[Edge("dense", "dense_1")].shape_value
    drop(stage, kind("Input"), wire.middle)
    assert Edge("dense", "dense_1") in stage.graph.edges
    assert "input_1" in stage.graph.nodes


def test_outside_the_canvas_nothing_is_dropped(stage: Stagehand) -> None:
    stage.view.begin_drop(kind("Dense"))
    stage.view.drop_moved(spot(stage, QPointF(200, 200)))
    assert stage.view.gesture is not None
    outside = stage.view.viewport().mapToGlobal(QPoint(-50, 20))
    stage.view.drop_moved(outside)
    assert stage.view.gesture is None
    stage.view.drop_released(outside)
    assert not stage.document.stack.canUndo()


def test_escape_puts_the_layer_back(stage: Stagehand) -> None:
    stage.view.begin_drop(kind("Dense"))
    stage.view.drop_moved(spot(stage, QPointF(200, 200)))
    stage.view.drop_cancelled()
    stage.view.drop_released(spot(stage, QPointF(200, 200)))
    assert not stage.document.stack.canUndo()


def test_sent_with_a_node_selected_it_comes_after_it(stage: Stagehand) -> None:
    stage.click(stage.body("dense_1"))
    stage.view.add_layer(kind("Dense"))
    stage.view.add_layer(kind("Activation"))
    assert Edge("dense_1", "dense_3") in stage.graph.edges
    assert Edge("dense_3", "activation") in stage.graph.edges
    assert stage.graph.nodes["dense_3"].position == (0.0, 320.0 + STEP)
    assert stage.selection.only_node == "activation"
    assert stage.document.stack.count() == 2


def test_sent_with_a_node_in_a_chain_selected_it_comes_between(stage: Stagehand) -> None:
    stage.click(stage.body("input"))
    stage.view.add_layer(kind("Flatten"))
    assert set(stage.graph.edges) == {Edge("input", "flatten"), Edge("flatten", "dense"), Edge("dense", "dense_1")}
    stage.document.undo()
    assert stage.graph.edges == (Edge("input", "dense"), Edge("dense", "dense_1"))


def test_sent_with_several_selected_a_merging_layer_takes_them_all(stage: Stagehand) -> None:
    merging = next(cls for cls in offered() if cls.inputs and cls.inputs[0].many)
    stage.click(stage.body("dense_1"))
    stage.click(stage.body("dense_2"), SHIFT)
    stage.view.add_layer(merging)
    key = stage.selection.only_node
    assert key is not None
    assert {edge.source for edge in stage.graph.into(key)} == {"dense_1", "dense_2"}


def test_sent_with_nothing_selected_it_covers_nothing(stage: Stagehand) -> None:
    for _ in range(3):
        stage.selection.clear()
        stage.view.add_layer(kind("Dense"))
    rects = [item.box.rect for item in stage.scene.nodes.values()]
    assert not any(a.intersects(b) for place, a in enumerate(rects) for b in rects[:place])


@pytest.mark.parametrize("cls", offered(), ids=lambda cls: cls.key)
def test_every_layer_can_be_added_in_every_way(qtbot: QtBot, cls: type[Layer]) -> None:
    stage = Stagehand(qtbot, Graph())
    stage.view.add_layer(cls)
    stage.view.add_layer(cls)
    drop(stage, cls, QPointF(300, 300))
    assert len(stage.graph.nodes) == 3
    assert stage.is_in_step()


def test_an_entry_takes_the_shape_of_the_loaded_data(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    stage.document.set_dataset(Dataset({"x": Field(np.zeros((3, 7, 2), np.float32))}, {}))
    stage.view.add_layer(next(cls for cls in offered() if not cls.inputs))
    (node,) = stage.graph.nodes.values()
    assert stage.document.inference.outputs[node.id][0].shape == (7, 2)


def faulty() -> Graph:
    """A network whose Conv2D or Dense could be mended by a button."""
    graph = chain(layer("Input", shape=(4, 4, 1)), layer("Dense", units=3))
    return graph.add(Node("flatten", layer("Flatten"), (300.0, 300.0)))


def test_notes_stay_within_the_view(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph().add(Node("dense", layer("Dense", units=3), (0.0, 0.0))))
    view, note = stage.view, stage.scene.faults["dense"]
    for width in (900, 640, 480):
        view.resize(width, 600)
        for left in (-20, 20 - width + 212, -width // 2 + 106):
            view.scroll(QPointF(view.mapToScene(0, 0).x() - left, view.mapToScene(0, 0).y() + 200))
            seen = view.mapToScene(view.viewport().rect()).boundingRect()
            assert seen.contains(stage.scene.nodes["dense"].box.rect)
            assert seen.contains(note.rect), (width, left)
            assert not note.rect.intersects(stage.scene.nodes["dense"].box.rect)


def test_a_fault_is_shown_and_its_button_mends_it(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, faulty())
    fields = {"y": Field(np.zeros((5,), np.int64), tuple("abc"))}
    stage.document.set_dataset(Dataset({"x": Field(np.zeros((5, 4, 4, 1), np.float32))}, fields))
    note = stage.scene.faults["dense"]
    problem = stage.scene.problem_of("dense")
    assert problem is not None
    assert problem.fix is not None
    assert note.look.text == problem.text
    assert stage.scene.nodes["dense"].look.severity == "error"

    stage.click(note.button.center())

    assert stage.document.stack.undoText() == problem.fix.label
    assert stage.document.problems != ()
    assert "dense" not in stage.scene.faults
    assert stage.is_in_step()
    stage.document.undo()
    assert "dense" in stage.scene.faults


def test_a_button_released_elsewhere_does_nothing(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, faulty())
    fields = {"y": Field(np.zeros((5,), np.int64), tuple("abc"))}
    stage.document.set_dataset(Dataset({"x": Field(np.zeros((5, 4, 4, 1), np.float32))}, fields))
    stage.drag(stage.scene.faults["dense"].button.center(), QPointF(-100, -20))
    assert not stage.document.stack.canUndo()
    assert stage.selection.nodes == frozenset()


def test_an_empty_canvas_says_how_to_begin(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    hint = stage.view.viewport().findChild(object, "canvas-hint")
    assert hint is not None
    assert hint.isVisible()
    stage.view.add_layer(kind("Input"))
    assert not hint.isVisible()
    stage.document.undo()
    assert hint.isVisible()


def test_keys_move_and_mend_nothing_while_a_layer_is_in_hand(stage: Stagehand) -> None:
    stage.view.begin_drop(kind("Dense"))
    stage.view.drop_moved(spot(stage, QPointF(200, 200)))
    stage.key(Qt.Key.Key_Delete)
    stage.key(Qt.Key.Key_Escape)
    assert stage.view.gesture is None
    assert not stage.document.stack.canUndo()


def test_a_layer_in_the_place_of_a_deleted_one_inherits_none_of_its_weights(stage: Stagehand) -> None:
    drop(stage, kind("Dense"), QPointF(0, 0), QPointF(520, 500))
    stage.document.set_learnt({"dense_3": {"kernel": (1, 1)}})
    stage.document.edit("Delete", stage.document.project.with_graph(stage.graph.without(["dense_3"])))
    drop(stage, kind("Dense"), QPointF(0, 0), QPointF(520, 500))

    assert stage.selection.only_node == "dense_4"


def test_notes_of_neighbours_never_cover_each_other(stage: Stagehand) -> None:
    nodes = {f"d{n}": Node(f"d{n}", layer("Dense", units=3), (216.0 * (n % 3), 66.0 * (n // 3))) for n in range(30)}
    stage.document.edit("Crowd", stage.document.project.with_graph(Graph(nodes)))
    faults = stage.scene.faults
    assert len(faults) == 30
    shown = [fault for fault in faults.values() if fault.isVisible()]
    assert 0 < len(shown) < 30, "there is not room for all"
    for place, one in enumerate(shown):
        assert not any(one.rect.intersects(other.rect) for other in shown[place + 1 :])
    area = stage.view.viewport().rect()
    hidden = [key for key, fault in faults.items() if fault.folded and area.contains(stage.pixel(stage.body(key)))]
    key = next(key for key in hidden if stage.scene.spot(stage.body(key)).hit.node == key)
    folded = faults[key]
    assert folded.button.isEmpty()
    stage.move(stage.body(key))
    assert folded.isVisible(), "the pointer unfolds it"
    stage.move(QPointF(-200, -200))
    assert not folded.isVisible()
    stage.click(stage.body(key))
    stage.move(QPointF(-200, -200))
    assert folded.isVisible(), "so does the selection"
    stage.view.scroll(QPointF(0, 40))
    shown = [fault for fault in faults.values() if not fault.folded]
    for place, one in enumerate(shown):
        assert not any(one.rect.intersects(other.rect) for other in shown[place + 1 :])
