"""How writing a note ends, and what very long notes cost: nothing is lost, nothing is drawn that is not seen."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from designer.canvas.rename_field import RenameField
from engine.io.project_json import project_from_json, project_to_json
from engine.sketch import Note
from tests.designer.canvas.stagehand import CTRL, Stagehand
from tests.designer.canvas.test_notes import FREE, field, no_field, note, put


def test_another_project_ends_writing_and_takes_nothing_over(stage: Stagehand) -> None:
    put(stage, Note("note_1", "of the first", FREE.toTuple()))
    stage.view.notes.edit("note_1")
    open_one = field(stage)
    open_one.setPlainText("written for the first")
    put(stage, Note("note_1", "of the second", FREE.toTuple()))
    assert no_field(stage)
    open_one.close_field(keep=True)
    stage.selection.set(["dense"])
    stage.view.rename()
    name = next(one for one in stage.view.findChildren(RenameField) if one.isVisible())
    name.setText("of the second")
    stage.document.reset(stage.document.project)
    assert not name.isVisible() and stage.graph.nodes["dense"].name == "dense"
    assert note(stage).text == "of the second" and not stage.document.stack.canUndo()


def test_a_field_that_is_gone_does_not_loosen_the_next_one(qtbot: QtBot, stage: Stagehand) -> None:
    put(stage, Note("note_1", "one", FREE.toTuple()), Note("note_2", "two", (0.0, 320.0)))
    stage.view.notes.edit("note_1")
    before = field(stage)
    before.close_field(keep=True)
    stage.view.notes.edit("note_2")
    qtbot.waitUntil(lambda: not shiboken6.isValid(before))
    stage.view.zoom_to(1.6)
    place = stage.view.mapFromScene(stage.scene.notes.items["note_2"].rect).boundingRect()
    assert field(stage).geometry() == place
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)


def test_settling_keeps_what_is_being_written(stage: Stagehand) -> None:
    stage.view.notes.add(FREE)
    field(stage).setPlainText("half a thought")
    stage.view.settle()
    stage.view.settle()
    assert no_field(stage) and note(stage).text == "half a thought" and stage.document.stack.count() == 1


def test_tabs_do_not_make_a_note_too_long_to_be_read_again(stage: Stagehand) -> None:
    stage.view.notes.add(FREE)
    field(stage).setPlainText("\ta" * 4_000)
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert note(stage).text == "    a" * 2_000 and "10,000 characters" in stage.said[-1]
    found = project_from_json(project_to_json(stage.document.project, None, Path("/nowhere/p.loom")))
    assert found.project.sketch == stage.document.project.sketch and found.unknown == ()


class Listening(QPainter):
    """Writes down the texts that are drawn."""

    def __init__(self, onto: QImage) -> None:
        super().__init__(onto)
        self.texts: list[str] = []

    def drawText(self, *values: object) -> None:
        self.texts.append(str(values[-1]))
        super().drawText(*values)


def drawn(stage: Stagehand, exposed: QRectF) -> list[str]:
    """The texts that note_1 draws when a part of it is seen."""
    onto = QImage(64, 64, QImage.Format.Format_RGB32)
    option = QStyleOptionGraphicsItem()
    option.exposedRect = exposed
    painter = Listening(onto)
    stage.scene.notes.items["note_1"].paint(painter, option)
    painter.end()
    return painter.texts


def test_only_rows_in_sight_are_drawn(stage: Stagehand) -> None:
    rows = [f"row {n}" for n in range(1_500)]
    put(stage, Note("note_1", "\n".join(rows), FREE.toTuple(), (220.0, 100_000.0)))
    item = stage.scene.notes.items["note_1"]
    assert item.flags() & item.GraphicsItemFlag.ItemUsesExtendedStyleOption, "Qt tells what is exposed"
    assert drawn(stage, item.rect) == rows
    seen = drawn(stage, QRectF(item.rect.left(), item.rect.top() + 5_000, 220, 200))
    first = rows.index(seen[0])
    assert 5 < len(seen) < 25 and first > 100 and seen == rows[first : first + len(seen)]
    assert drawn(stage, QRectF(item.rect.left(), item.rect.bottom() - 50, 220, 50)) == []


def test_a_long_title_is_shortened_before_it_is_drawn(stage: Stagehand) -> None:
    put(stage, Note("note_1", "iiii " * 2_000, FREE.toTuple(), (90_000.0, 200.0), "blue", True))
    texts = drawn(stage, stage.scene.notes.items["note_1"].rect)
    assert len(texts) == 1 and 100 < len(texts[0]) <= 120 and texts[0].startswith("iiii iiii")
