"""The items of all nodes: those whose looks are made of the same things as before are left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, NodeBox
from designer.canvas.known import Known, differing, known_now
from designer.canvas.look import NodeLook, Seen, kin_letters, looked_at, node_look
from designer.canvas.node_item import NodeItem
from designer.canvas.painter import CanvasPainter
from designer.model.document import Document
from engine.graph import Graph, Node
from engine.problems import Problem

Problems = Mapping[str, Problem]


@dataclass
class Changes:
    """What became of the cards.

    Attributes:
        left, taken: where cards stood and stand now that came, went or moved.
        moved: nodes whose card, ports or wires are others.
        ways: how far cards moved that were there before.
    """

    left: list[QRectF] = field(default_factory=list)
    taken: list[QRectF] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    ways: set[tuple[float, float]] = field(default_factory=set)

    @property
    def zones(self) -> list[QRectF]:
        """Everywhere where something changed."""
        return [*self.left, *self.taken]

    def note(self, key: str, before: QRectF | None, now: QRectF) -> None:
        """Write down where a card stood, ``None`` for nowhere, and stands."""
        self.moved.add(key)
        if before is None:
            self.taken.append(now)
        elif before != now:
            self.left.append(before)
            self.taken.append(now)
            self.ways.add((now.x() - before.x(), now.y() - before.y()))


class Nodes:
    """The items of nodes, by id.

    Args:
        scene: where they are shown.
        painter: draws them.

    Attributes:
        items: by id.
        cards: by id where the document has them.
    """

    def __init__(self, scene: QGraphicsScene, painter: CanvasPainter) -> None:
        self._scene = scene
        self._painter = painter
        self.items: dict[str, NodeItem] = {}
        self._seen: dict[str, Seen] = {}
        self._places: dict[str, tuple[float, float]] = {}
        self.cards: dict[str, QRectF] = {}
        self._known = Known()
        self._elsewhere: set[str] = set()

    def drop_missing(self, graph: Graph) -> Changes:
        """Remove the items of nodes that are gone."""
        changes = Changes()
        for key in [key for key in self.items if key not in graph.nodes]:
            changes.left.append(self.cards.pop(key))
            self._scene.removeItem(self.items.pop(key))
            del self._seen[key]
            self._places.pop(key, None)
        return changes

    def forget_places(self, keys: Iterable[str]) -> None:
        """These items were moved for the eye only: ``follow`` puts them back, wherever they are by then."""
        for key in keys:
            self._elsewhere.add(key)
            self._places.pop(key, None)

    def follow(self, document: Document, keys: Collection[str], problems: Problems, changes: Changes) -> None:
        """Show nodes as the document has them.

        Args:
            document: what is shown.
            keys: nodes that changed themselves or in their wires; those of which something else is known now, such as
                their shapes, are found here.
            problems: the worst one of each node.
            changes: what happened to the cards is noted there.
        """
        graph, kin = document.project.graph, kin_letters(document)
        before, self._known = self._known, known_now(document, problems, kin)
        touched = {*keys, *self._elsewhere, *differing(before, self._known, graph)}
        self._elsewhere.clear()
        for key in [key for key in graph.nodes if key in touched] if touched else ():
            self._show(document, graph.nodes[key], problems.get(key), changes)

    def _show(self, document: Document, node: Node, problem: Problem | None, changes: Changes) -> None:
        key, kin = node.id, self._known.kin
        item, before = self.items.get(key), self._seen.get(key)
        seen = looked_at(document, node, problem, kin)
        if item is not None and seen == before and node.position == self._places.get(key):
            return
        if item is None or before is None:
            look = node_look(document, node, problem, kin)
            item = self.items[key] = NodeItem(self._painter, node_box(node, look), look)
            self._scene.addItem(item)
            changes.note(key, None, item.box.rect)
        elif seen != before:
            look = node_look(document, node, problem, kin)
            same_wires = (before.into, before.out_of) == (seen.into, seen.out_of)
            box = node_box(node, look)
            if not same_wires or box != item.box:
                changes.note(key, self.cards[key], box.rect)
            item.show_look(box, look)
        else:
            item.move_to(QPointF(*node.position))
            changes.note(key, self.cards[key], item.box.rect)
        self._seen[key], self._places[key], self.cards[key] = seen, node.position, item.box.rect


def node_box(node: Node, look: NodeLook) -> NodeBox:
    """Where a node is and which ports it has."""
    x, y = node.position
    ends = tuple((port.name, max(1, port.wires) if port.many else 1) for port in look.inputs)
    return NodeBox(node.id, QRectF(x, y, NODE_WIDTH, NODE_HEIGHT), ends, tuple(port.name for port in look.outputs))
