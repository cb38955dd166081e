"""Connect by keyboard: C starts at the selected node, Tab chooses the target, Enter connects."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter

from designer.canvas.geometry import WireShape
from designer.canvas.gesture import Gesture, Stage
from designer.canvas.scene import PortKey
from designer.canvas.wiring import Anchor, forecast, possible_ports
from designer.text import tr
from engine.graph import Edge


class KeyWireGesture(Gesture):
    """Lasts until Enter or Escape; the possible targets are visited from top to bottom."""

    held = False

    def __init__(self, stage: Stage, source: str, port: str) -> None:
        start = stage.canvas.nodes[source].box.output_point(port)
        super().__init__(stage, start)
        self._anchor = Anchor(source, port)
        graph = stage.document.project.graph
        possible = {port for port in possible_ports(graph, self._anchor) if port[0] not in stage.canvas.folding.of}
        taken = {(e.target, e.target_port) for e in graph.edges}
        many = {(k, p.name) for k, n in graph.nodes.items() for p in n.layer.inputs if p.many}
        # Free inputs first: that is what one nearly always wants.
        self._targets = sorted(
            possible,
            key=lambda key: (
                (key[0], key[2]) in taken - many,
                graph.nodes[key[0]].position[1],
                graph.nodes[key[0]].position[0],
                key[2],
            ),
        )
        self._chosen = 0
        if self._targets:
            self._show()

    @property
    def targets(self) -> list[PortKey]:
        """The ports that can be chosen, in the order of Tab."""
        return list(self._targets)

    def _edge(self) -> Edge:
        return self._anchor.edge(self._targets[self._chosen])

    def _show(self) -> None:
        key = self._targets[self._chosen]
        end = self.canvas.nodes[key[0]].box.input_centre(key[2])
        shape = WireShape(self.start, end)

        def paint(painter: QPainter, _zoom: float) -> None:
            self.canvas.painter.loose_wire(painter, shape, sure=True)

        self.canvas.sketch("wire", shape.bounds, paint)
        self.canvas.show_targets(self._targets, key)
        said = forecast(self.stage.document.project.graph, self._edge())
        self.stage.say(said or tr("Enter connects, Tab chooses the next layer, Escape ends."), end)

    def key(self, event: QKeyEvent) -> bool:
        """Tab and arrows choose, Enter connects."""
        steps = {
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Left: -1,
        }
        pressed = Qt.Key(event.key())
        if pressed in steps:
            self._chosen = (self._chosen + steps[pressed]) % len(self._targets)
            self._show()
            return True
        if pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            edge = self._edge()
            self.stage.finish()
            project = self.stage.document.project
            nodes = project.graph.nodes
            text = tr("Connect {source} to {target}", source=nodes[edge.source].name, target=nodes[edge.target].name)
            self.stage.document.edit(text, project.with_graph(project.graph.connect(edge)))
            self.stage.selection.set([edge.target])
            return True
        return False

    def cancel(self) -> None:
        """Take the loose wire and all marks away."""
        self.canvas.erase("wire")
        self.canvas.show_targets(None)
        self.stage.say("")
