"""Bring a layer from the palette: a ghost follows the pointer until it is put down."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, STEP, NodeBox, WireShape, aligned
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.look import NodeLook, PortLook
from designer.canvas.placing import cards, dropped, inserted, output_above
from designer.canvas.scene import Spot
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.graph import Edge


@dataclass(frozen=True)
class _Plan:
    """Where a layer would go: its box, and the wire it would enter or the output it would follow."""

    box: NodeBox
    edge: Edge | None
    source: tuple[str, str] | None


class DropGesture(Gesture):
    """The view starts it when the pointer arrives with a layer in hand.

    Over a wire the layer will go into the wire; close below a free output it will be connected to it.
    """

    cursor = Qt.CursorShape.ClosedHandCursor
    held = False

    def __init__(self, stage: Stage, start: QPointF, layer: Layer) -> None:
        super().__init__(stage, start)
        self._layer = layer
        self._others = cards(stage.document.project.graph)
        self._look = NodeLook(
            name=tr(layer.title),
            title=tr(layer.title),
            badge=layer.badge,
            category=layer.category,
            icon=layer.icon,
            inputs=tuple(PortLook(port.name) for port in layer.inputs),
            outputs=tuple(PortLook(port.name) for port in layer.outputs),
        )
        self.move(start, Qt.KeyboardModifier.NoModifier)

    def _box(self, at: QPointF, free: bool) -> NodeBox:
        rect = QRectF(at.x() - NODE_WIDTH / 2, at.y() - NODE_HEIGHT / 2, NODE_WIDTH, NODE_HEIGHT)
        place = rect.topLeft() if free else aligned(rect, self._others)[0]
        inputs = tuple((port.name, 1) for port in self._layer.inputs)
        return NodeBox("", QRectF(place, rect.size()), inputs, tuple(port.name for port in self._layer.outputs))

    def _wire_under(self, at: QPointF) -> Edge | None:
        through = self._layer.inputs and self._layer.outputs
        return self.canvas.spot(at, self.stage.zoom).edge if through else None

    def _source(self, box: NodeBox) -> tuple[str, str] | None:
        if not self._layer.inputs:
            return None
        graph = self.stage.document.project.graph
        taken = {(edge.source, edge.source_port) for edge in graph.edges}
        return output_above(box.input_centre(self._layer.inputs[0].name), self.canvas.boxes(), taken)

    def _plan(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> _Plan:
        """What would happen if the layer were put down here."""
        box = self._box(at, bool(modifiers & Qt.KeyboardModifier.ControlModifier))
        edge = self._wire_under(at)
        source = None if edge else self._source(box)
        if source is not None:
            # In line below the output that catches it, as far as layers of a chain are apart.
            above = self.canvas.nodes[source[0]].box
            middle = above.output_point(source[1]).x() - box.rect.width() / 2
            box = box.moved_to(QPointF(middle, above.rect.top() + STEP))
        return _Plan(box, edge, source)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Draw the ghost and what it would be connected to."""
        plan = self._plan(at, modifiers)
        self.canvas.show_spot(Spot(edge=plan.edge))
        self.stage.say(self._foretold(plan), at)
        box, wire = plan.box, self._wire_to(plan)
        bounds = box.rect.adjusted(-10, -10, 10, 10)
        bounds = bounds.united(wire.bounds) if wire else bounds

        def paint(painter: QPainter, zoom: float) -> None:
            if wire is not None:
                self.canvas.painter.loose_wire(painter, wire, sure=True)
            self.canvas.painter.ghost(painter, box, self._look, zoom)

        self.canvas.sketch("ghost", bounds, paint)

    def _foretold(self, plan: _Plan) -> str:
        nodes = self.stage.document.project.graph.nodes
        if plan.edge is not None:
            ends = {"source": nodes[plan.edge.source].name, "target": nodes[plan.edge.target].name}
            return tr("Goes between '{source}' and '{target}'", **ends)
        return tr("Comes after '{source}'", source=nodes[plan.source[0]].name) if plan.source else ""

    def _wire_to(self, plan: _Plan) -> WireShape | None:
        if plan.source is None:
            return None
        start = self.canvas.nodes[plan.source[0]].box.output_point(plan.source[1])
        return WireShape(start, plan.box.input_centre(self._layer.inputs[0].name))

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put the layer down as one step and select it."""
        plan = self._plan(at, modifiers)
        self.cancel()
        project = self.stage.document.project
        if plan.edge is not None:
            graph, key = inserted(project.graph, self._layer, plan.edge, plan.box.rect.topLeft())
        else:
            graph, key = dropped(project.graph, self._layer, plan.box.rect.topLeft(), plan.source)
        graph, key = self.stage.document.begun_anew(graph, key)
        self.stage.document.edit(tr("Add {name}", name=tr(self._layer.title)), project.with_graph(graph))
        self.stage.selection.set([key])

    def cancel(self) -> None:
        """Let the ghost vanish."""
        self.canvas.show_spot(Spot())
        self.canvas.erase("ghost")
        self.stage.say("")
