"""Choosing, reading, using and losing data."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QScrollArea
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.panels.data import DataPanel
from designer.panels.data_faults import relocated
from designer.panels.loading import read
from engine import registry
from engine.catalogue.sources.base import Dataset, Source
from tests.designer.panels.conftest import Typist

MNIST = registry.sources.get("Mnist")
NPZ = registry.sources.get("NpzFile")


def arrays(path: Path, samples: int = 40) -> Path:
    """A small table to learn: five numbers in, one out."""
    random = np.random.default_rng(7)
    x = random.normal(size=(samples, 5)).astype(np.float32)
    np.savez(path, x=x, y=x.sum(axis=1, keepdims=True))
    return path


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> Iterator[DataPanel]:
    made = DataPanel(document)
    qtbot.addWidget(made)
    made.resize(320, 1000)
    made.show()
    qtbot.waitExposed(made)
    yield made
    assert made.shutdown()


def choose(qtbot: QtBot, panel: DataPanel, source: Source) -> None:
    panel.choose(source)
    qtbot.waitUntil(lambda: panel.loader.wanted is None, timeout=20_000)


def sentence(panel: DataPanel) -> str:
    return panel.fault.text.text() if panel.fault.isVisible() else ""


def test_a_source_is_read_in_the_background_and_used_with_one_click(
    qtbot: QtBot, panel: DataPanel, document: Document
) -> None:
    row = panel.combo.findData("Mnist")
    panel.combo.setCurrentIndex(row)
    panel.combo.activated.emit(row)
    assert panel.progress.isVisible() and "digits" in panel.progress.text()
    assert document.project.source is None, "choosing is not using"
    qtbot.waitUntil(panel.use.isVisible, timeout=20_000)
    assert document.dataset is None
    QTest.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    assert document.project.source == MNIST()
    assert document.dataset is not None and document.dataset.samples == 8000
    assert not panel.use.isEnabled()
    assert panel.view.samples.figure.text() == "8,000"
    assert sum(panel.view.chart.counts) == 8000 and len(panel.view.chart.counts) == 10
    assert "7" in panel.view.chart.text_at(panel.view.chart.width() * 0.75)
    document.undo()
    assert document.project.source is None and document.dataset is None
    document.redo()
    assert document.dataset is not None, "data read once are not read again"


def test_the_projects_own_data_are_read_by_themselves(qtbot: QtBot, panel: DataPanel, document: Document) -> None:
    document.reset(document.project.with_source(MNIST()))
    qtbot.waitUntil(lambda: document.dataset is not None, timeout=20_000)
    assert panel.combo.currentData() == "Mnist"
    assert not document.is_modified


def test_reading_happens_on_another_thread(qtbot: QtBot, panel: DataPanel, tmp_path: Path) -> None:
    panel.choose(NPZ(path=str(arrays(tmp_path / "a.npz"))))
    names = [thread.name for thread in threading.enumerate()]
    assert panel.loader.wanted is not None, "choosing returns before anything is read"
    assert "layerloom-data" in names or panel.loader.wanted is not None
    qtbot.waitUntil(lambda: panel.loader.wanted is None, timeout=20_000)


def test_only_the_last_choice_counts(qtbot: QtBot, panel: DataPanel, tmp_path: Path) -> None:
    panel.choose(MNIST())
    choose(qtbot, panel, NPZ(path=str(arrays(tmp_path / "a.npz", 12))))
    qtbot.wait(300)
    assert panel.view.samples.figure.text() == "12"


def test_a_missing_file_is_a_sentence_and_can_be_located(
    qtbot: QtBot, panel: DataPanel, document: Document, tmp_path: Path
) -> None:
    lost = NPZ(path=str(tmp_path / "lost.npz"))
    document.reset(document.project.with_source(lost))
    qtbot.waitUntil(lambda: bool(sentence(panel)), timeout=20_000)
    assert "lost.npz" in sentence(panel)
    assert panel.fault.locate.isVisible() and not panel.fault.allow.isVisible()
    found = arrays(tmp_path / "found.npz")
    QTest.mouseClick(panel.fault.locate, Qt.MouseButton.LeftButton)
    dialog = panel.findChild(QFileDialog, "data-locate-dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(found))
    dialog.reject()
    qtbot.waitUntil(lambda: document.dataset is not None, timeout=20_000)
    assert document.project.source == NPZ(path=str(found))
    assert not sentence(panel)
    document.undo()
    assert document.project.source == lost


def test_files_of_a_strangers_project_wait_for_permission(
    qtbot: QtBot, panel: DataPanel, document: Document, tmp_path: Path
) -> None:
    outside = NPZ(path=str(arrays(tmp_path / "outside.npz"))).opened(tmp_path / "project")
    document.reset(document.project.with_source(outside))
    qtbot.waitUntil(lambda: bool(sentence(panel)), timeout=20_000)
    assert document.dataset is None
    QTest.mouseClick(panel.fault.allow, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.dataset is not None, timeout=20_000)
    assert document.project.source == outside.confirmed()


def test_lost_neighbours_come_along(tmp_path: Path) -> None:
    kind = registry.sources.get("IdxFiles")
    lost = kind(images="/gone/a-images", labels="/gone/a-labels", test_images="/gone/t-images")
    (tmp_path / "a-labels").write_bytes(b"")
    found = relocated(lost, tmp_path / "b-images")  # type: ignore[arg-type]
    assert found.images == str(tmp_path / "b-images")  # type: ignore[attr-defined]
    assert found.labels == str(tmp_path / "a-labels")  # type: ignore[attr-defined]
    assert found.test_images == "/gone/t-images"  # type: ignore[attr-defined]


def test_dropped_files_choose_their_source(qtbot: QtBot, panel: DataPanel, document: Document, tmp_path: Path) -> None:
    path = arrays(tmp_path / "dropped.npz")
    drop(panel, [path])
    qtbot.waitUntil(panel.use.isVisible, timeout=20_000)
    assert panel.combo.currentData() == "NpzFile"
    assert panel.view.table.isVisible() and not panel.view.grid.isVisible()
    model = panel.view.values
    assert model.headerData(0, Qt.Orientation.Horizontal) == "x 0"
    assert model.headerData(5, Qt.Orientation.Horizontal) == "y"
    first = np.load(path)["x"][0, 0]
    assert float(str(model.data(model.index(0, 0)))) == pytest.approx(float(first), rel=1e-3)
    QTest.mouseClick(panel.view.more, Qt.MouseButton.LeftButton)
    assert model.rowCount() == 40 and not panel.view.more.isVisible()


def test_files_nobody_reads_are_named(panel: DataPanel, tmp_path: Path) -> None:
    odd = tmp_path / "letter.odt"
    odd.write_text("nothing to learn")
    drop(panel, [odd])
    assert sentence(panel).startswith("No data were found in letter.odt. Drop ")


def drop(panel: DataPanel, paths: list[Path]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(panel.rect().center(), *how)
    panel.dragEnterEvent(enter)
    assert enter.isAccepted()
    panel.dropEvent(QDropEvent(QPointF(panel.rect().center()), *how))


def test_a_damaged_file_is_a_sentence(qtbot: QtBot, panel: DataPanel, tmp_path: Path) -> None:
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"PK not really")
    choose(qtbot, panel, NPZ(path=str(bad)))
    assert "bad.npz" in sentence(panel)
    assert not panel.view.isVisible() and not panel.use.isVisible()
    arrays(bad)
    QTest.mouseClick(panel.fault.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.use.isVisible, timeout=20_000)


def test_a_path_can_be_written_or_browsed(qtbot: QtBot, panel: DataPanel, tmp_path: Path, type_into: Typist) -> None:
    panel.choose(NPZ())
    assert not panel.progress.isVisible() and not sentence(panel), "nothing is wrong before a file is chosen"
    assert panel._form is not None
    editor = panel._form.row("path").editor
    path = arrays(tmp_path / "typed.npz")
    QTest.mouseClick(editor.browse, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    dialog = editor.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(panel.use.isVisible, timeout=20_000)
    type_into(editor.focus_target(), str(tmp_path / "none.npz"))
    qtbot.waitUntil(lambda: bool(sentence(panel)), timeout=20_000)


def test_the_split_is_part_of_the_project(
    qtbot: QtBot, panel: DataPanel, document: Document, tmp_path: Path, type_into: Typist
) -> None:
    choose(qtbot, panel, NPZ(path=str(arrays(tmp_path / "a.npz", 50))))
    type_into(panel.view.split_form.row("validation").editor.focus_target(), "0.5")
    assert document.project.split.validation == 0.5
    assert panel.view.division.text() == "25 samples train, 25 judge."
    type_into(panel.view.split_form.row("validation").editor.focus_target(), "0.95")
    assert document.project.split.validation == 0.5
    assert panel.view.split_form.row("validation").fault.text().startswith("Validation must be a number from 0 to 0.9")


def test_pictures_are_walked_enlarged_and_paged(qtbot: QtBot, panel: DataPanel) -> None:
    choose(qtbot, panel, MNIST())
    grid, big = panel.view.grid, panel.view.big
    assert grid.shown == 20
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert big.isVisible() and big.row == 1
    QTest.keyClick(big, Qt.Key.Key_Right)
    assert big.row == 2
    QTest.keyClick(big, Qt.Key.Key_Escape)
    assert not big.isVisible()
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell(7).center())
    assert big.isVisible() and big.row == 7
    QTest.mouseClick(panel.view.more, Qt.MouseButton.LeftButton)
    assert grid.shown == 40
    assert grid.cell(39).bottom() <= grid.height()


def test_any_failure_of_a_source_becomes_a_sentence(expected_warnings: list[str]) -> None:
    expected_warnings.append("source .* failed")

    class Odd(Source):
        title = "Odd data"

        def load(self, folder: Path | None) -> Dataset:
            raise ZeroDivisionError("odd")

    assert read(Odd(), None) == "Odd data failed: odd"

    class Gone(Source):
        def load(self, folder: Path | None) -> Dataset:
            raise PermissionError(13, "Permission denied", "secret.npz")

    assert read(Gone(), None) == "'secret.npz' could not be read: Permission denied."


def test_a_copy_of_the_project_with_other_settings_keeps_the_data(
    qtbot: QtBot, panel: DataPanel, document: Document
) -> None:
    document.reset(document.project.with_source(MNIST()))
    qtbot.waitUntil(lambda: document.dataset is not None, timeout=20_000)
    held = document.dataset
    document.edit("Seed", replace(document.project, split=document.project.split.changed(seed=3)))
    assert document.dataset is held


def test_no_name_of_a_source_makes_the_panel_wider_than_it_is(panel: DataPanel) -> None:
    area = panel.findChild(QScrollArea)
    assert area is not None
    for place in range(panel.combo.count()):
        panel.combo.setCurrentIndex(place)
        content = area.widget()
        assert content.minimumSizeHint().width() <= area.viewport().width(), panel.combo.currentText()
