"""What the canvas's tests do with mouse and keys: real events on the view's viewport, in scene coordinates."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.canvas.geometry import NodeBox
from designer.canvas.holding import place_of
from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.groups import own_name
from designer.model.selection import Selection
from engine import registry
from engine.catalogue.layers.base import Layer
from engine.graph import Edge, Graph, Node
from engine.project import Project

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def layer(key: str, **values: object) -> Layer:
    """A declaration by its key."""
    made = registry.layers.get(key)(**values)
    assert isinstance(made, Layer)
    return made


def chain(*layers: Layer, step: float = 110.0) -> Graph:
    """Layers one below the other, connected."""
    graph, before = Graph(), ""
    for place, made in enumerate(layers):
        key = graph.fresh_id(made)
        graph = graph.add(Node(key, made, (0.0, step * place)))
        graph = graph.connect(Edge(before, key)) if before else graph
        before = key
    return graph


def small() -> Graph:
    """input -> dense -> dense_1, and dense_2 alone beside them."""
    graph = chain(layer("Input", shape=(4,)), layer("Dense", units=3), layer("Dense", units=2), step=160.0)
    return graph.add(Node("dense_2", layer("Dense", units=5), (320.0, 160.0)))


class Stagehand:
    """A view in a window of its own, and hands that move the pointer."""

    def __init__(self, bot: QtBot, graph: Graph | None = None) -> None:
        self.document = Document(Project(graph=small() if graph is None else graph))
        self.selection = Selection(self.document)
        self.view = CanvasView(self.document, self.selection)
        bot.addWidget(self.view)
        self.view.resize(900, 800)
        self.view.show()
        self.view.activateWindow()
        bot.waitUntil(self.view.isActiveWindow)
        self.view.setFocus()
        self.view.zoom_reset()
        self.scene = self.view.canvas
        self._held = Qt.MouseButton.NoButton
        self.said: list[str] = []
        self.view.status.connect(self.said.append)

    @property
    def graph(self) -> Graph:
        """The document's network."""
        return self.document.project.graph

    def pixel(self, point: QPointF) -> QPoint:
        """Where a point of the scene is in the viewport."""
        return self.view.mapFromScene(point)

    def box(self, node: str) -> NodeBox:
        """Where a node is shown."""
        return self.scene.nodes[node].box

    def body(self, node: str) -> QPointF:
        """A point of a node's card that is neither port nor name."""
        return self.box(node).rect.topLeft() + QPointF(180, 46)

    def output(self, node: str, port: str = "y") -> QPointF:
        """A node's output."""
        return self.box(node).output_point(port)

    def input(self, node: str, port: str = "x") -> QPointF:
        """A node's input."""
        return self.box(node).input_centre(port)

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        """Press a button."""
        self._held = button
        QTest.mousePress(self.view.viewport(), button, modifiers, self.pixel(at))

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Move the pointer; QTest knows no keys held meanwhile, so the event is made here."""
        viewport = self.view.viewport()
        place = QPointF(self.pixel(at))
        kind, button = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        event = QMouseEvent(kind, place, QPointF(viewport.mapToGlobal(place)), button, self._held, modifiers)
        QApplication.sendEvent(viewport, event)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        """Let go of a button."""
        self._held = Qt.MouseButton.NoButton
        QTest.mouseRelease(self.view.viewport(), button, modifiers, self.pixel(at))

    def click(self, at: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go."""
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, self.pixel(at))

    def double_click(self, at: QPointF) -> None:
        """Press and let go twice."""
        self.click(at)
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, self.pixel(at))

    def drag(
        self,
        start: QPointF,
        end: QPointF,
        modifiers: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
        release: bool = True,
    ) -> None:
        """Press, move in steps, let go."""
        self.press(start, modifiers, button)
        for share in (0.1, 0.5, 0.9, 1.0):
            self.move(start + (end - start) * share, modifiers)
        if release:
            self.release(end, modifiers, button)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key on the canvas."""
        QTest.keyClick(self.view, key, modifiers)

    def is_in_step(self) -> bool:
        """Whether the scene shows exactly what the document holds."""
        nodes = {key: item.box.rect.topLeft().toTuple() for key, item in self.scene.nodes.items()}
        held = {key: node.position for key, node in self.graph.nodes.items()}
        names = {key: item.look.name for key, item in self.scene.nodes.items()}
        chosen = {key for key, item in self.scene.nodes.items() if item.state.selected}
        wires = {edge for edge, item in self.scene.wires.items() if item.isVisible()}
        sheets = {key: (item.note, item.rect) for key, item in self.scene.notes.items.items()}
        marked = {key for key, item in self.scene.notes.items.items() if item.is_selected}
        ends = all(
            item.shape_value.start == self.output(edge.source, edge.source_port)
            for edge, item in self.scene.wires.items()
        )
        return (
            nodes == held
            and names == {key: own_name(node) for key, node in self.graph.nodes.items()}
            and chosen == self.selection.nodes
            and wires == set(self.graph.edges)
            and sheets == {note.key: (note, place_of(note)) for note in self.document.project.sketch.notes}
            and marked == self.selection.notes
            and ends
            and self.scene.faults.keys() == {p.node for p in self.document.problems if p.node}
            and len(self.scene.items())
            == len(nodes) + len(wires) + len(sheets) + len(self.scene.faults) + len(self.scene.frames)
        )
