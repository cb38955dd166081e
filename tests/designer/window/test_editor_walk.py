"""Random work in the real window: after every action the canvas shows the document, and everything can be undone."""

from __future__ import annotations

import gc
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas.fault_item import FaultItem
from designer.canvas.frame_item import FrameItem
from designer.canvas.node_item import NodeItem
from designer.canvas.note_field import NoteField
from designer.canvas.note_item import NoteItem
from designer.canvas.rename_field import RenameField
from designer.canvas.wire_item import WireItem
from designer.window.main_window import MainWindow
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from engine.registry import layers
from engine.sketch import COLOURS
from tests.designer.canvas.walks import KINDS, check_scene
from tests.designer.panels.test_random_walk import some_value
from tests.designer.window.conftest import small

#: Networks are kept about this small, so that a walk takes many steps.
MOST = 14
NAMES = ("", "block/a", "block/b", "block/inner/c", "Mine", "a" * 80, "ü 漢 <b>")
TEXTS = ("", " ", "Why?", "two\nlines", "<b>no markup</b>", "ü 漢 😀 " * 80)
ZOOMS = (0.1, 0.3, 1.0, 4.0, 0.0, -2.0, 1e308, math.nan, math.inf, -math.inf)
GARBAGE = ("", "{", '{"layerloom": "layers"}', '{"layerloom": "layers", "nodes": 3}', "\x00" * 20, "x" * 5000)


class Walker:
    """Hands that do something at random.

    Args:
        window: where they work.
        chance: what they do.
    """

    def __init__(self, window: MainWindow, chance: random.Random) -> None:
        self.window, self.chance = window, chance
        self.canvas, self.document = window.canvas, window.document
        self.done: Counter[str] = Counter()
        self._actions: tuple[tuple[int, Callable[[], object]], ...] = (
            (8, self.add), (6, self.connect), (6, self.choose), (5, self.set), (4, self.drag), (2, self.nudge),
            (3, self.delete), (2, self.copy), (2, self.paste), (2, self.duplicate), (1, self.cut), (1, self.garbage),
            (3, self.rename), (2, self.share), (1, self.part), (2, self.freeze), (6, self.undo), (4, self.redo),
            (3, self.zoom), (1, self.fit), (1, self.escape), (3, self.write), (2, self.frame), (3, self.drag_note),
            (2, self.colour), (2, self.choose_notes), (1, self.bookmark), (1, self.look_there),
        )  # fmt: skip

    @property
    def keys(self) -> list[str]:
        return list(self.document.project.graph.nodes)

    def step(self) -> None:
        weights = [weight for weight, _ in self._actions]
        action = self.chance.choices([action for _, action in self._actions], weights)[0]
        if len(self.keys) > MOST:
            self.window.selection.set(self.chance.sample(self.keys, MOST // 2))
            action = self.delete
        self.done[action.__name__] += 1
        action()

    def choose(self) -> None:
        edges = self.document.project.graph.edges
        nodes = self.chance.sample(self.keys, min(len(self.keys), self.chance.choice((0, 1, 1, 1, 2, 5))))
        self.window.selection.set(nodes, edges[:1] if self.chance.random() < 0.2 else ())

    def add(self) -> None:
        self.canvas.add_layer(layers.get(self.chance.choice(KINDS)))

    def connect(self) -> None:
        if self.keys:
            self.window.selection.set([self.chance.choice(self.keys)])
            self.canvas.connect_by_keyboard()
            for _ in range(self.chance.randrange(4)):
                QTest.keyClick(self.canvas, Qt.Key.Key_Tab)
            QTest.keyClick(self.canvas, self.chance.choice((Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape)))

    def set(self) -> None:
        if self.keys:
            self.window.selection.set([self.chance.choice(self.keys)])
        page = self.window._inspector.node_page
        if page is not None and page.form.rows:
            row = page.form.row(self.chance.choice(list(page.form.rows)))
            row.editor.offer(some_value(row.parameter.constraint, self.chance))

    def drag(self) -> None:
        if not self.keys:
            return
        key = self.chance.choice(self.keys)
        self.canvas.reveal(key)
        self.pull(self.canvas.canvas.nodes[key].box.rect.center())

    def pull(self, place: QPointF) -> None:
        viewport, start = self.canvas.viewport(), self.canvas.mapFromScene(place)
        end = start + QPointF(self.chance.randint(-120, 120), self.chance.randint(-90, 90)).toPoint()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(viewport, (start + end) / 2)
        QTest.mouseMove(viewport, end)
        if self.chance.random() < 0.2:
            QTest.keyClick(self.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)

    def nudge(self) -> None:
        self.canvas.nudge(self.chance.randint(-3, 3), self.chance.randint(-3, 3))

    def delete(self) -> None:
        self.canvas.delete()

    def copy(self) -> None:
        self.canvas.copy()

    def cut(self) -> None:
        self.canvas.cut()

    def paste(self) -> None:
        self.canvas.paste()

    def garbage(self) -> None:
        QGuiApplication.clipboard().setText(self.chance.choice(GARBAGE))
        before = self.document.project
        self.canvas.paste()
        assert self.document.project == before

    def duplicate(self) -> None:
        self.canvas.duplicate()

    def rename(self) -> None:
        if self.keys:
            self.canvas.commands.rename(self.chance.choice(self.keys), self.chance.choice(NAMES))

    def share(self) -> None:
        chosen = self.canvas.weights.chosen
        if len(chosen) > 1:
            self.canvas.weights.share_with(chosen[0])

    def part(self) -> None:
        self.canvas.own_weights()

    def freeze(self) -> None:
        self.canvas.freeze()

    @property
    def notes(self) -> list[str]:
        return [note.key for note in self.document.project.sketch.notes]

    def write(self) -> None:
        if self.notes and self.chance.random() < 0.4:
            self.canvas.notes.edit(self.chance.choice(self.notes))
        else:
            self.canvas.add_note()
        for field in self.canvas.findChildren(NoteField):
            field.setPlainText(self.chance.choice(TEXTS))
            field.close_field(keep=self.chance.random() < 0.9)
        self.window.canvas.setFocus()

    def frame(self) -> None:
        if len(self.notes) < MOST:
            self.canvas.notes.frame()
            for field in self.canvas.findChildren(RenameField):
                field.close_field(keep=self.chance.random() < 0.5)

    def drag_note(self) -> None:
        if self.notes:
            key = self.chance.choice(self.notes)
            self.canvas.notes.reveal(key)
            item = self.canvas.canvas.notes.items[key]
            corner = item.rect.bottomRight() - QPointF(3, 3)
            self.pull(corner if self.chance.random() < 0.3 else item.strip.center())

    def colour(self) -> None:
        self.canvas.notes.paint(self.chance.choice(COLOURS))

    def choose_notes(self) -> None:
        self.window.selection.set(
            self.chance.sample(self.keys, min(len(self.keys), self.chance.choice((0, 0, 1, 3)))),
            (),
            self.chance.sample(self.notes, min(len(self.notes), self.chance.choice((0, 1, 2)))),
        )

    def bookmark(self) -> None:
        self.window.aids.bookmarks.add()
        for field in self.canvas.findChildren(RenameField):
            field.close_field(keep=True)

    def look_there(self) -> None:
        bookmarks = self.window.aids.bookmarks
        for bookmark in bookmarks.bookmarks[:1]:
            bookmarks.go(bookmark.name) if self.chance.random() < 0.7 else bookmarks.remove(bookmark.name)

    def undo(self) -> None:
        self.document.undo()

    def redo(self) -> None:
        self.document.redo()

    def zoom(self) -> None:
        self.canvas.zoom_to(self.chance.choice(ZOOMS))

    def fit(self) -> None:
        self.canvas.fit()

    def escape(self) -> None:
        QTest.keyClick(self.canvas, Qt.Key.Key_Escape)

    def check(self) -> None:
        """Whether everything that is shown is what there is."""
        graph, selection = self.document.project.graph, self.window.selection
        check_scene(self.canvas.canvas, self.document)
        assert selection.nodes <= graph.nodes.keys() and selection.edges <= set(graph.edges)
        assert 0.09 < self.canvas.zoom < 4.01
        middle = self.canvas.mapToScene(self.canvas.viewport().rect().center())
        assert math.isfinite(middle.x()) and math.isfinite(middle.y())
        for key, item in self.canvas.canvas.nodes.items():
            assert item.state.selected == (key in selection.nodes)
        assert selection.notes <= set(self.notes)
        for key, sheet in self.canvas.canvas.notes.items.items():
            assert sheet.is_selected == (key in selection.notes)
        for edge, wire in self.canvas.canvas.wires.items():
            assert wire.state.selected == (edge in selection.edges)


def check_history(walker: Walker, start: object, folder: Path) -> None:
    """Undo all is the start, redo all the end, and what is saved is what is read."""
    document = walker.document
    while document.stack.canRedo():  # the walk may have ended among steps taken back
        document.redo()
    end = document.project
    while document.stack.canUndo():
        document.undo()
    assert document.project == start
    walker.check()
    while document.stack.canRedo():
        document.redo()
    assert document.project == end
    walker.check()
    assert project_from_json(project_to_json(end, None, folder)).project.graph == end.graph
    assert project_from_json(project_to_json(end, None, folder)).project.sketch == end.sketch


def items() -> list[Any]:
    """Everything in this process that a canvas shows."""
    for _ in range(2):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return [found for found in gc.get_objects() if type(found) in (NodeItem, WireItem, FaultItem, FrameItem, NoteItem)]


def check_items(walker: Walker, others: list[Any]) -> None:
    """Whether no item outlives what it shows; ``others`` are of windows before this one."""
    strange = set(map(id, others))
    living = Counter(type(found) for found in items() if id(found) not in strange)
    scene = walker.canvas.canvas
    wanted = {
        NodeItem: scene.nodes,
        WireItem: scene.wires,
        FaultItem: scene.faults,
        FrameItem: scene.frames,
        NoteItem: scene.notes.items,
    }
    assert {kind: living[kind] for kind in wanted} == {kind: len(shown) for kind, shown in wanted.items()}


def walked(qtbot: QtBot, window: MainWindow, seed: int, actions: int, folder: Path) -> Walker:
    """Work that begins while a run is under way; the run is stopped in the middle."""
    window.document.reset(Project())
    walker, others = Walker(window, random.Random(seed)), items()
    window.document.reset(small())
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=60_000)
    start = window.document.project
    window.training.toggle()
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > 3, timeout=600_000)
    for number in range(actions):
        if number == actions // 2:
            window.training.stop()
            window.appearance.use_dark() if seed % 2 else window.appearance.use_light()
        walker.step()
        walker.check()
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=240_000)
    check_history(walker, start, folder)
    check_items(walker, others)
    return walker


@pytest.fixture(autouse=True)
def light_again(window: MainWindow) -> Iterator[None]:
    """The theme is the whole application's."""
    yield
    window.appearance.use_light()


def test_the_canvas_shows_the_document_whatever_is_done(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    walker = walked(qtbot, window, 1, 150, tmp_path)
    assert {"add", "connect", "delete", "undo", "drag", "set", "write", "frame", "drag_note"} <= walker.done.keys()


@pytest.mark.long
def test_ten_thousand_actions(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    total = sum(sum(walked(qtbot, window, seed, 250, tmp_path).done.values()) for seed in range(40))
    assert total == 10_000
