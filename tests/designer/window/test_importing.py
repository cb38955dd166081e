"""Models come in by menu, drop and command line: untitled, unsaved, trained, and with a list of what was lost."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QPushButton, QWidget

from engine.train.predictor import Predictor
from tests.designer.window.conftest import small

GOLDEN = Path(__file__).parents[2] / "engine" / "exchange" / "importing" / "golden"


def drop(window: QWidget, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, *nothing))


def arrived(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not window.importing.busy and not window._writer.busy, timeout=30_000)


def press(window: QWidget, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def stopped(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Stop each reader as it starts, as a disk does that no longer answers; returns them."""
    readers: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def begin(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        reader = start(*arguments, **options)
        reader.send_signal(signal.SIGSTOP)
        readers.append(reader)
        return reader

    monkeypatch.setattr(subprocess, "Popen", begin)
    return readers


@pytest.mark.parametrize("name", ["dense.keras", "branches.h5"])
def test_a_dropped_model_is_shown_trained_and_unsaved(qtbot, window, name: str) -> None:
    drop(window, GOLDEN / name)
    assert window.messages.text.startswith("Reading")
    arrived(qtbot, window)

    assert window.files.folder is None
    assert window.files.has_unsaved_work
    assert window.isWindowModified()
    assert window.messages.text.startswith(f"{name} was imported. Carried: ")
    assert not window.document.untrained
    answers, state = np.load(GOLDEN / "answers.npz"), window.runner.state
    stem, graph = Path(name).stem, window.document.project.graph
    got = Predictor(graph, state.weights, threads=1).predict(
        {key: answers[f"{stem}/in{n}"] for n, key in enumerate(graph.inputs)}
    )
    assert np.allclose(next(iter(got.values())), answers[f"{stem}/out0"], rtol=1e-5, atol=1e-6)


def test_details_list_what_was_not_carried(qtbot, window) -> None:
    window.open_named(GOLDEN / "branches.keras")
    arrived(qtbot, window)
    press(window, "message-action")

    dialog = window.findChild(QDialog, "import-details")
    text = dialog.findChild(QPlainTextEdit, "import-details-text").toPlainText()
    assert "Not carried" in text
    assert "What the optimizer remembered was not carried" in text
    assert "'shared'" not in text  # it came as two layers with one set of weights
    dialog.accept()


def test_the_menu_asks_for_a_file(qtbot, window) -> None:
    window.commands["import"].trigger()
    dialog = window.findChild(QFileDialog, "import-dialog")
    field = dialog.findChild(QWidget, "fileNameEdit")
    field.setText(str(GOLDEN / "keras_2_2.h5"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    arrived(qtbot, window)

    assert [node.name for node in window.document.project.graph.nodes.values()][1:] == [
        "dense_1", "dropout_1", "dense_2",
    ]  # fmt: skip


def test_unsaved_work_is_asked_about_first(qtbot, window) -> None:
    window.open_named(GOLDEN / "dense.keras")
    arrived(qtbot, window)
    before = window.document.project
    window.open_named(GOLDEN / "pictures.keras")
    assert window.sheet.is_open
    press(window, "sheet-cancel")
    arrived(qtbot, window)
    assert window.document.project is before

    window.open_named(GOLDEN / "pictures.keras")
    press(window, "sheet-discard")
    arrived(qtbot, window)
    assert len(window.document.project.graph.nodes) == 9


def test_a_bad_file_is_told_and_changes_nothing(qtbot, window, tmp_path: Path) -> None:
    (tmp_path / "bad.keras").write_bytes(b"PK\x03\x04 nothing of use")
    before = window.document.project
    drop(window, tmp_path / "bad.keras")
    arrived(qtbot, window)

    assert window.document.project is before
    assert window.messages.severity == "error"
    assert window.messages.text.startswith("bad.keras was not imported. The file is damaged")


def test_reading_can_be_given_up(qtbot, window, tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "dense.h5", tmp_path / "slow.h5")
    before = window.document.project
    drop(window, tmp_path / "slow.h5")
    press(window, "message-action")
    arrived(qtbot, window)

    assert window.document.project is before
    assert not window.messages.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_saving_does_not_wait_for_a_file_that_does_not_come(qtbot, window, monkeypatch, tmp_path: Path) -> None:
    started = stopped(monkeypatch)
    shutil.copy(GOLDEN / "dense.h5", tmp_path / "slow.h5")
    window.files._show(small(), None, None)
    drop(window, tmp_path / "slow.h5")
    qtbot.waitUntil(lambda: len(started) == 1, timeout=20_000)
    window.files._save_chosen(tmp_path / "mine.loom", None)
    qtbot.waitUntil(lambda: not window._writer.busy, timeout=20_000)

    assert window.importing.busy
    assert (tmp_path / "mine.loom" / "project.json").is_file()
    window.close_now()
    assert not window.importing.busy
    assert started[0].poll() is not None


def test_an_imported_model_is_saved_and_opened_again(qtbot, window, tmp_path: Path) -> None:
    window.open_named(GOLDEN / "pictures.h5")
    arrived(qtbot, window)
    graph, weights = window.document.project.graph, window.runner.state.weights
    window.files._save_chosen(tmp_path / "taken.loom", None)
    arrived(qtbot, window)
    assert not window.files.has_unsaved_work
    window.files.open_folder(tmp_path / "taken.loom")
    arrived(qtbot, window)

    assert window.document.project.graph == graph
    assert {key: set(named) for key, named in window.runner.state.weights.items()} == {
        key: set(named) for key, named in weights.items()
    }
