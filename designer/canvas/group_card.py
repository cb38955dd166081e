"""The card that stands for a folded group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, RADIUS, NodeBox
from designer.canvas.look import NodeLook, PortLook, short_count, wire_spec
from designer.canvas.node_item import NodeItem
from designer.canvas.painter import FULL, CanvasPainter
from designer.model.document import Document
from designer.model.folding import Card
from designer.text import tr
from engine.graph import Edge
from engine.problems import Problem

#: Side of the triangle's place.
MARK = 18.0
_SHEETS = (7.0, 3.5)
_TRIANGLE = "mdi6.menu-right"


class GroupCard(NodeItem):
    """A card with the group's name on a stack of sheets; its triangle unfolds it."""

    def __init__(self, painter: CanvasPainter, box: NodeBox, look: NodeLook, card: Card) -> None:
        super().__init__(painter, box, look)
        self.card = card

    def show_group(self, box: NodeBox, look: NodeLook, card: Card) -> None:
        """Show another state of a group."""
        self.card = card
        self.show_look(box, look)

    @property
    def mark(self) -> QRectF:
        """The place of the triangle on the scene, at the end of the name."""
        rect = self.box.rect
        return QRectF(rect.right() - 46, rect.top() + 6, 40, 28)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The sheets below, and the card."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        theme, card = self._painter.theme, QRectF(QPointF(), self.box.rect.size())
        for off in _SHEETS:
            painter.setPen(QPen(QColor(theme.control if self.state.hovered else theme.line), 1 if zoom >= FULL else 2))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(card.adjusted(off, off, -off, off), RADIUS, RADIUS)
        super().paint(painter, option, widget)


def draw_mark(painter: QPainter, place: QRectF, color: QColor) -> None:
    """A triangle that points down: what is open."""
    middle, reach = place.center(), 4.0
    points = [(-1.0, -0.6), (1.0, -0.6), (0.0, 0.8)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) * reach for x, y in points]))


def card_box(card: Card, place: tuple[float, float]) -> NodeBox:
    """Where a card is, and a port for each wire that enters or leaves."""
    rect = QRectF(*place, NODE_WIDTH, NODE_HEIGHT)
    entering = tuple((str(port), 1) for port in range(len(card.entering)))
    return NodeBox(card.group.name, rect, entering, tuple(str(port) for port in range(len(card.leaving))))


def card_look(document: Document, card: Card, problems: Mapping[str, Problem]) -> NodeLook:
    """What the card of a group shows; the worst that is wrong inside rises to it."""
    graph, nodes = document.project.graph, card.group.nodes
    kinds = Counter(graph.nodes[key].layer.category for key in nodes)
    severities = {problems[key].severity for key in nodes if key in problems}
    worst = next((severity for severity in ("error", "warning") if severity in severities), "")
    return NodeLook(
        name=card.group.title,
        title=tr("Group"),
        badge=" · ".join(part for part in (tr("{count} layers", count=len(nodes)), shapes_of(document, card)) if part),
        count=short_count(parameters(document, nodes)),
        category=kinds.most_common(1)[0][0],
        icon="mdi6.group",
        inputs=tuple(PortLook(str(port), wires=1) for port in range(len(card.entering))),
        outputs=tuple(PortLook(str(port), wires=1) for port in range(len(card.leaving))),
        severity=worst,
        untrained=any(key in document.untrained for key in nodes),
        marks=(_TRIANGLE,),
    )


def parameters(document: Document, nodes: tuple[str, ...]) -> int:
    """All numbers that some layers hold, shared ones once."""
    graph = document.project.graph
    return sum(sum(document.inference.parameter_count(key)) for key in {graph.owner(key) for key in nodes})


def shapes_of(document: Document, card: Card) -> str:
    """What goes in and what comes out: ``28 × 28 → 10``."""
    graph, outputs = document.project.graph, document.inference.outputs
    before = _specs(document, card.entering)
    after = _specs(document, card.leaving)
    ends = [key for key in card.group.nodes if not graph.out_of(key)]
    after += [str(spec) for key in ends for spec in outputs.get(key, ())]
    return " → ".join(part for part in (", ".join(before), ", ".join(after)) if part)


def _specs(document: Document, ports: tuple[tuple[Edge, ...], ...]) -> list[str]:
    found = (wire_spec(document, edges[0]) for edges in ports)
    return [str(spec) for spec in found if spec is not None]
