"""Courses and labels of the wires: found anew only where something near them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.cards import Cards
from designer.canvas.folds import Folds
from designer.canvas.geometry import WireShape, label_place, routed
from designer.canvas.look import wire_spec
from designer.canvas.painter import CanvasPainter
from designer.canvas.wire_item import WireItem
from designer.model.diff import apart
from designer.model.document import Document
from engine.graph import Edge, Graph
from engine.infer import Specs

#: How far from a wire a card can stand that its course or label heeds (canvas units), beside half the label.
_REACH = 16.0
#: With more changed places than these it is cheaper to look at every wire anew than at every place.
MOST_ZONES = 24


class _Laid(NamedTuple):
    """What was found for a wire: its course, where cards would change it, its label and the label's place."""

    shape: WireShape
    reach: QRectF
    specs: Specs | None
    label: str
    place: QRectF | None


class Courses:
    """The items of all wires, by edge.

    Args:
        scene: where they are shown.
        painter: draws them.
        folds: knows where wires end.
    """

    def __init__(self, scene: QGraphicsScene, painter: CanvasPainter, folds: Folds) -> None:
        self._scene = scene
        self._painter = painter
        self._folds = folds
        self.items: dict[Edge, WireItem] = {}
        self._laid: dict[Edge, _Laid] = {}
        self._edges: tuple[Edge, ...] = ()
        self._places: dict[Edge, int] = {}
        self._outputs: Mapping[str, Specs] = {}
        self._anew: set[Edge] = set()
        self._disturbed: set[str] = set()
        self._stale: set[Edge] = set()

    def drop_missing(self, graph: Graph) -> None:
        """Remove the items of wires that are gone."""
        if graph.edges is self._edges:
            return
        gone, come = apart(self._edges, graph.edges)
        self._places = {edge: place for place, edge in enumerate(graph.edges)}
        left, kept = set(gone) - set(come), set(gone) & set(come)
        self._stale.update(edge for edge in come if edge not in kept)
        for edge in left:
            self._scene.removeItem(self.items.pop(edge))
            self._laid.pop(edge, None)
            self._disturbed |= {edge.source, edge.target}
        if [edge for edge in gone if edge in kept] != [edge for edge in come if edge in kept]:
            # Labels give way to those of wires before them, so another order is another picture.
            self._disturbed.update(edge.source for edge in graph.edges)
        self._edges = graph.edges

    def forget(self, edges: Iterable[Edge]) -> None:
        """These wires were shown elsewhere for a while: find their courses anew."""
        self._stale.update(edges)

    def follow(self, document: Document, cards: Cards, moved: AbstractSet[str], zones: Sequence[QRectF] | None) -> None:
        """Show the wires as the document has them.

        Args:
            document: what is shown.
            cards: the places of all nodes.
            moved: nodes whose card, ports or wires changed.
            zones: where cards came, went and moved; ``None`` for everywhere.
        """
        graph, hidden = document.project.graph, self._folds.folding.hidden
        for edge in hidden:
            self._hide(edge)
        self._anew = self._to_lay(graph, moved, zones)
        found = {*self._anew, *self._to_label(graph, document.inference.outputs)} - hidden
        todo = sorted(self._places[edge] for edge in found)
        waiting = set(todo)
        while todo:
            place = heappop(todo)
            edge = graph.edges[place]
            before = self._laid.get(edge)
            if self._lay(document, edge, cards).place == (before.place if before is not None else None):
                continue
            for other in _beside(graph, edge):  # labels give way to those of wires before them
                later = self._places[other]
                if later > place and later not in waiting and other not in hidden:
                    waiting.add(later)
                    heappush(todo, later)
        self._disturbed.clear()
        self._stale.clear()

    def _to_lay(self, graph: Graph, moved: AbstractSet[str], zones: Sequence[QRectF] | None) -> set[Edge]:
        """Wires whose courses must be found anew: new ones, and those near which a card came, went or moved."""
        if zones is None or len(zones) > MOST_ZONES:
            return set(graph.edges)
        found = {edge for key in moved for edge in (*graph.into(key), *graph.out_of(key))}
        for zone in zones:
            found.update(edge for edge, laid in self._laid.items() if laid.reach.intersects(zone))
        return found | (self._stale & self._places.keys())

    def _to_label(self, graph: Graph, outputs: Mapping[str, Specs]) -> set[Edge]:
        """Wires whose labels may be others, because of what flows through them or of wires that went."""
        before, self._outputs = self._outputs, outputs
        found = {edge for key in self._disturbed for edge in (*graph.into(key), *graph.out_of(key))}
        if before is not outputs:
            changed = [key for key in graph.nodes if before.get(key) is not outputs.get(key)]
            found.update(edge for key in changed for edge in graph.out_of(key))
        return found

    def _lay(self, document: Document, edge: Edge, cards: Cards) -> _Laid:
        """Bring a wire's course and label up to date."""
        laid, anew = self._laid.get(edge), True
        if laid is None or edge in self._anew:
            laid = self._course_anew(document, edge, cards, laid)
        else:
            anew = not self._disturbed.isdisjoint((edge.source, edge.target))
        specs = document.inference.outputs.get(edge.source)
        if anew or specs is not laid.specs:
            spec = wire_spec(document, edge)
            text = "" if spec is None else str(spec)
            if anew or text != laid.label:
                others = self._labels_before(document.project.graph, edge)
                laid = self._label_anew(edge, laid._replace(label=text), cards, others)
            laid = self._laid[edge] = laid._replace(specs=specs)
        return laid

    def _labels_before(self, graph: Graph, edge: Edge) -> list[QRectF]:
        """Where the labels of wires stand that come before one and share an end with it."""
        place, found = self._places[edge], []
        for other in _beside(graph, edge):
            laid = self._laid.get(other)
            if self._places[other] < place and laid is not None and laid.place is not None:
                found.append(laid.place)
        return found

    def shift(self, way: QPointF) -> None:
        """All cards moved together: so do wires and labels."""
        for edge, laid in self._laid.items():
            place = None if laid.place is None else laid.place.translated(way)
            moved = laid._replace(shape=laid.shape.moved(way), reach=laid.reach.translated(way), place=place)
            self._laid[edge] = moved
            self.items[edge].show_course(moved.shape)

    def course(self, graph: Graph, edge: Edge, cards: Cards) -> WireShape:
        """The way of a wire between its nodes as they are shown."""
        entering = [e for e in graph.into(edge.target) if e.target_port == edge.target_port]
        start, end = self._folds.start(edge), self._folds.end(edge, entering.index(edge))
        return routed(start.point, end.point, cards, (start.card, end.card))

    def _hide(self, edge: Edge) -> None:
        """Show nothing of a wire within a folded group; it is laid anew when it is seen again."""
        if edge not in self.items:
            self.items[edge] = WireItem(self._painter, WireShape(QPointF(), QPointF()))
            self._scene.addItem(self.items[edge])
        self.items[edge].setVisible(False)
        if self._laid.pop(edge, None) is not None:
            self._disturbed |= {edge.source, edge.target}

    def _course_anew(self, document: Document, edge: Edge, cards: Cards, laid: _Laid | None) -> _Laid:
        shape = self.course(document.project.graph, edge, cards)
        if edge not in self.items:
            self.items[edge] = WireItem(self._painter, shape)
            self._scene.addItem(self.items[edge])
        else:
            self.items[edge].show_course(shape)
            if laid is None:
                self.items[edge].setVisible(True)
        return laid._replace(shape=shape) if laid is not None else _Laid(shape, QRectF(), None, "", None)

    def _label_anew(self, edge: Edge, laid: _Laid, cards: Cards, others: Sequence[QRectF]) -> _Laid:
        """Put the label where it covers nothing; wires share their ends' crowd of labels."""
        size = self._painter.label_rect(laid.label, QPointF()).size()
        found = label_place(laid.shape, size, cards, others) if laid.label else None
        self.items[edge].show_label(laid.label, found[0] if found else None)
        place = found[1] if found else None
        if place != laid.place:
            self._disturbed |= {edge.source, edge.target}
        wide, high = size.width() / 2 + _REACH, size.height() / 2 + _REACH
        ends = QRectF(laid.shape.start, laid.shape.end).normalized()
        reach = laid.shape.bounds.united(ends).adjusted(-wide, -high, wide, high)
        return laid._replace(place=place, reach=reach)


def _beside(graph: Graph, edge: Edge) -> Iterator[Edge]:
    """The wires that share an end with one, itself among them."""
    for key in (edge.source, edge.target):
        yield from graph.into(key)
        yield from graph.out_of(key)
