"""What is looked at: data, drawings, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from designer.panels.inside.sample import DATA, DRAW, FILE
from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import held_out
from engine.project import Project, TrainConfig
from engine.templates import chain
from tests.designer.panels.inside.conftest import NAMES, drag, pictures, small_net


def drop(panel, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(panel, enter)
    if enter.isAccepted():
        QApplication.sendEvent(panel, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, button, none))
    return enter.isAccepted()


def learnt(stage):
    """Train well enough to tell the borders apart."""
    stage.show()
    stage.train(epochs=40)
    stage.until(lambda: not stage.runner.is_active)
    stage.settle()
    return stage


def test_samples_that_judge_come_first(stage) -> None:
    stage.show()
    _, judged = held_out(stage.document.dataset, stage.document.project.split)
    browser = stage.panel.chooser.browser

    assert browser.row == judged[0]
    assert browser.number.maximum() == len(judged)
    browser.part.setCurrentIndex(1)
    browser.part.activated.emit(1)
    assert browser.number.maximum() == stage.document.dataset.samples - len(judged)


def test_arrow_keys_and_classes_walk_through_samples(stage) -> None:
    stage.show()
    browser = stage.panel.chooser.browser
    labels = stage.document.dataset.targets["label"].values
    first = browser.row
    QTest.keyClick(browser.plate, Qt.Key.Key_Right)
    assert browser.row > first
    QTest.keyClick(browser.plate, Qt.Key.Key_Left)
    assert browser.row == first

    browser.classes.setCurrentIndex(1 + NAMES.index("top"))
    browser.classes.activated.emit(browser.classes.currentIndex())
    for _ in range(5):
        assert labels[browser.row] == NAMES.index("top")
        assert "top" in browser.caption.text
        browser.shuffle()


def test_another_sample_is_looked_at(stage) -> None:
    learnt(stage)
    labels = stage.document.dataset.targets["label"].values
    heads = set()
    for number in range(1, 7):
        stage.panel.chooser.browser.number.setValue(number)
        stage.settle()
        answer = stage.panel.prediction.bars.answer
        true = NAMES[labels[stage.panel.chooser.browser.row]]
        assert answer.head.startswith(true) and answer.verdict == "right"
        assert [row.name for row in answer.rows if row.true] == [true]
        heads.add(true)
    assert len(heads) > 1


def test_a_drawing_is_recognized_at_once(stage) -> None:
    learnt(stage)
    stage.panel.chooser.ways.choose(DRAW)
    stage.panel.chooser.draw.brush.setValue(20)
    stage.settle()
    assert stage.panel.prediction.bars.answer is None
    pad = stage.panel.chooser.draw.pad
    area = pad.area()
    inset = 0.12 * area.width()
    drag(pad, [(area.left() + inset, area.top() + 2), (area.left() + inset, area.bottom() - 2)])
    stage.until(lambda: stage.panel.prediction.bars.answer is not None)
    stage.settle()
    assert stage.panel.prediction.bars.answer.head.startswith("left")

    drag(pad, [(area.left() + inset, area.top() + 2), (area.left() + inset, area.bottom() - 2)],
         Qt.MouseButton.RightButton)  # fmt: skip
    drag(pad, [(area.right() - inset, area.top() + 2), (area.right() - inset, area.bottom() - 2)])
    stage.until(lambda: stage.panel.prediction.bars.answer.head.startswith("right"))
    assert stage.panel.prediction.bars.answer.verdict == ""

    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(pad.drawing.strokes) == 2
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    stage.until(lambda: stage.panel.prediction.bars.answer is None)


def test_e_switches_to_erasing(stage) -> None:
    stage.show()
    stage.panel.chooser.ways.choose(DRAW)
    pad = stage.panel.chooser.draw.pad
    middle = pad.area().center()
    drag(pad, [(middle.x(), middle.y())])
    assert pad.drawing.pixels().max() > 200
    QTest.keyClick(pad, Qt.Key.Key_E)
    drag(pad, [(middle.x(), middle.y())])
    assert pad.drawing.pixels().max() < 100


def test_a_dropped_picture_is_recognized(stage, tmp_path: Path) -> None:
    learnt(stage)
    pixels = np.zeros((48, 48), np.uint8)
    pixels[:12] = 230
    path = tmp_path / "bar.png"
    Image.fromarray(pixels).save(path)

    assert drop(stage.panel, path)
    stage.until(lambda: stage.panel.chooser.file.plate.picture is not None)
    stage.settle()
    assert stage.panel.chooser.ways.place == FILE
    assert stage.panel.prediction.bars.answer.head.startswith("top")
    assert stage.panel.chooser.file.caption.text == "bar.png"


def test_a_hostile_file_is_a_sentence(stage, tmp_path: Path) -> None:
    stage.show()
    path = tmp_path / "bad.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 400)

    assert drop(stage.panel, path)
    stage.until(lambda: "bad.png" in stage.panel.state.text)
    assert "bad.png" in stage.panel.chooser.file.plate.hint
    assert stage.panel.prediction.bars.answer is None
    stage.panel.chooser.ways.choose(DATA)
    stage.until(lambda: stage.panel.prediction.bars.answer is not None)


def test_a_file_that_is_gone_is_a_sentence(stage, tmp_path: Path) -> None:
    stage.show()
    stage.panel.chooser.ways.choose(FILE)
    stage.panel.chooser.file.choose(tmp_path / "gone.png")
    stage.until(lambda: "gone.png" in stage.panel.state.text)

    assert stage.panel.state.text.endswith(".")
    assert stage.panel.prediction.bars.answer is None


def test_projects_and_data_are_left_to_the_window(stage, tmp_path: Path) -> None:
    stage.show()
    folder = tmp_path / "mine.loom"
    folder.mkdir()
    assert not drop(stage.panel, folder)
    np.savez(tmp_path / "data.npz", x=np.zeros(3))
    assert not drop(stage.panel, tmp_path / "data.npz")


def test_a_picture_is_pasted(stage) -> None:
    learnt(stage)
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    for x in range(15):
        for y in range(60):
            image.setPixel(x, y, 0xFFEEEEEE)
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(stage.panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    stage.until(lambda: stage.panel.chooser.file.plate.picture is not None)
    stage.settle()
    assert stage.panel.prediction.bars.answer.head.startswith("left")

    QGuiApplication.clipboard().clear()
    QGuiApplication.clipboard().setText("no picture")
    assert not stage.panel.chooser.file.paste()
    assert "no picture" in stage.panel.chooser.file.plate.hint.lower()


def test_numbers_instead_of_pictures(make_stage) -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=(120, 5)).astype(np.float32)
    data = Dataset({"x": Field(values)}, {"y": Field(values[:, :2] * 2)})
    graph = chain(("Input", {"shape": (5,)}), ("Dense", {"units": 8, "activation": "tanh"}), ("Dense", {"units": 2}))
    stage = make_stage(Project(graph, TrainConfig(epochs=5, loss="mse", metrics=())), data)
    stage.show()

    chooser = stage.panel.chooser
    assert chooser.ways.isHidden() and stage.panel.cam.isHidden()
    assert f"x [0]\t{values[chooser.browser.row, 0]:.4g}" in chooser.browser.table.toPlainText()
    rows = stage.panel.prediction.bars.answer.rows
    assert [row.truth for row in rows] == [f"{2 * v:.4g}" for v in values[chooser.browser.row, :2]]
    assert stage.panel._look.large is not None


def test_several_outputs_can_be_chosen(make_stage) -> None:
    project = small_net()
    graph = project.graph
    dense = graph.nodes["dense"].layer
    node = type(graph.nodes["dense"])("other", dense.changed(units=2))
    edge = graph.into("dense")[0]
    graph = graph.add(node).connect(type(edge)(edge.source, "other"))
    data = pictures()
    both = Dataset(data.inputs, {**data.targets, "second": Field(data.targets["label"].values % 2, ("even", "odd"))})
    stage = make_stage(project.with_graph(graph), both)
    stage.show()

    combo = stage.panel.findChild(QComboBox, "inside-output")
    assert not combo.isHidden()
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    stage.settle()
    assert [row.name for row in stage.panel.prediction.bars.answer.rows] == ["even", "odd"]
    assert stage.panel.cam.classes.findText("odd") > 0


@pytest.mark.parametrize("colours", [1, 3])
def test_without_data_one_can_draw(make_stage, colours: int) -> None:
    stage = make_stage(small_net(colours), pictures(colours=colours))
    stage.document.set_dataset(None)
    stage.panel.show()
    stage.panel.chooser.ways.choose(DRAW)
    pad = stage.panel.chooser.draw.pad
    middle = pad.area().center()
    drag(pad, [(middle.x(), middle.y()), (middle.x() + 20, middle.y())])
    stage.until(lambda: stage.panel.prediction.bars.answer is not None)
    assert len(stage.panel.prediction.bars.answer.rows) == 3
