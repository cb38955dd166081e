"""The window for code, dropped Python files, and what is said of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton

from designer.window.pasting import CodeDialog

TORCH = "net = nn.Sequential(\n    nn.Linear(784, 32),\n    nn.ReLU(),\n    nn.Linear(32, 10),\n)"


def opened(window) -> CodeDialog:
    window.commands["paste-code"].trigger()
    return window.findChild(CodeDialog)


def press(dialog: QDialog, name: str) -> None:
    QTest.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_code_of_the_clipboard_becomes_layers_with_remarks(window) -> None:
    QGuiApplication.clipboard().setText(TORCH)
    dialog = opened(window)
    assert dialog.field.toPlainText() == TORCH

    press(dialog, "code-add")

    layers = [type(node.layer).__name__ for node in window.document.project.graph.nodes.values()]
    assert layers[-3:] == ["Input", "Dense", "Dense"]
    assert "remarks" in window.messages.text
    window.messages.findChild(QPushButton, "message-action").click()
    details = window.findChild(QDialog, "import-details")
    assert "softmax" in details.findChild(QPlainTextEdit).toPlainText()
    details.accept()
    QGuiApplication.clipboard().clear()


def test_the_window_stays_until_the_code_is_understood(window) -> None:
    QGuiApplication.clipboard().clear()
    before = window.document.project
    dialog = opened(window)
    dialog.field.setPlainText("model = Sequential()\nmodel.add(Dense(units))")

    press(dialog, "code-add")

    assert dialog.isVisible()
    assert dialog.fault.text() == "Line 2: units of Dense is 'units', which the code does not set; write its value."
    assert dialog.field.textCursor().blockNumber() == 1
    dialog.field.setPlainText("model = Sequential()\nmodel.add(Dense(7))")
    assert dialog.fault.isHidden()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.document.project != before


def test_a_dropped_python_file_becomes_layers(window, tmp_path: Path) -> None:
    place = tmp_path / "network.py"
    place.write_text("model = Sequential([Dense(3, input_dim=2)])", encoding="utf-8")
    count = len(window.document.project.graph.nodes)

    drop(window, place)

    assert len(window.document.project.graph.nodes) == count + 2


def test_a_file_that_is_no_network_is_told(window, tmp_path: Path) -> None:
    place = tmp_path / "other.py"
    place.write_bytes(b"\xff\xfe\x00")
    before = window.document.project

    drop(window, place)

    assert window.document.project is before
    assert window.messages.text.startswith("other.py cannot become layers.")


def drop(window, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, *nothing))
