"""Notes on the canvas with real mouse and keys: written, moved, sized, coloured, copied, deleted, each one step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from designer.canvas.menu import COLOURS
from designer.canvas.minimap import Minimap
from designer.canvas.note_field import NoteField
from designer.canvas.note_item import broken
from designer.canvas.note_taking import plain
from designer.canvas.picture import image, pdf, svg
from designer.canvas.tooltips import tooltip
from designer.theme import LIGHT, current_theme, ui_font
from engine.sketch import LONGEST_NOTE, MOST_NOTES, SMALLEST, Note, Sketch
from tests.designer.canvas.stagehand import ALT, CTRL, SHIFT, Stagehand

popups = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
FREE = QPointF(-200, 320)


def put(stage: Stagehand, *notes: Note) -> None:
    """Lay notes on the canvas without a step to undo."""
    stage.document.reset(stage.document.project.with_sketch(Sketch(notes)))


def note(stage: Stagehand, key: str = "note_1") -> Note:
    found = stage.document.project.sketch.note(key)
    assert found is not None
    return found


def field(stage: Stagehand) -> NoteField:
    """The field that is open."""
    return next(one for one in stage.view.findChildren(NoteField) if one.isVisible())


def no_field(stage: Stagehand) -> bool:
    return not any(one.isVisible() for one in stage.view.findChildren(QPlainTextEdit))


def test_n_writes_a_note_where_the_pointer_is(qtbot: QtBot, stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_N)
    assert stage.document.project.sketch.notes == () and not stage.document.stack.canUndo()
    QTest.keyClicks(field(stage), "Why 3 units?")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    QTest.keyClicks(field(stage), "<b>Ask</b>")
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert note(stage).text == "Why 3 units?\n<b>Ask</b>"
    qtbot.waitUntil(stage.view.hasFocus)
    assert no_field(stage) and stage.selection.only_note == "note_1"
    assert stage.document.stack.count() == 1 and stage.is_in_step()
    stage.document.undo()
    assert stage.scene.notes.items == {} and stage.selection.is_empty and stage.is_in_step()


def test_escape_and_an_empty_note_leave_nothing(stage: Stagehand) -> None:
    stage.view.notes.add(FREE)
    QTest.keyClicks(field(stage), "never mind")
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)
    stage.view.notes.add(FREE)
    QTest.keyClicks(field(stage), "  ")
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert no_field(stage) and stage.document.project.sketch == Sketch() and not stage.document.stack.canUndo()


def test_a_click_elsewhere_keeps_what_was_written(stage: Stagehand) -> None:
    put(stage, Note("note_1", "old", FREE.toTuple()))
    stage.double_click(FREE + QPointF(60, 40))
    assert field(stage).toPlainText() == "old"
    field(stage).setPlainText("new")
    QTest.mouseClick(stage.view.viewport(), Qt.MouseButton.LeftButton, pos=stage.pixel(QPointF(-120, 100)))
    assert no_field(stage) and note(stage).text == "new" and stage.document.stack.count() == 1


def test_f2_writes_anew_and_emptying_deletes(stage: Stagehand) -> None:
    put(stage, Note("note_1", "old", FREE.toTuple()))
    stage.click(FREE + QPointF(60, 40))
    assert stage.selection.notes == {"note_1"} and not stage.selection.nodes
    stage.key(Qt.Key.Key_F2)
    field(stage).clear()
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert stage.document.project.sketch.notes == () and stage.is_in_step()
    stage.document.undo()
    assert note(stage).text == "old" and stage.is_in_step()


def test_the_field_stays_over_its_note(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    stage.view.notes.edit("note_1")
    for change in (lambda: stage.view.zoom_to(1.6), lambda: stage.view.scroll(QPointF(-40, 30))):
        change()
        place = stage.view.mapFromScene(stage.scene.notes.items["note_1"].rect).boundingRect()
        assert field(stage).geometry() == place
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)


def test_a_note_that_vanishes_while_it_is_written_stays_away(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    stage.view.notes.edit("note_1")
    stage.document.edit("Clear", stage.document.project.with_sketch(Sketch()))
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)
    assert stage.document.project.sketch.notes == () and stage.is_in_step()


def test_dragging_moves_and_is_one_step(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", (-200.0, 320.0)))
    start = FREE + QPointF(40, 40)
    stage.drag(start, start + QPointF(-37, 51), release=False)
    shown = stage.scene.notes.items["note_1"].rect.topLeft()
    assert shown.toTuple() == (-240.0, 368.0), "it keeps to the grid"
    stage.release(start + QPointF(-37, 51))
    assert note(stage).position == (-240.0, 368.0)
    assert stage.document.stack.count() == 1 and stage.document.stack.undoText() == "Move a note"
    stage.document.undo()
    assert note(stage).position == (-200.0, 320.0) and stage.is_in_step()


def test_escape_puts_a_dragged_note_back(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    start = FREE + QPointF(40, 40)
    stage.drag(start, start + QPointF(80, 0), release=False)
    stage.key(Qt.Key.Key_Escape)
    stage.release(start)
    assert not stage.document.stack.canUndo() and stage.is_in_step()


def test_a_note_lines_up_with_a_layer(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", (-203.0, 500.0)))
    target = stage.box("input").rect.center().x() - 110
    start = QPointF(-160, 540)
    stage.drag(start, start + QPointF(target + 203 + 4, 0))
    assert note(stage).position[0] == target


def test_layers_and_notes_move_together(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    stage.selection.set(["dense_2"], (), ["note_1"])
    stage.drag(stage.body("dense_2"), stage.body("dense_2") + QPointF(80, 80))
    assert stage.graph.nodes["dense_2"].position == (400.0, 240.0) and note(stage).position == (-120.0, 400.0)
    assert stage.document.stack.undoText() == "Move dense_2 and a note"
    stage.key(Qt.Key.Key_Right)
    stage.key(Qt.Key.Key_Right)
    assert note(stage).position == (-104.0, 400.0) and stage.document.stack.count() == 2
    assert stage.is_in_step()


def test_the_corner_sizes(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    corner = FREE + QPointF(216, 106)
    stage.drag(corner, corner + QPointF(60, 41))
    assert note(stage).size == (280.0, 152.0) and stage.document.stack.count() == 1
    corner = FREE + QPointF(276, 148)
    stage.drag(corner, FREE - QPointF(300, 300))
    assert note(stage).size == (SMALLEST, SMALLEST)
    stage.document.undo()
    stage.drag(corner, corner + QPointF(60, 41), release=False)
    stage.key(Qt.Key.Key_Escape)
    stage.release(corner)
    assert note(stage).size == (280.0, 152.0) and stage.is_in_step()


def test_the_rubber_band_takes_notes_too(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", (-200.0, 320.0)), Note("note_2", "far", (-200.0, 900.0)))
    stage.drag(QPointF(-230, 300), QPointF(60, 420))
    assert stage.selection.notes == {"note_1"} and stage.selection.nodes == {"dense_1"}
    stage.key(Qt.Key.Key_A, CTRL)
    assert stage.selection.notes == {"note_1", "note_2"} and len(stage.selection.nodes) == 4
    stage.key(Qt.Key.Key_Escape)
    assert stage.selection.is_empty and stage.is_in_step()


def test_shift_adds_and_lets_go(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    stage.click(stage.body("dense_2"))
    stage.click(FREE + QPointF(40, 40), SHIFT)
    assert stage.selection.nodes == {"dense_2"} and stage.selection.notes == {"note_1"}
    stage.click(FREE + QPointF(40, 40), SHIFT)
    assert stage.selection.notes == frozenset() and stage.selection.nodes == {"dense_2"}


def test_delete_takes_layers_and_notes_in_one_step(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()), Note("note_2", "kept"))
    stage.selection.set(["dense_2"], (), ["note_1"])
    stage.key(Qt.Key.Key_Delete)
    assert "dense_2" not in stage.graph.nodes and [n.key for n in stage.document.project.sketch.notes] == ["note_2"]
    assert stage.document.stack.count() == 1 and stage.is_in_step()
    stage.document.undo()
    assert note(stage).text == "text" and "dense_2" in stage.graph.nodes


@popups
def test_the_menu_colours(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    pixel = stage.pixel(FREE + QPointF(40, 40))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, stage.view.viewport().mapToGlobal(pixel))
    QApplication.sendEvent(stage.view.viewport(), event)
    menu = next(m for m in stage.view.findChildren(QMenu, "canvas-menu") if m.isVisible())
    actions = {a.objectName(): a for m in (menu, *menu.findChildren(QMenu)) for a in m.actions() if a.objectName()}
    assert stage.selection.notes == {"note_1"}
    names = {"notes.edit_chosen", "copy", "cut", "duplicate", "delete", *(f"notes.paint_{c}" for c in COLOURS)}
    assert actions.keys() == {f"menu-{name}" for name in names}
    grounds = set()
    for colour in COLOURS:
        actions[f"menu-notes.paint_{colour}"].trigger()
        assert note(stage).colour == colour
        grounds.add(stage.view.viewport().grab().toImage().pixelColor(stage.pixel(FREE + QPointF(110, 90))).name())
    assert len(grounds) == len(COLOURS)
    menu.close()


def test_copies_come_with_layers_and_as_plain_text(stage: Stagehand) -> None:
    put(stage, Note("note_1", "one", FREE.toTuple(), colour="pink"), Note("note_2", "two", (-500.0, 0.0)))
    stage.selection.set(notes=["note_1", "note_2"])
    stage.key(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "one\n\ntwo"
    stage.key(Qt.Key.Key_V, CTRL)
    assert [(n.text, n.colour) for n in stage.document.project.sketch.notes[2:]] == [("one", "pink"), ("two", "yellow")]
    assert stage.selection.notes == {"note_3", "note_4"}
    stage.selection.set(["dense_2"], (), ["note_1"])
    stage.key(Qt.Key.Key_X, CTRL)
    assert stage.document.project.sketch.note("note_1") is None and "dense_2" not in stage.graph.nodes
    stage.key(Qt.Key.Key_V, CTRL)
    assert note(stage).text == "one" and stage.selection.nodes and stage.selection.notes == {"note_1"}
    assert stage.is_in_step()


def test_duplicates_by_key_and_by_dragging(stage: Stagehand) -> None:
    put(stage, Note("note_1", "one", FREE.toTuple()))
    stage.click(FREE + QPointF(40, 40))
    stage.key(Qt.Key.Key_D, CTRL)
    assert note(stage, "note_2") == replace(note(stage), key="note_2", position=(-168.0, 352.0))
    stage.document.undo()
    stage.drag(FREE + QPointF(40, 40), FREE + QPointF(40, 240), ALT)
    assert note(stage).position == FREE.toTuple() and note(stage, "note_2").position == (-200.0, 520.0)
    assert stage.document.stack.count() == 1 and stage.is_in_step()


def test_tab_reaches_notes_after_the_layers(stage: Stagehand) -> None:
    put(stage, Note("note_1", "one", FREE.toTuple()), Note("note_2", "two", (-500.0, 0.0)))
    stage.selection.set([stage.graph.order[-1]])
    for key in ("note_1", "note_2"):
        stage.key(Qt.Key.Key_Tab)
        assert stage.selection.only_note == key
    assert not stage.view.commands.step(True)
    stage.key(Qt.Key.Key_Backtab)
    stage.key(Qt.Key.Key_Backtab)
    assert stage.selection.only_node == stage.graph.order[-1] and not stage.selection.notes


def test_limits_are_said(stage: Stagehand) -> None:
    put(stage, *(Note(f"note_{n}") for n in range(1, MOST_NOTES + 1)))
    stage.key(Qt.Key.Key_N)
    assert no_field(stage) and "1,000 notes" in stage.said[-1]
    put(stage, Note("note_1", "x" * LONGEST_NOTE, FREE.toTuple()))
    stage.view.notes.edit("note_1")
    QTest.keyClicks(field(stage), "yz")
    assert len(field(stage).toPlainText()) == LONGEST_NOTE and "10,000 characters" in stage.said[-1]
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert note(stage).text == "x" * LONGEST_NOTE and not stage.document.stack.canUndo()


def test_a_new_note_grows_with_its_text(stage: Stagehand) -> None:
    stage.view.notes.add(FREE)
    field(stage).setPlainText("\n".join("many lines" for _ in range(14)))
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert 200 < note(stage).size[1] <= 480
    item = stage.scene.notes.items["note_1"]
    stage.view.viewport().grab()
    assert item.rect == QRectF(QPointF(*note(stage).position), item.rect.size())


def test_lines_are_broken_and_end_with_an_ellipsis(qapp: QApplication) -> None:
    font = QFont(ui_font())
    font.setPixelSize(13)
    width, metrics = 100.0, QFontMetricsF(font)
    assert broken("", font, width, 3) == ("",)
    assert broken("a\n\nb", font, width, 3) == ("a", "", "b")
    assert broken("a\nb\nc\nd", font, width, 2) == ("a", "b …")
    assert broken("anything", font, width, 0) == ()
    whole = broken("one two three four five six seven eight", font, width, 99)
    assert " ".join(whole) == "one two three four five six seven eight" and len(whole) > 2
    for text in ("word " * 300, "x" * 900, "漢" * 300, "😀" * 300, "a\u0301" * 300):
        lines = broken(text, font, width, 5)
        assert len(lines) == 5 and lines[-1].endswith("…")
        assert all(metrics.horizontalAdvance(line) <= width + 1 for line in lines)
        assert all("\ufffd" not in line for line in lines)


def test_what_nobody_sees_is_left_out() -> None:
    assert plain("a\tb\r\nc\x00\x1b\ud800d  \n") == "a    b\ncd"
    assert plain("ü 漢 👩‍💻 <b>") == "ü 漢 👩‍💻 <b>"


def test_pictures_and_the_small_map_show_notes(stage: Stagehand) -> None:
    before = image(stage.document).size()
    put(
        stage,
        Note("note_1", "beside", (-900.0, 0.0), colour="green"),
        Note("area", "", (-900, 300), (80, 90), frame=True),
    )
    picture = image(stage.document)
    assert picture.width() >= before.width() + 900
    colours = {picture.pixelColor(x, y).name() for x in range(0, 400, 20) for y in range(0, picture.height(), 20)}
    assert LIGHT.notes["green"] in colours
    assert svg(stage.document).count(b"<path") > 10 and pdf(stage.document).startswith(b"%PDF")
    small = Minimap(stage.view)
    stage.view.zoom_to(3.0)
    assert small.isVisible()
    place = small.on_map(QPointF(-880, 55)).toPoint()
    assert small.grab().toImage().pixelColor(place).name() == current_theme().notes["green"]


def test_far_away_notes_are_drawn_without_words(stage: Stagehand) -> None:
    put(stage, Note("note_1", "words " * 40, FREE.toTuple()))
    for zoom in (1.0, 0.3, 0.1):
        stage.view.zoom_to(zoom)
        stage.view.centerOn(FREE + QPointF(110, 55))
        area = stage.view.mapFromScene(stage.scene.notes.items["note_1"].rect).boundingRect().adjusted(3, 3, -3, -3)
        picture = stage.view.viewport().grab(area).toImage()
        colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        assert (len(colours) > 12) == (zoom > 0.2)


def test_the_tooltip_teaches_and_takes_no_markup(stage: Stagehand) -> None:
    put(stage, Note("note_1", "<b>bold</b>", FREE.toTuple()))
    text = tooltip(stage.scene, stage.scene.spot(FREE + QPointF(40, 40)))
    assert "&lt;b&gt;bold" in text and "double-click" in text
    assert "corner" in tooltip(stage.scene, stage.scene.spot(FREE + QPointF(216, 106)))


def test_an_edit_under_the_pointer_ends_the_gesture(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    stage.document.edit("Clear", stage.document.project.with_sketch(Sketch()))
    stage.document.undo()
    for start in (FREE + QPointF(40, 40), FREE + QPointF(216, 106)):
        stage.drag(start, start + QPointF(60, 60), release=False)
        stage.document.redo()
        assert stage.view.gesture is None
        stage.move(start + QPointF(90, 90))
        stage.release(start + QPointF(90, 90))
        assert stage.document.project.sketch == Sketch() and stage.is_in_step()
        stage.document.undo()


def test_notes_cost_no_check_of_the_network(stage: Stagehand) -> None:
    put(stage, Note("note_1", "text", FREE.toTuple()))
    problems, estimate = stage.document.problems, stage.document.estimate
    stage.selection.set(["dense_2"], (), ["note_1"])
    stage.key(Qt.Key.Key_Right)
    stage.view.notes.paint("pink")
    assert stage.document.stack.count() == 2
    assert stage.document.problems is problems and stage.document.estimate is estimate
