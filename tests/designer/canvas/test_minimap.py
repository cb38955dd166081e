"""The small map: there when it is needed, true, and a way to go places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.canvas.minimap import CLOSEST, LARGEST, Minimap
from designer.theme import apply_theme, current_theme
from engine import registry
from engine.catalogue.sources.base import Dataset, Field
from engine.graph import Graph
from engine.project import OutputTarget
from tests.designer.canvas.stagehand import Stagehand, chain, layer


def tall(count: int = 40) -> Graph:
    return chain(layer("Input", shape=(4,)), *(layer("Dense", units=3) for _ in range(count)))


def mapped(bot: QtBot, graph: Graph) -> tuple[Stagehand, Minimap]:
    stage = Stagehand(bot, graph)
    return stage, Minimap(stage.view)


def test_there_only_while_something_is_out_of_sight(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    assert small.isVisible()
    stage.view.fit()
    stage.view.fit()
    assert not small.isVisible()
    stage.view.zoom_to(1.0)
    assert small.isVisible()
    stage.document.edit("Clear", stage.document.project.with_graph(Graph()))
    assert not small.isVisible()
    stage.document.undo()
    assert small.isVisible()


def test_can_be_switched_off(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    small.want(False)
    assert not small.isVisible()
    stage.view.scroll(QPointF(0, -300))
    assert not small.isVisible()
    small.want(True)
    assert small.isVisible()


def test_a_press_goes_there(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    last = stage.graph.order[-1]
    middle = stage.box(last).rect.center()
    assert not small.seen.contains(middle)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=small.on_map(middle).toPoint())
    assert small.seen.contains(middle)
    assert not stage.selection.nodes and stage.view.gesture is None


def test_a_drag_goes_along(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    rect = stage.box(stage.graph.order[0]).rect
    QTest.mousePress(small, Qt.MouseButton.LeftButton, pos=small.on_map(rect.center()).toPoint())
    before = small.seen.center().y()
    small_point = small.on_map(stage.box(stage.graph.order[20]).rect.center()).toPoint()
    QTest.mouseMove(small, small_point)
    qtbot.waitUntil(lambda: small.seen.center().y() > before + 500)
    QTest.mouseRelease(small, Qt.MouseButton.LeftButton, pos=small_point)


def test_points_there_and_back(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    for key in stage.graph.order:
        place = stage.box(key).rect.center()
        assert small.rect().contains(small.on_map(place).toPoint())
        assert (small.on_scene(small.on_map(place)) - place).manhattanLength() < 1e-6
    assert small.width() <= LARGEST.width() and small.height() <= LARGEST.height()
    assert small.frame.contains(small.on_map(small.seen.center()))


def test_stands_in_a_corner(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    for size in ((900, 800), (500, 400)):
        stage.view.resize(*size)
        assert stage.view.rect().contains(small.geometry())
        assert small.geometry().right() > size[0] - 20 or small.geometry().left() < 20
        assert small.geometry().bottom() > size[1] - 20 or small.geometry().top() < 20


def test_gives_way_to_a_layer_and_stays_there(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    card = stage.box(stage.graph.order[3]).rect
    view = stage.view
    view.zoom_to(1.0)
    corner = view.mapFromScene(card.center())
    view.scroll(QPointF(view.width() - 40, view.height() - 40) - QPointF(corner))
    place = QRect(view.mapFromScene(card.topLeft()), view.mapFromScene(card.bottomRight()))
    assert view.rect().intersects(place) and place.right() > view.width() - 60
    assert small.isVisible() and not place.intersects(small.geometry())
    assert small.geometry().left() < 20
    kept = small.pos()
    QTest.mousePress(small, Qt.MouseButton.LeftButton, pos=small.rect().center())
    assert small.pos() == kept
    QTest.mouseRelease(small, Qt.MouseButton.LeftButton, pos=small.rect().center())


def test_the_blocks_are_drawn_once_for_each_change(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    small.grab()
    drawn = small.drawn
    for _ in range(5):
        stage.view.scroll(QPointF(0, -40))
        small.grab()
    assert small.drawn == drawn
    stage.document.edit("Move", stage.document.project.with_graph(stage.graph.moved(["input"], (50.0, 0.0))))
    small.grab()
    assert small.drawn == drawn + 1


def test_shows_what_becomes_wrong_elsewhere_than_in_the_network(qtbot) -> None:
    stage, small = mapped(qtbot, tall())
    fields = {"y": Field(np.zeros((5, 3), np.float32))}
    stage.document.set_dataset(Dataset({"x": Field(np.zeros((5, 4), np.float32))}, fields))
    last = stage.graph.order[-1]
    block = small.on_map(stage.box(last).rect.center()).toPoint()
    training = stage.document.project.training
    fitting = training.changed(loss=registry.losses.get("MeanSquaredError")())
    stage.document.edit("Choose a loss", stage.document.project.with_training(fitting))
    assert stage.scene.nodes[last].look.severity == ""
    sound = small.grab().toImage().pixelColor(block)
    drawn = small.drawn
    stage.document.undo()
    assert stage.scene.nodes[last].look.severity == "error"
    assert small.grab().toImage().pixelColor(block) != sound
    assert small.drawn == drawn + 1
    targets = (OutputTarget(last, loss=fitting.loss),)
    stage.document.edit("Choose its own", replace(stage.document.project, targets=targets))
    assert small.grab().toImage().pixelColor(block) == sound


def test_takes_the_colours_of_the_theme(qtbot, qapp) -> None:
    _, small = mapped(qtbot, tall())
    try:
        for name in ("dark", "light"):
            apply_theme(qapp, name)
            picture = small.grab().toImage()
            assert picture.pixelColor(6, 20).name() == current_theme().window
    finally:
        apply_theme(qapp, "light")


def test_a_map_of_few_layers_stays_small(qtbot) -> None:
    stage, small = mapped(qtbot, tall(2))
    stage.view.zoom_to(4.0)
    assert small.isVisible()
    card = stage.box(stage.graph.order[0]).rect
    width = small.on_map(card.topRight()).x() - small.on_map(card.topLeft()).x()
    assert 0 < width <= CLOSEST * card.width() + 1e-6
    assert small.width() < LARGEST.width() / 2 and small.height() < LARGEST.height() / 2
