"""Take a wire's end and put it elsewhere."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt

from designer.canvas.gesture import Stage
from designer.canvas.scene import Spot
from designer.canvas.wire_gesture import WireGesture
from designer.canvas.wiring import Anchor
from designer.text import tr
from engine.graph import Edge, Graph

#: A wire released this far from its old end is taken out; closer, it slips back.
TAKEN_OUT = 48.0


class ReconnectGesture(WireGesture):
    """Starts on a wire's end (or on an input that has a wire). Released on nothing, far away, the wire is taken out."""

    def __init__(self, stage: Stage, start: QPointF, edge: Edge, end: str) -> None:
        self._edge = edge
        if end == "target":
            anchor = Anchor(edge.source, edge.source_port, forward=True)
        else:
            anchor = Anchor(edge.target, edge.target_port, forward=False)
        self._rest = stage.document.project.graph.disconnected([edge])
        super().__init__(stage, start, anchor)

    @property
    def graph(self) -> Graph:
        """The network without the wire in the hand."""
        return self._rest

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Hide the old wire and draw the loose one."""
        if self.is_click(at) and self.target is None:
            return
        self.canvas.hide_wire(self._edge, True)
        super().move(at, modifiers)

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put the wire in its new place; a click selects it."""
        self.canvas.hide_wire(self._edge, False)
        if self.is_click(at):
            self.stage.selection.set((), [self._edge])
        super().release(at, modifiers)

    def connect(self, edge: Edge) -> None:
        """Replace the old wire by the new one."""
        if edge == self._edge:
            return
        project = self.stage.document.project
        nodes = project.graph.nodes
        text = tr("Reconnect {source} to {target}", source=nodes[edge.source].name, target=nodes[edge.target].name)
        self.stage.document.edit(text, project.with_graph(self._rest.connect(edge)))

    def missed(self, spot: Spot, at: QPointF) -> None:
        """Take the wire out when it was released on empty ground, far from its end."""
        offset = at - self.start
        if spot.hit.node or spot.folded:
            super().missed(spot, at)
            return
        if math.hypot(offset.x(), offset.y()) < TAKEN_OUT:
            return
        project = self.stage.document.project
        nodes = project.graph.nodes
        names = {"source": nodes[self._edge.source].name, "target": nodes[self._edge.target].name}
        self.stage.document.edit(tr("Disconnect {source} from {target}", **names), project.with_graph(self._rest))

    def clear(self) -> None:
        """Take all marks away and show the old wire again."""
        self.canvas.hide_wire(self._edge, False)
        super().clear()
