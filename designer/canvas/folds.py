"""The cards of folded groups, and where wires end that lead to layers which are not shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.group_card import GroupCard, card_box, card_look
from designer.canvas.node_item import NodeItem
from designer.canvas.nodes import Changes, Problems
from designer.canvas.painter import CanvasPainter, NodeState
from designer.model.document import Document
from designer.model.folding import OPEN, Card, Folding
from designer.model.groups import Group
from engine.graph import Edge


@dataclass(frozen=True)
class End:
    """Where a wire ends: the point, and the card that is not in its way."""

    point: QPointF
    card: QRectF


class Folds:
    """The items of folded groups, by name.

    Args:
        scene: where they are shown.
        painter: draws them.
        nodes: the items of all layers, shown or not.

    Attributes:
        items: by name of the group.
        folding: what is folded.
    """

    def __init__(self, scene: QGraphicsScene, painter: CanvasPainter, nodes: Mapping[str, NodeItem]) -> None:
        self._scene = scene
        self._painter = painter
        self._nodes = nodes
        self.items: dict[str, GroupCard] = {}
        self.folding = OPEN
        self._leaving: dict[Edge, tuple[str, str]] = {}
        self._entering: dict[Edge, tuple[str, str]] = {}

    def follow(self, document: Document, folding: Folding, problems: Problems, changes: Changes) -> bool:
        """Show what is folded now; whether something is, or was until now.

        Args:
            document: what is shown.
            folding: what of it is folded.
            problems: the worst one of each layer.
            changes: what happened to cards is noted there.
        """
        before, self.folding = self.folding, folding
        if not before.cards and not folding.cards:
            return False
        for key in before.of.keys() | folding.of.keys():
            if key in self._nodes and self._nodes[key].isVisible() == (key in folding.of):
                self._nodes[key].setVisible(key not in folding.of)
                changes.note(key, None, self._nodes[key].box.rect)
        self._leaving = {e: (name, str(n)) for name, n, e in _wires(folding.cards, leaving=True)}
        self._entering = {e: (name, str(n)) for name, n, e in _wires(folding.cards, leaving=False)}
        for name in [name for name in self.items if name not in folding.cards]:
            item = self.items.pop(name)
            changes.taken.append(item.box.rect)
            self._scene.removeItem(item)
        for name, card in folding.cards.items():
            self._show(document, name, card, problems, changes)
        ends = (key for edge in before.hidden ^ folding.hidden for key in (edge.source, edge.target))
        changes.moved.update(key for key in ends if key in self._nodes)
        return True

    def _show(self, document: Document, name: str, card: Card, problems: Problems, changes: Changes) -> None:
        box, look = card_box(card, self._place(card.group.nodes)), card_look(document, card, problems)
        item = self.items.get(name)
        if item is None:
            item = self.items[name] = GroupCard(self._painter, box, look, card)
            self._scene.addItem(item)
            changes.taken.append(box.rect)
        elif box == item.box and card == item.card:
            item.show_group(box, look, card)
            return
        else:
            changes.taken += [item.box.rect, box.rect]
            item.show_group(box, look, card)
        changes.moved.update(card.group.nodes)

    def _place(self, nodes: Iterable[str]) -> tuple[float, float]:
        corners = [self._nodes[key].box.rect.topLeft() for key in nodes]
        across = [corner.x() for corner in corners]
        return (min(across) + max(across)) / 2, min(corner.y() for corner in corners)

    def place(self) -> None:
        """Follow the layers where they are shown for a while elsewhere than the document has them."""
        for item in self.items.values():
            item.move_to(QPointF(*self._place(item.card.group.nodes)))

    def mark(self, chosen: Collection[str], pointed: Group | None, dimmed: bool) -> None:
        """Show the selection and the pointer."""
        for item in self.items.values():
            group = item.card.group
            selected = any(key in chosen for key in group.nodes)
            item.show_state(NodeState(selected=selected, hovered=pointed == group, dimmed=dimmed))

    def at(self, point: QPointF) -> GroupCard | None:
        """The card under a point."""
        return next((item for item in self.items.values() if item.box.rect.contains(point)), None)

    def shown(self) -> Iterator[NodeItem]:
        """The items of everything that is shown: layers and cards."""
        of = self.folding.of
        yield from (item for key, item in self._nodes.items() if key not in of)
        yield from self.items.values()

    def standing(self, keys: Iterable[str]) -> Iterator[NodeItem]:
        """What is shown of some layers, each item once."""
        of, seen = self.folding.of, set[str]()
        for key in keys:
            if key not in of:
                yield self._nodes[key]
            elif of[key] not in seen and of[key] in self.items:
                seen.add(of[key])
                yield self.items[of[key]]

    def rect_of(self, keys: Iterable[str]) -> QRectF:
        """The rectangle around the cards that stand for some layers."""
        found = QRectF()
        for item in self.standing(keys):
            found = found.united(item.box.rect)
        return found

    def start(self, edge: Edge) -> End:
        """Where a wire begins."""
        name, port = self._leaving.get(edge, ("", edge.source_port))
        box = self.items[name].box if name else self._nodes[edge.source].box
        return End(box.output_point(port), box.rect)

    def end(self, edge: Edge, number: int) -> End:
        """Where a wire ends; ``number`` counts those of a port that takes several."""
        name, port = self._entering.get(edge, ("", edge.target_port))
        box = self.items[name].box if name else self._nodes[edge.target].box
        return End(box.input_point(port, 0 if name else number), box.rect)


def _wires(cards: Mapping[str, Card], leaving: bool) -> Iterator[tuple[str, int, Edge]]:
    """Wires of cards: the card, the number of its port, the wire."""
    for name, card in cards.items():
        for number, edges in enumerate(card.leaving if leaving else card.entering):
            yield from ((name, number, edge) for edge in edges)
