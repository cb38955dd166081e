"""The export window: what it says before, what it writes, what it says after."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import onnx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from designer.training.status import RunStatus
from designer.window.giving.dialog import ExportDialog
from designer.window.main_window import MainWindow
from engine.catalogue.layers.base import Layer
from engine.component import component
from engine.exchange.targets import TARGETS
from engine.graph import Graph
from engine.templates import chain
from tests.designer.window.conftest import small
from tests.engine.exchange.test_other_process import SlowScript, lives, on_posix, written

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # windows over the window


@pytest.fixture
def main(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.files._show(small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    yield window
    window.close_now()


def opened(qtbot: QtBot, window: MainWindow) -> ExportDialog:
    window.commands["export"].trigger()
    qtbot.waitUntil(lambda: window.findChild(QDialog, "export-dialog") is not None, timeout=20_000)
    dialog = window.findChild(QDialog, "export-dialog")
    assert isinstance(dialog, ExportDialog)
    qtbot.waitUntil(lambda: not window.giving._exporter.busy, timeout=20_000)
    return dialog


def said(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def chosen(dialog: ExportDialog, key: str) -> None:
    button = dialog.findChild(QRadioButton, f"export-{key}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center() - button.rect().topLeft())
    button.click()


def place(qtbot: QtBot, window: MainWindow, dialog: ExportDialog, path: Path) -> None:
    QTest.mouseClick(dialog.findChild(QPushButton, "export-button"), Qt.MouseButton.LeftButton)
    asked = dialog.findChild(QFileDialog, "export-place")
    field = asked.findChild(QWidget, "fileNameEdit")
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.giving._exporter.busy, timeout=60_000)


@pytest.mark.parametrize("target", [t for t in TARGETS if t.suffix], ids=lambda t: t.key)
def test_every_file_target_is_written_from_the_window(
    qtbot: QtBot, main: MainWindow, tmp_path: Path, target: object
) -> None:
    dialog = opened(qtbot, main)
    assert "Not trained yet" in said(dialog)
    chosen(dialog, target.key)  # type: ignore[attr-defined]
    path = tmp_path / f"given{target.suffix}"  # type: ignore[attr-defined]
    place(qtbot, main, dialog, path)

    assert path.is_file()
    assert f"Written and checked: {path.name}" in said(dialog) or "unchecked" in said(dialog)
    assert dialog.findChild(QPushButton, "export-reveal").isVisible()


def test_exports_while_it_trains_and_says_which_weights(qtbot: QtBot, main: MainWindow, tmp_path: Path) -> None:
    main.runner.start(main.document.project, main.document.dataset)
    qtbot.waitUntil(
        lambda: main.runner.status is RunStatus.RUNNING and main.runner.run_log.progress.step > 5, timeout=60_000
    )
    dialog = opened(qtbot, main)
    assert "Weights after" in said(dialog)
    chosen(dialog, "onnx")
    place(qtbot, main, dialog, tmp_path / "digits.onnx")

    assert "agrees with Layerloom" in said(dialog)
    onnx.checker.check_model(onnx.load_model(tmp_path / "digits.onnx"))
    assert main.runner.is_active


def test_says_why_a_foldercannot_be_written(qtbot: QtBot, main: MainWindow, tmp_path: Path) -> None:
    dialog = opened(qtbot, main)
    chosen(dialog, "onnx")
    dialog.begin(tmp_path / "nowhere" / "digits.onnx")
    qtbot.waitUntil(lambda: not main.giving._exporter.busy, timeout=20_000)

    assert "could not be written" in said(dialog)
    assert not (tmp_path / "nowhere").exists()


def test_says_what_an_empty_canvas_lacks(qtbot: QtBot, main: MainWindow) -> None:
    main.document.edit("Empty", main.document.project.with_graph(Graph()))
    dialog = opened(qtbot, main)

    assert "Nothing to export yet" in said(dialog)
    assert "Add an Input" in said(dialog)
    assert not dialog.findChild(QPushButton, "export-button").isEnabled()


@component
class Local(Layer):
    """y = x."""

    def forward(self, lane) -> None:
        lane.copy(lane.x[0], lane.y[0])

    def backward(self, lane) -> None:
        if lane.dx[0] is not None:
            lane.copy(lane.dy[0], lane.dx[0])


def test_says_before_what_a_target_cannot_express(qtbot: QtBot, main: MainWindow) -> None:
    graph = main.document.project.graph
    key = graph.outputs[0]
    main.document.edit("Own", main.document.project.with_graph(graph.with_layer(key, Local())))
    dialog = opened(qtbot, main)
    chosen(dialog, "onnx")

    assert "Cannot take this network" in said(dialog)
    assert "has no counterpart" in said(dialog)
    assert not dialog.findChild(QPushButton, "export-button").isEnabled()


def test_giving_up_leaves_nothing_behind(qtbot: QtBot, main: MainWindow, tmp_path: Path) -> None:
    graph = main.document.project.graph
    wide = chain(
        ("Input", {"shape": (28, 28, 1)}), ("Flatten", {}), *[("Dense", {"units": 3000, "activation": "relu"})] * 3
    )
    assert graph.inputs == wide.inputs
    main.document.edit("Wide", main.document.project.with_graph(wide))  # takes long enough to be given up
    dialog = opened(qtbot, main)
    chosen(dialog, "onnx")
    folder = tmp_path / "given"
    folder.mkdir()
    dialog.begin(folder / "digits.onnx")
    QTest.mouseClick(dialog.findChild(QPushButton, "export-close"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not main.giving._exporter.busy, timeout=60_000)

    assert "Given up" in said(dialog)
    assert list(folder.iterdir()) == []


@on_posix
def test_closing_during_the_proof_ends_it_at_once(qtbot: QtBot, main: MainWindow, tmp_path: Path) -> None:
    number, folder = tmp_path / "number", tmp_path / "given"
    folder.mkdir()
    exporter = main.giving._exporter
    exporter.examine("n", main.document.project, None, None)
    qtbot.waitUntil(lambda: exporter.parcel is not None and not exporter.busy, timeout=20_000)
    exporter.start(SlowScript(number), folder / "net")
    qtbot.waitUntil(lambda: written(number), timeout=30_000)

    began = time.monotonic()
    main.close_now()

    assert time.monotonic() - began < 15
    assert not lives(number)
    assert list(folder.iterdir()) == []
