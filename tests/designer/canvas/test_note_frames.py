"""Frames on the canvas: put around what is selected, taken hold of by their titles, moved with what stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from designer.canvas.holding import carried, place_of
from designer.canvas.note_item import TITLE
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from engine.sketch import LARGEST, Note, Sketch
from tests.designer.canvas.stagehand import CTRL, SHIFT, Stagehand


def put(stage: Stagehand, *notes: Note) -> None:
    """Lay frames and notes on the canvas without a step to undo."""
    stage.document.reset(stage.document.project.with_sketch(Sketch(notes)))


def frame(stage: Stagehand, key: str = "note_1") -> Note:
    found = stage.document.project.sketch.note(key)
    assert found is not None and found.frame
    return found


def title(stage: Stagehand) -> QLineEdit:
    """The field in which a title is written."""
    return next(one for one in stage.view.findChildren(QLineEdit, "node-rename") if one.isVisible())


def strip(stage: Stagehand, key: str = "note_1") -> QPointF:
    """A point of a frame's title."""
    return stage.scene.notes.items[key].rect.topLeft() + QPointF(30, TITLE / 2)


@pytest.fixture
def framed(stage: Stagehand) -> Stagehand:
    """dense and a note in a frame, input and dense_1 out of it; dense_2 reaches into it."""
    put(
        stage,
        Note("note_1", "Hidden", (-48.0, 112.0), (440.0, 136.0), "green", True),
        Note("note_2", "inside", (216.0, 150.0), (80.0, 60.0)),
        Note("note_3", "outside", (-340.0, 150.0), (280.0, 60.0)),
    )
    return stage


def test_a_frame_goes_around_what_is_selected(stage: Stagehand) -> None:
    stage.selection.set(["dense", "dense_2"])
    stage.key(Qt.Key.Key_N, SHIFT)
    for key in ("dense", "dense_2"):
        area = place_of(frame(stage)).adjusted(16, TITLE + 8, -16, -16)
        assert area.contains(stage.box(key).rect)
    assert not place_of(frame(stage)).intersects(stage.box("input").rect)
    QTest.keyClicks(title(stage), "Side by side")
    QTest.keyClick(title(stage), Qt.Key.Key_Return)
    assert frame(stage).text == "Side by side" and stage.selection.only_note == "note_1"
    assert stage.document.stack.count() == 2 and stage.is_in_step()
    stage.document.undo()
    stage.document.undo()
    assert stage.scene.notes.items == {} and stage.is_in_step()


def test_a_long_title_and_a_long_name_keep_their_ends(stage: Stagehand) -> None:
    long, name = "t" * 118 + "!!", "n" * 150 + "😀"
    put(stage, Note("note_1", long, (0.0, 400.0), (400.0, 200.0), "blue", True))
    stage.view.notes.edit("note_1")
    assert title(stage).text() == title(stage).selectedText() == long
    QTest.keyClick(title(stage), Qt.Key.Key_Return)
    assert frame(stage).text == long and not stage.document.stack.canUndo()
    stage.document.reset(stage.document.project.with_graph(stage.graph.labelled("dense", name)))
    stage.selection.set(["dense"])
    stage.view.rename()
    QTest.keyClick(title(stage), Qt.Key.Key_Return)
    assert stage.graph.nodes["dense"].name == name and not stage.document.stack.canUndo()


def test_a_frame_around_a_very_long_network_can_be_read_again(stage: Stagehand) -> None:
    stage.document.edit("Far", stage.document.project.with_graph(stage.graph.moved(["dense_2"], (0.0, 110_000.0))))
    stage.selection.set(["dense", "dense_2"])
    stage.view.notes.frame()
    QTest.keyClick(title(stage), Qt.Key.Key_Return)
    assert frame(stage).size[1] == LARGEST
    found = project_from_json(project_to_json(stage.document.project, None, Path("/nowhere/p.loom")))
    assert found.project.sketch == stage.document.project.sketch and found.unknown == ()


def test_without_a_selection_it_says_what_to_do(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_N, SHIFT)
    assert stage.document.project.sketch.notes == () and "Select the layers" in stage.said[-1]


def test_dragging_the_title_takes_along_what_stands_in_it(framed: Stagehand) -> None:
    before = {key: node.position for key, node in framed.graph.nodes.items()}
    start = strip(framed)
    framed.drag(start, start + QPointF(3, 401), release=False)
    assert framed.box("dense").rect.topLeft().toTuple() == (0.0, 560.0)
    assert framed.scene.notes.items["note_2"].rect.topLeft().toTuple() == (216.0, 550.0)
    framed.release(start + QPointF(3, 401))
    after = {key: node.position for key, node in framed.graph.nodes.items()}
    assert {key for key in before if before[key] != after[key]} == {"dense"}
    sketch = framed.document.project.sketch
    assert [note.position for note in sketch.notes] == [(-48.0, 512.0), (216.0, 550.0), (-340.0, 150.0)]
    assert framed.document.stack.count() == 1 and framed.is_in_step()
    framed.document.undo()
    assert {key: node.position for key, node in framed.graph.nodes.items()} == before and framed.is_in_step()


def test_the_inside_is_no_part_of_it(framed: Stagehand) -> None:
    inside = QPointF(-30, 220)
    assert framed.scene.spot(inside).kind == "nothing"
    framed.drag(inside, QPointF(230, 240))
    assert framed.selection.nodes == {"dense"} and framed.selection.notes == frozenset()
    framed.drag(QPointF(-56, 100), QPointF(400, 260))
    assert framed.selection.notes == {"note_1", "note_2"}


def test_delete_leaves_the_layers(framed: Stagehand) -> None:
    framed.click(strip(framed))
    framed.key(Qt.Key.Key_Delete)
    assert len(framed.graph.nodes) == 4 and [n.key for n in framed.document.project.sketch.notes] == [
        "note_2",
        "note_3",
    ]
    assert framed.is_in_step()


def test_arrows_move_what_stands_in_it(framed: Stagehand) -> None:
    framed.click(strip(framed))
    framed.key(Qt.Key.Key_Down, SHIFT)
    framed.key(Qt.Key.Key_Down, SHIFT)
    assert framed.graph.nodes["dense"].position == (0.0, 288.0) and frame(framed).position == (-48.0, 240.0)
    assert framed.document.stack.count() == 1 and framed.is_in_step()


def test_sizes_by_its_corner_and_keeps_its_layers_where_they_are(framed: Stagehand) -> None:
    corner = place_of(frame(framed)).bottomRight() - QPointF(4, 4)
    framed.drag(corner, corner + QPointF(120, 40))
    assert frame(framed).size == (560.0, 176.0) and framed.graph.nodes["dense"].position == (0.0, 160.0)
    assert carried(framed.document.project, (), ["note_1"])[0] == {"dense", "dense_2"}


def test_a_double_click_writes_the_title(framed: Stagehand) -> None:
    framed.double_click(strip(framed))
    assert title(framed).selectedText() == "Hidden"
    title(framed).clear()
    QTest.keyClick(title(framed), Qt.Key.Key_Return)
    assert frame(framed).text == "", "a frame needs no title"
    framed.key(Qt.Key.Key_D, CTRL)
    assert framed.selection.notes == {"note_4"} and framed.graph.nodes.keys() == {
        "input",
        "dense",
        "dense_1",
        "dense_2",
    }


def test_the_larger_of_two_frames_holds_the_smaller() -> None:
    notes = (
        Note("outer", "", (0.0, 0.0), (400.0, 400.0), frame=True),
        Note("inner", "", (100.0, 100.0), (200.0, 200.0), frame=True),
        Note("deep", "", (150.0, 150.0), (100.0, 100.0)),
        Note("across", "", (300.0, 300.0), (400.0, 400.0), frame=True),
    )
    project = Project().with_sketch(Sketch(notes))
    assert carried(project, (), ["outer"]) == (frozenset(), {"outer", "inner", "deep"})
    assert carried(project, (), ["inner"]) == (frozenset(), {"inner", "deep"})
    assert carried(project, ["x"], ["deep"]) == ({"x"}, {"deep"})


def test_the_smaller_of_two_frames_is_taken_hold_of(stage: Stagehand) -> None:
    put(
        stage,
        Note("outer", "", (-300.0, 300.0), (280.0, 200.0), frame=True),
        Note("inner", "", (-280.0, 304.0), (100.0, 100.0), frame=True),
    )
    spot = stage.scene.spot(QPointF(-250, 312))
    assert (spot.kind, spot.note) == ("frame", "inner")
    assert stage.scene.spot(QPointF(-50, 312)).note == "outer"
    assert stage.scene.content_rect().contains(QRectF(-300, 300, 280, 200))
