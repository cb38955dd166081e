"""The card that stands for a folded group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, RADIUS, NodeBox
from designer.canvas.look import NodeLook, PortLook, short_count, wire_spec
from designer.canvas.node_item import NodeItem
from designer.canvas.painter import FULL, NAMES, CanvasPainter
from designer.model.document import Document
from designer.model.folding import Card
from designer.text import tr
from engine.graph import Edge
from engine.problems import Problem

#: Height of a card: that of a layer's, and a line for what goes in and comes out.
CARD_HEIGHT = NODE_HEIGHT + 20.0
#: Side of the triangle's place.
MARK = 18.0
_SHEETS = (8.0, 4.0)


class GroupCard(NodeItem):
    """A card with the group's name on a stack of sheets; its triangle unfolds it."""

    def __init__(self, painter: CanvasPainter, box: NodeBox, look: NodeLook, card: Card, shapes: str) -> None:
        super().__init__(painter, box, look)
        self.card = card
        self._shapes = shapes

    @property
    def shapes(self) -> str:
        """What goes in and comes out."""
        return self._shapes

    def show_group(self, box: NodeBox, look: NodeLook, card: Card, shapes: str) -> None:
        """Show another state of a group."""
        self.card = card
        if shapes != self._shapes:
            self._shapes = shapes
            self.update()
        self.show_look(box, look)

    @property
    def mark(self) -> QRectF:
        """The place of the triangle on the scene."""
        return _mark(self.box.rect)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The sheets below, the card, and what layers' cards do not have."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        theme, card = self._painter.theme, QRectF(QPointF(), self.box.rect.size())
        for off in _SHEETS:
            painter.setPen(QPen(QColor(theme.control if self.state.hovered else theme.line), 1 if zoom >= FULL else 2))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(card.adjusted(off, off, -off, off), RADIUS, RADIUS)
        super().paint(painter, option, widget)
        if zoom < NAMES:
            return
        draw_mark(painter, _mark(card), QColor(theme.muted), folded=True)
        if zoom >= FULL:
            painter.setFont(self._painter.small_font)
            painter.setPen(QColor(theme.muted))
            line = QRectF(card.left() + 50, card.top() + NODE_HEIGHT - 8, card.width() - 64, 18)
            metrics = QFontMetricsF(self._painter.small_font)
            text = metrics.elidedText(self._shapes, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def draw_mark(painter: QPainter, place: QRectF, color: QColor, folded: bool) -> None:
    """A triangle: to the right where a group is folded, downwards where it is open."""
    middle, reach = place.center(), 4.0
    points = [(-0.6, -1.0), (0.8, 0.0), (-0.6, 1.0)] if folded else [(-1.0, -0.6), (1.0, -0.6), (0.0, 0.8)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) * reach for x, y in points]))


def _mark(card: QRectF) -> QRectF:
    return QRectF(card.left() + 18, card.top() + NODE_HEIGHT - 8, MARK, MARK)


def card_box(card: Card, place: tuple[float, float]) -> NodeBox:
    """Where a card is, and a port for each wire that enters or leaves."""
    rect = QRectF(*place, NODE_WIDTH, CARD_HEIGHT)
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
        badge=tr("{count} layers", count=len(nodes)),
        count=short_count(parameters(document, nodes)),
        category=kinds.most_common(1)[0][0],
        icon="mdi6.group",
        inputs=tuple(PortLook(str(port), wires=1) for port in range(len(card.entering))),
        outputs=tuple(PortLook(str(port), wires=1) for port in range(len(card.leaving))),
        severity=worst,
        untrained=any(key in document.untrained for key in nodes),
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
