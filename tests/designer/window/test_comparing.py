"""Comparing the network with a save or another project, in the real window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from designer.canvas.difference import Difference
from designer.model.comparison import compared
from designer.window.comparing.dialog import CompareDialog
from engine.graph import Node
from engine.io import Opened, save_project
from engine.registry import layers
from tests.designer.window.conftest import answer, settled, small
from tests.engine.io.samples import state_of


def opened(qtbot, window, folder: Path) -> None:
    """A project that was saved twice, with 10 epochs before and very many now, is open."""
    save_project(folder, small().with_training(small().training.changed(epochs=10)), None)
    save_project(folder, small(), None)
    window.files.open_folder(folder)
    qtbot.waitUntil(lambda: window.files.folder == folder, timeout=20_000)
    settled(qtbot, window)


def listed(qtbot, window) -> CompareDialog:
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is not None, timeout=20_000)
    return window.findChild(CompareDialog)


def change_units(window, units: int) -> None:
    graph = window.document.project.graph
    graph = graph.with_layer("dense", graph.nodes["dense"].layer.changed(units=units))
    window.document.edit("Units", window.document.project.with_graph(graph))


def test_what_was_changed_since_the_last_save(qtbot, window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "digits.loom")
    change_units(window, 12)

    window.commands["compare"].trigger()
    qtbot.waitUntil(lambda: window.sheet.is_open, timeout=20_000)
    answer(window, "0")
    dialog = listed(qtbot, window)

    assert dialog.heading.text() == "The network now, compared with the last save"
    changed = dialog.tree.topLevelItem(0)
    assert changed.text(0) == "Changed (1)"
    unit = changed.child(0).child(0)
    assert [unit.text(n) for n in range(3)] == ["units", "10", "12"]
    place = dialog.tree.visualItemRect(changed.child(0)).center()
    QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.selection.nodes == {"dense"}

    QTest.mouseClick(dialog.findChild(QPushButton, "copy-differences"), Qt.MouseButton.LeftButton)
    assert "  dense\n    units: 10 → 12\n" in QGuiApplication.clipboard().text()
    QTest.mouseClick(dialog.findChild(QPushButton, "close-differences"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def test_an_earlier_save(qtbot, window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "digits.loom")

    window.commands["compare"].trigger()
    qtbot.waitUntil(lambda: window.sheet.is_open, timeout=20_000)
    answer(window, "1")
    dialog = listed(qtbot, window)

    assert "Data and training (1)\n  epochs: 10 → 100000" in dialog.text()
    dialog.accept()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def test_another_project_is_read_but_not_opened(qtbot, window, tmp_path: Path) -> None:
    save_project(tmp_path / "other.loom", small(), None)
    window.document.reset(small())
    before = window.document.project

    window.commands["compare"].trigger()
    dialog = window.findChild(QFileDialog, "open-dialog")
    dialog.fileSelected.emit(str(tmp_path / "other.loom"))
    dialog.done(0)
    told = listed(qtbot, window)

    assert told.sum.text() == "Both are the same; only places on the canvas may differ."
    assert window.document.project is before
    assert window.files.folder is None
    assert not list(tmp_path.glob(".other*.lock"))
    told.accept()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def test_a_project_that_is_not_there_is_told(qtbot, window, tmp_path: Path) -> None:
    window.comparing.compare(tmp_path / "gone.loom")

    qtbot.waitUntil(lambda: window.messages.text.startswith("gone.loom could not be compared."), timeout=20_000)
    assert window.findChild(CompareDialog) is None


def test_names_are_no_markup_in_tips(qtbot, window) -> None:
    name = "<img src='/etc/passwd'>"
    project = small()
    named = project.with_graph(project.graph.labelled("dense", name))
    dialog = CompareDialog("other", compared(project, named), named, window)
    qtbot.addWidget(dialog)
    layer = dialog.tree.topLevelItem(0).child(0)
    for item, column in ((layer, 0), (layer.child(0), 2)):
        assert item.text(column) == name
        assert "<img" not in item.toolTip(column)
        assert QTextDocumentFragment.fromHtml(item.toolTip(column)).toPlainText() == name


def test_weights_are_not_read(qtbot, window, tmp_path: Path) -> None:
    opened_files: list[str] = []
    watching = True

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open":
            opened_files.append(Path(str(arguments[0])).name)

    graph = small().graph
    save_project(tmp_path / "other.loom", small(), state_of(graph))
    (weights,) = (tmp_path / "other.loom").glob("weights-*.h5")
    window.document.reset(small())
    sys.addaudithook(hear)  # stays for good, so it has to be told when to stop
    try:
        window.comparing.compare(tmp_path / "other.loom")
        told = listed(qtbot, window)
    finally:
        watching = False
    assert "project.json" in opened_files
    assert weights.name not in opened_files
    assert told.sum.text().startswith("Both are the same")
    told.accept()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def cut(window) -> None:
    """Flatten goes, Dense gets other units, and a Dropout comes."""
    project = window.document.project
    graph = project.graph.with_layer("dense", project.graph.nodes["dense"].layer.changed(units=12))
    graph = graph.without({"flatten"}).add(Node("dropout", layers.get("Dropout")(rate=0.5), (900.0, 40.0)))
    window.document.edit("Cut", project.with_graph(graph))


def test_what_differs_is_marked_on_the_canvas_until_done(qtbot, window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "digits.loom")
    before = window.document.project.graph.nodes["flatten"]
    cut(window)
    window.comparing.compare(tmp_path / "digits.loom")
    listed(qtbot, window).accept()
    marks = window.comparing.difference.marks()
    nodes = window.canvas.canvas.nodes
    assert [(mark.kind, mark.name) for mark in marks] == [("added", ""), ("changed", ""), ("removed", before.name)]
    assert [mark.rect for mark in marks[:2]] == [nodes["dropout"].box.rect, nodes["dense"].box.rect]
    assert marks[2].rect.topLeft().toTuple() == before.position
    strip = window.findChild(Difference)
    assert strip.isVisible()
    said = [label.text() for label in strip.findChildren(QLabel) if label.text()]
    assert said == ["Compared with digits.loom", "1 added", "1 changed", "1 removed"]

    window.document.undo()  # the marks follow: nothing differs any more
    qtbot.waitUntil(lambda: not window.comparing.difference.marks())
    window.document.redo()
    qtbot.waitUntil(lambda: len(window.comparing.difference.marks()) == 3)
    QTest.mouseClick(strip.findChild(QPushButton, "difference-list"), Qt.MouseButton.LeftButton)
    assert "Removed (1)" in listed(qtbot, window).text()
    QTest.mouseClick(strip.findChild(QPushButton, "difference-done"), Qt.MouseButton.LeftButton)
    assert not strip.isVisible()
    assert strip.marks() == ()
    for dialog in window.findChildren(CompareDialog):
        dialog.close()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def test_another_project_ends_the_marks(qtbot, window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "digits.loom")
    cut(window)
    window.comparing.compare(tmp_path / "digits.loom")
    listed(qtbot, window).accept()
    assert window.comparing.difference.isVisible()
    window.document.reset(small())
    assert not window.comparing.difference.isVisible()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)


def test_the_network_that_was_trained(qtbot, window) -> None:
    project = small()
    window.files.show_recovered(Opened(project, state_of(project.graph)), None)
    change_units(window, 12)
    window.commands["compare"].trigger()
    qtbot.waitUntil(lambda: window.sheet.is_open)
    answer(window, "run")
    dialog = listed(qtbot, window)
    assert dialog.heading.text() == "The network now, compared with the network that was trained"
    assert "Changed (1)\n  dense\n    units: 10 → 12" in dialog.text()
    dialog.accept()
    qtbot.waitUntil(lambda: window.findChild(CompareDialog) is None)
