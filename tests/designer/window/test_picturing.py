"""Saving and copying a picture of the network, in the real window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from tests.designer.window.conftest import small


def save_as(qtbot, window, path: Path) -> None:
    window.commands["save-picture"].trigger()
    dialog = window.findChild(QFileDialog, "picture-dialog")
    field = dialog.findChild(QWidget, "fileNameEdit")
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "picture-dialog") is None)


def test_every_kind_is_written_by_its_ending(qtbot, window, tmp_path: Path) -> None:
    assert not window.commands["save-picture"].isEnabled()
    window.document.reset(small())
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
        save_as(qtbot, window, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
        assert window.messages.text == f"Saved as {name} in {tmp_path}."


def test_the_name_follows_the_chosen_kind(qtbot, window, tmp_path: Path) -> None:
    window.document.reset(small())
    window.commands["save-picture"].trigger()
    dialog = window.findChild(QFileDialog, "picture-dialog")
    dialog.setDirectory(str(tmp_path))
    field = dialog.findChild(QWidget, "fileNameEdit")
    field.setText("a.net.png")
    dialog.filterSelected.emit("Drawing, sharp at every size (*.svg)")
    assert field.text() == "a.net.svg"
    field.setText("version 1.5")
    dialog.filterSelected.emit("Page, sharp at every size (*.pdf)")
    assert field.text() == "version 1.5"
    field.setText("b")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "picture-dialog") is None)
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


def test_faults_are_told_in_a_sentence(window, tmp_path: Path) -> None:
    window.document.reset(small())
    window.picturing.save(tmp_path / "a.jpeg")
    assert window.messages.text.startswith("A picture's name must end in .png, .svg or .pdf; received 'a.jpeg'.")
    window.picturing.save(tmp_path / "nowhere" / "a.png")
    assert window.messages.text.startswith(f"'a.png' could not be written to '{tmp_path / 'nowhere'}'")
    assert window.messages.severity == "error"


def test_the_clipboard_takes_it(window) -> None:
    window.document.reset(small())
    window.commands["copy-picture"].trigger()

    picture = QGuiApplication.clipboard().image()
    assert isinstance(picture, QImage)
    assert picture.height() > 2 * 110 * (len(window.document.project.graph.nodes) - 1)
