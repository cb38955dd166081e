"""Courses and labels of the wires: found anew only where something near them changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.geometry import Cards, WireShape, label_place, routed
from designer.canvas.look import wire_spec
from designer.canvas.node_item import NodeItem
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


@dataclass(frozen=True)
class _Laid:
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
        nodes: the items of the nodes.
    """

    def __init__(self, scene: QGraphicsScene, painter: CanvasPainter, nodes: Mapping[str, NodeItem]) -> None:
        self._scene = scene
        self._painter = painter
        self._nodes = nodes
        self.items: dict[Edge, WireItem] = {}
        self._laid: dict[Edge, _Laid] = {}
        self._edges: tuple[Edge, ...] = ()
        self._disturbed: set[str] = set()
        self._stale: set[Edge] = set()

    def drop_missing(self, graph: Graph) -> None:
        """Remove the items of wires that are gone."""
        gone, come = apart(self._edges, graph.edges)
        left, kept = set(gone) - set(come), set(gone) & set(come)
        for edge in left:
            self._scene.removeItem(self.items.pop(edge))
            del self._laid[edge]
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
        graph, outputs = document.project.graph, document.inference.outputs
        zones = None if zones is not None and len(zones) > MOST_ZONES else zones
        labels: dict[str, list[QRectF]] = {}
        for edge in graph.edges:
            laid, ends = self._laid.get(edge), {edge.source, edge.target}
            near = (
                laid is None
                or zones is None
                or edge in self._stale
                or any(laid.reach.intersects(zone) for zone in zones)
            )
            if laid is None or near or not moved.isdisjoint(ends):
                laid, anew = self._course_anew(document, edge, cards, laid), True
            else:
                anew = not self._disturbed.isdisjoint(ends)
            specs = outputs.get(edge.source)
            if anew or specs is not laid.specs:
                spec = wire_spec(document, edge)
                text = "" if spec is None else str(spec)
                if anew or text != laid.label:
                    laid = self._label_anew(edge, replace(laid, label=text), cards, labels)
                self._laid[edge] = replace(laid, specs=specs)
            if laid.place is not None:
                labels.setdefault(edge.source, []).append(laid.place)
                labels.setdefault(edge.target, []).append(laid.place)
        self._disturbed.clear()
        self._stale.clear()

    def shift(self, way: QPointF) -> None:
        """All cards moved together: so do wires and labels."""
        for edge, laid in self._laid.items():
            place = None if laid.place is None else laid.place.translated(way)
            moved = replace(laid, shape=laid.shape.moved(way), reach=laid.reach.translated(way), place=place)
            self._laid[edge] = moved
            self.items[edge].show_course(moved.shape)

    def course(self, graph: Graph, edge: Edge, cards: Cards) -> WireShape:
        """The way of a wire between its nodes as they are shown."""
        source, target = self._nodes[edge.source].box, self._nodes[edge.target].box
        entering = [e for e in graph.into(edge.target) if e.target_port == edge.target_port]
        start, end = source.output_point(edge.source_port), target.input_point(edge.target_port, entering.index(edge))
        return routed(start, end, cards, (source.rect, target.rect))

    def _course_anew(self, document: Document, edge: Edge, cards: Cards, laid: _Laid | None) -> _Laid:
        shape = self.course(document.project.graph, edge, cards)
        if edge not in self.items:
            self.items[edge] = WireItem(self._painter, shape)
            self._scene.addItem(self.items[edge])
        else:
            self.items[edge].show_course(shape)
        return replace(laid, shape=shape) if laid is not None else _Laid(shape, QRectF(), None, "", None)

    def _label_anew(self, edge: Edge, laid: _Laid, cards: Cards, labels: Mapping[str, list[QRectF]]) -> _Laid:
        """Put the label where it covers nothing; wires share their ends' crowd of labels."""
        found, size = None, self._painter.label_rect(laid.label, QPointF()).size()
        if laid.label:
            others = [*labels.get(edge.source, ()), *labels.get(edge.target, ())]
            found = label_place(laid.shape, size, cards, others)
        self.items[edge].show_label(laid.label, found[0] if found else None)
        place = found[1] if found else None
        if place != laid.place:
            self._disturbed |= {edge.source, edge.target}
        wide, high = size.width() / 2 + _REACH, size.height() / 2 + _REACH
        ends = QRectF(laid.shape.start, laid.shape.end).normalized()
        return replace(laid, place=place, reach=laid.shape.bounds.united(ends).adjusted(-wide, -high, wide, high))
