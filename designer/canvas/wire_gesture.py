"""Drag a wire from an output to an input, or backwards from an input to an output."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from designer.canvas.geometry import WireShape
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.scene import PortKey, Spot
from designer.canvas.wiring import Anchor, forecast, port_for_body, possible_ports, refusal
from designer.text import tr
from engine.graph import Edge, Graph


class WireGesture(Gesture):
    """Starts on a port. Ports that can take the wire glow, the rest is dimmed; a sentence foretells what comes of it.

    Released on a node's body the wire takes its free input; released on nothing it asks which layer shall be there.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, start: QPointF, anchor: Anchor) -> None:
        super().__init__(stage, start)
        self._anchor = anchor
        self._possible = possible_ports(self.graph, anchor)
        self._target: PortKey | None = None
        self._said = ""

    @property
    def graph(self) -> Graph:
        """The network into which the wire would go."""
        return self.stage.document.project.graph

    @property
    def target(self) -> PortKey | None:
        """The port under the pointer, whether it can take the wire or not."""
        return self._target

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Draw the loose wire and say what it would do."""
        spot = self.canvas.spot(at, self.stage.zoom)
        target = self._meant(spot)
        sure = target in self._possible
        if target != self._target:
            self._target = target
            self._said = "" if target is None else self._foretold(target)
        if target is None:
            self._said = _unfold_first(spot)
        self.canvas.show_targets(self._possible, target if sure else None)
        self.stage.say(self._said, at)
        self._draw(at, target if sure else None)

    def _meant(self, spot: Spot) -> PortKey | None:
        side = "input" if self._anchor.forward else "output"
        hit = spot.hit
        if hit.kind == side:
            return (hit.node, side, hit.port)
        if hit.kind in ("node", "input", "output") and hit.node != self._anchor.node:
            return port_for_body(self.graph, self._anchor, hit.node)
        return None

    def _foretold(self, target: PortKey) -> str:
        edge = self._anchor.edge(target)
        return forecast(self.graph, edge) if target in self._possible else refusal(self.graph, edge)

    def _draw(self, at: QPointF, target: PortKey | None) -> None:
        fixed = self._point((self._anchor.node, "output" if self._anchor.forward else "input", self._anchor.port))
        loose = at if target is None else self._point(target)
        shape = WireShape(fixed, loose) if self._anchor.forward else WireShape(loose, fixed)
        sure = target is not None

        def paint(painter: QPainter, _zoom: float) -> None:
            self.canvas.painter.loose_wire(painter, shape, sure)

        self.canvas.sketch("wire", shape.bounds, paint)

    def _point(self, key: PortKey) -> QPointF:
        box = self.canvas.nodes[key[0]].box
        return box.output_point(key[2]) if key[1] == "output" else box.input_centre(key[2])

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Connect, or say why not."""
        self.clear()
        if self.is_click(at):
            return
        spot = self.canvas.spot(at, self.stage.zoom)
        target = self._meant(spot)
        if target is None:
            self.missed(spot, at)
            return
        edge = self._anchor.edge(target)
        reason = refusal(self.graph, edge)
        if reason:
            self.stage.say(reason, at)
        else:
            self.connect(edge)

    def missed(self, spot: Spot, at: QPointF) -> None:
        """The wire was released where there is no port for it."""
        if spot.hit.node and spot.hit.node != self._anchor.node:
            name = self.graph.nodes[spot.hit.node].name
            if self._anchor.forward and not self.graph.nodes[spot.hit.node].layer.inputs:
                text = tr("'{name}' takes no input: data enter the network there.", name=name)
            else:
                text = tr("All inputs of '{name}' are taken. Release on the one to replace.", name=name)
            self.stage.say(text, at)
        elif spot.folded:
            self.stage.say(_unfold_first(spot), at)
        elif spot.kind in ("nothing", "group", "wire"):
            self.stage.offer_layers(at, self._anchor)

    def connect(self, edge: Edge) -> None:
        """Put the wire in."""
        project = self.stage.document.project
        nodes = project.graph.nodes
        text = tr("Connect {source} to {target}", source=nodes[edge.source].name, target=nodes[edge.target].name)
        self.stage.document.edit(text, project.with_graph(project.graph.connect(edge)))

    def clear(self) -> None:
        """Take the loose wire and all marks away."""
        self.canvas.erase("wire")
        self.canvas.show_targets(None)
        self.stage.say("")

    def cancel(self) -> None:
        """Leave everything unconnected."""
        self.clear()


def _unfold_first(spot: Spot) -> str:
    """What to say over the card of a folded group; nothing elsewhere."""
    if not spot.folded or spot.group is None:
        return ""
    return tr("Unfold '{name}' first: a wire ends at one of its layers.", name=spot.group.title)
