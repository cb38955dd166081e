"""Zooming, panning, hovering and what tooltips say."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from designer.canvas.choices import Choice
from designer.canvas.look import short_count
from designer.canvas.navigation import LARGEST, SMALLEST
from designer.canvas.tooltips import tooltip
from designer.theme import apply_theme
from engine.graph import Graph
from tests.designer.canvas.stagehand import CTRL, NONE, SHIFT, Stagehand


def wheel(
    stage: Stagehand,
    at: QPoint,
    turned: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    pixels: QPoint | None = None,
) -> None:
    viewport = stage.view.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        pixels or QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


@pytest.mark.parametrize("modifiers", [NONE, CTRL])
def test_the_wheel_zooms_towards_the_pointer(stage: Stagehand, modifiers: Qt.KeyboardModifier) -> None:
    at = QPoint(200, 150)
    kept = stage.view.mapToScene(at)
    zooms: list[float] = []
    stage.view.zoom_changed.connect(zooms.append)
    wheel(stage, at, QPoint(0, 240), modifiers)
    assert stage.view.zoom > 1.2
    assert zooms == [pytest.approx(stage.view.zoom)]
    offset = stage.view.mapToScene(at) - kept
    assert abs(offset.x()) + abs(offset.y()) < 3


def test_the_zoom_has_limits(stage: Stagehand) -> None:
    for turned, limit in ((QPoint(0, 120_0), LARGEST), (QPoint(0, -120_0), SMALLEST)):
        for _ in range(10):
            wheel(stage, QPoint(100, 100), turned)
        assert stage.view.zoom == pytest.approx(limit)


def test_two_fingers_scroll(stage: Stagehand) -> None:
    before = stage.view.mapToScene(QPoint(0, 0))
    wheel(stage, QPoint(100, 100), QPoint(0, -40), pixels=QPoint(12, -30))
    moved = stage.view.mapToScene(QPoint(0, 0)) - before
    assert moved.toPoint() == QPoint(-12, 30)
    assert stage.view.zoom == 1.0


def test_shift_and_wheel_scroll_sideways(stage: Stagehand) -> None:
    before = stage.view.mapToScene(QPoint(0, 0))
    wheel(stage, QPoint(100, 100), QPoint(0, -120), SHIFT)
    moved = (stage.view.mapToScene(QPoint(0, 0)) - before).toPoint()
    assert moved == QPoint(120, 0)


@pytest.mark.parametrize("way", ["middle", "space"])
def test_panning(stage: Stagehand, way: str) -> None:
    start = QPointF(400, 400)
    grasped, end = stage.pixel(start), stage.pixel(start) + QPoint(60, -45)
    button = Qt.MouseButton.MiddleButton if way == "middle" else Qt.MouseButton.LeftButton
    if way == "space":
        QTest.keyPress(stage.view, Qt.Key.Key_Space)
    QTest.mousePress(stage.view.viewport(), button, NONE, grasped)
    QTest.mouseMove(stage.view.viewport(), end)
    QTest.mouseRelease(stage.view.viewport(), button, NONE, end)
    if way == "space":
        QTest.keyRelease(stage.view, Qt.Key.Key_Space)
    assert (stage.pixel(start) - end).manhattanLength() <= 2
    assert stage.selection.nodes == frozenset()
    # Afterwards the left button selects again.
    stage.click(stage.body("dense"))
    assert stage.selection.nodes == {"dense"}


@pytest.mark.parametrize("place", [(0.0, 1500.0), (3000.0, 900.0), (-3000.0, 900.0)], ids=["high", "right", "left"])
def test_fit_stays_readable_and_begins_at_the_top(stage: Stagehand, place: tuple[float, float]) -> None:
    stage.document.edit("far", stage.document.project.with_graph(stage.graph.moved(["dense_1", "dense_2"], place)))
    stage.key(Qt.Key.Key_F)
    assert stage.view.zoom == pytest.approx(0.7)
    area = stage.view.viewport().rect()
    first = stage.view.mapFromScene(stage.box("input").rect).boundingRect()
    assert area.contains(first)
    assert first.top() < 120


def test_fit_twice_shows_everything_and_then_again_what_can_be_read(stage: Stagehand) -> None:
    stage.document.edit("far", stage.document.project.with_graph(stage.graph.moved(["dense_2"], (2000.0, 3000.0))))
    stage.key(Qt.Key.Key_F)
    stage.key(Qt.Key.Key_F)
    area = stage.view.viewport().rect()
    for key in stage.graph.nodes:
        assert area.contains(stage.view.mapFromScene(stage.box(key).rect).boundingRect())
    assert stage.view.zoom < 0.5
    stage.key(Qt.Key.Key_F)
    assert stage.view.zoom == pytest.approx(0.7)


def test_fit_tells_that_there_is_more(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_F)
    assert stage.said == []
    stage.document.edit("far", stage.document.project.with_graph(stage.graph.moved(["dense_2"], (2000.0, 3000.0))))
    stage.key(Qt.Key.Key_F)
    assert stage.said[-1].endswith("Fit once more (F) to see all of it.")
    assert stage.view.said == stage.said[-1]
    message = stage.view.viewport().findChild(QLabel, "canvas-message")
    size = stage.view.size()
    stage.view.resize(size.width() - 160, size.height() - 120)
    assert stage.view.viewport().rect().contains(message.geometry())
    stage.view.resize(size)
    stage.key(Qt.Key.Key_F)
    assert stage.view.said == "" and message.isHidden()


@pytest.mark.parametrize("presses", [1, 2], ids=["readable", "whole"])
def test_what_was_fitted_stays_fitted_in_another_size(stage: Stagehand, presses: int) -> None:
    stage.document.edit("far", stage.document.project.with_graph(stage.graph.moved(["dense_2"], (700.0, 1100.0))))
    for _ in range(presses):
        stage.key(Qt.Key.Key_F)
    stage.view.resize(700, 420)
    area = stage.view.viewport().rect()
    shown = ["input"] if presses == 1 else list(stage.graph.nodes)
    for key in shown:
        assert area.contains(stage.view.mapFromScene(stage.box(key).rect).boundingRect())
    assert (stage.view.zoom >= 0.7) == (presses == 1)


def test_what_was_zoomed_by_hand_stays(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_F)
    stage.key(Qt.Key.Key_Plus)
    zoom = stage.view.zoom
    stage.view.resize(700, 420)
    assert stage.view.zoom == zoom


def test_keys_zoom(stage: Stagehand) -> None:
    stage.key(Qt.Key.Key_Plus, SHIFT)
    assert stage.view.zoom == pytest.approx(1.25)
    stage.key(Qt.Key.Key_Minus)
    stage.key(Qt.Key.Key_Minus)
    assert stage.view.zoom == pytest.approx(0.8)
    stage.key(Qt.Key.Key_0, CTRL)
    assert stage.view.zoom == pytest.approx(1.0)


def test_arrows_scroll_when_nothing_is_selected(stage: Stagehand) -> None:
    before = stage.view.mapToScene(QPoint(0, 0))
    stage.key(Qt.Key.Key_Right)
    assert (stage.view.mapToScene(QPoint(0, 0)) - before).x() > 0
    assert not stage.document.stack.canUndo()


def test_a_node_far_away_is_revealed(stage: Stagehand) -> None:
    stage.document.edit("far", stage.document.project.with_graph(stage.graph.moved(["dense_2"], (9000.0, 3000.0))))
    stage.view.reveal("dense_2")
    area = stage.view.viewport().rect()
    assert area.contains(stage.view.mapFromScene(stage.box("dense_2").rect).boundingRect())
    assert stage.view.zoom >= 0.7
    stage.view.reveal("nobody")


def test_hovering_marks_nodes_ports_and_wires(stage: Stagehand) -> None:
    stage.move(stage.body("dense"))
    assert stage.scene.nodes["dense"].state.hovered
    stage.move(stage.output("dense"))
    assert stage.scene.nodes["dense"].state.hot == ("output", "y")
    edge = stage.graph.edges[0]
    stage.move(stage.scene.wires[edge].shape_value.middle)
    assert stage.scene.wires[edge].state.hovered
    assert not stage.scene.nodes["dense"].state.hovered
    QApplication.sendEvent(stage.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not stage.scene.wires[edge].state.hovered


def test_tooltips_teach(stage: Stagehand) -> None:
    stage.document.edit("name", stage.document.project.with_graph(stage.graph.labelled("dense", "<b>bold</b>")))

    def said(point: QPointF) -> str:
        return tooltip(stage.scene, stage.scene.spot(point))

    body = said(stage.body("dense"))
    assert "y = activation(x · kernel + bias)." in body
    assert "15 weights" in body
    assert "Takes 4 of each sample." in body
    assert "&lt;b&gt;bold&lt;/b&gt;" in body
    wire = said(stage.scene.wires[stage.graph.edges[0]].shape_value.middle)
    assert "Rank 2: (batch, 4), float32" in wire
    assert "4 numbers for each sample." in wire
    assert "Takes one wire" in said(stage.input("dense"))
    assert "Drag from here" in said(stage.output("dense"))
    assert said(QPointF(-500, -500)) == ""


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_help_event_shows_the_tooltip(stage: Stagehand) -> None:
    place = stage.pixel(stage.body("dense"))
    viewport = stage.view.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
    assert "kernel" in QToolTip.text()
    QToolTip.hideText()


def test_templates_are_offered_on_the_empty_canvas(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot, Graph())
    wanted: list[object] = []
    stage.view.template_requested.connect(wanted.append)
    stage.view.set_templates([Choice("digits", "Digits", "Ten digits."), Choice("moons", "Moons", "Two moons.")])
    button = stage.view.findChild(QPushButton, "template-moons")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == ["moons"]


def test_the_theme_changes_in_place(stage: Stagehand, dressed: QApplication) -> None:
    apply_theme(dressed, "dark")
    assert stage.scene.painter.theme.is_dark
    apply_theme(dressed, "light")
    assert not stage.scene.painter.theme.is_dark


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.7, 1.0, 4.0])
def test_everything_can_be_drawn_at_every_zoom(stage: Stagehand, zoom: float) -> None:
    stage.view.select_all()
    stage.view.zoom_to(zoom)
    assert not stage.view.grab().isNull()


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, ""), (7, "7"), (999, "999"), (1000, "1.0 k"), (392_500, "392 k"), (1_234_567, "1.2 M"), (7 * 10**9, "7.0 G")],
)
def test_counts_are_short(number: int, text: str) -> None:
    assert short_count(number) == text


def test_a_closed_canvas_is_collected_without_harm(qtbot: QtBot) -> None:
    stage = Stagehand(qtbot)
    stage.drag(stage.body("dense"), stage.body("dense") + QPointF(200, 77), release=False)
    gone = weakref.ref(stage)
    stage.view.close()
    del stage
    gc.collect()
    assert gone() is None
