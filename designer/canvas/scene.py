"""The scene: it observes the document and keeps one item for each node, wire and fault."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.carrier import Carrier
from designer.canvas.fault_item import FaultItem
from designer.canvas.frame_item import FrameItem, frame_at
from designer.canvas.geometry import (
    NODE_HEIGHT,
    NODE_WIDTH,
    Cards,
    Hit,
    NodeBox,
    WireShape,
    hit_node,
    hit_wire,
    label_place,
    routed,
)
from designer.canvas.look import FaultLook, NodeLook, node_look, wire_spec, worst_problems
from designer.canvas.node_item import Z_SELECTED, NodeItem
from designer.canvas.painter import CanvasPainter, NodeState, WireState
from designer.canvas.sketch_item import SketchItem
from designer.canvas.wire_item import Z_MARKED, Z_WIRE, WireItem
from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.groups import Group, groups_of
from designer.model.selection import Selection
from designer.text import tr
from designer.theme import current_theme
from engine.graph import Edge, Graph, Node
from engine.problems import Problem

#: The scene's half width and height; fixed, so that editing never makes the view jump, and wider than files allow.
EXTENT = 1.1e7

_NO_CARDS = Cards()

PortKey = tuple[str, str, str]  # node, "input" or "output", port


@dataclass(frozen=True)
class Spot:
    """What lies under a point of the scene: a hit, and the wire or group when it is one."""

    hit: Hit = field(default_factory=Hit)
    edge: Edge | None = None
    group: Group | None = None

    @property
    def kind(self) -> str:
        """``nothing``, ``node``, ``input``, ``output``, ``wire``, ``fix`` or ``group``."""
        return self.hit.kind


class CanvasScene(QGraphicsScene):
    """Items by id that follow the document; gestures move and mark them without changing it."""

    def __init__(self, document: Document, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT, parent)
        self.document = document
        self.selection = selection
        self.painter = CanvasPainter()
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Edge, WireItem] = {}
        self.faults: dict[str, FaultItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self._sketches: dict[str, SketchItem] = {}
        self._names: tuple[tuple[str, str], ...] = ()
        self._groups: tuple[Group, ...] = ()
        self._problems: Mapping[str, Problem] = {}
        self._visible: QRectF | None = None
        self._spot = Spot()
        self._possible: frozenset[PortKey] | None = None
        self._hot: PortKey | None = None
        self._carriers: tuple[Carrier, ...] = ()
        self._carried: frozenset[str] = frozenset()
        self._crossing: tuple[Edge, ...] = ()
        document.changed.connect(self._follow)
        selection.changed.connect(self._mark)
        self._follow(Diff(everything=True))

    # -- following the document ----------------------------------------------------------------

    def _follow(self, diff: Diff) -> None:
        # What is shown of a node depends on its neighbours, shapes and problems, so all looks are compared:
        # they are small values, and items whose look is unchanged do nothing.
        self._put_down()
        graph = self.document.project.graph
        self._problems = worst_problems(self.document)
        self._drop_missing(graph)
        for node in graph.nodes.values():
            self._follow_node(node)
        cards = Cards(item.box.rect for item in self.nodes.values())
        rearranged = bool(diff.everything or diff.structure or diff.moved)
        labels: dict[str, list[QRectF]] = {}
        for edge in graph.edges:
            self._follow_wire(edge, cards, rearranged, labels)
        taken: list[QRectF] = []
        for key in graph.nodes:
            self._follow_fault(key, cards, taken)
        self._follow_groups(self._groups_now(graph))
        self._mark()

    def _drop_missing(self, graph: Graph) -> None:
        known = frozenset(graph.edges)
        for edge in [e for e in self.wires if e not in known]:
            self.removeItem(self.wires.pop(edge))
        for key in [k for k in self.faults if k not in self._problems or k not in graph.nodes]:
            self.removeItem(self.faults.pop(key))
        for key in [k for k in self.nodes if k not in graph.nodes]:
            self.removeItem(self.nodes.pop(key))

    def _groups_now(self, graph: Graph) -> tuple[Group, ...]:
        """The groups, found anew only when nodes came, went or were renamed."""
        names = tuple((key, node.name) for key, node in graph.nodes.items())
        if names != self._names:
            self._names, self._groups = names, groups_of(graph)
        return self._groups

    def _follow_groups(self, groups: Iterable[Group]) -> None:
        found = {group.name: group for group in groups}
        for name in [name for name in self.frames if name not in found]:
            self.removeItem(self.frames.pop(name))
        for name, group in sorted(found.items(), key=lambda item: item[1].height):  # inner ones first
            if name not in self.frames:
                self.frames[name] = FrameItem(self.painter, group)
                self.addItem(self.frames[name])
            cards = (self.nodes[key].box.rect for key in group.nodes)
            self.frames[name].show_group(group, cards, (self.frames[inner].rect for inner in group.inner))

    def _follow_node(self, node: Node) -> None:
        look = node_look(self.document, node, self._problems.get(node.id))
        box = node_box(node, look)
        item = self.nodes.get(node.id)
        if item is None:
            self.nodes[node.id] = item = NodeItem(self.painter, box, look)
            self.addItem(item)
        else:
            item.show_look(box, look)

    def _follow_wire(self, edge: Edge, cards: Cards, rearranged: bool, labels: dict[str, list[QRectF]]) -> None:
        spec = wire_spec(self.document, edge)
        label = "" if spec is None else str(spec)
        item = self.wires.get(edge)
        if item is None:
            self.wires[edge] = item = WireItem(self.painter, self._course(edge, cards))
            self.addItem(item)
        elif rearranged:
            item.show_course(self._course(edge, cards))
        elif label == item.label:
            return
        found = None
        if label:
            # Labels crowd where wires share an end.
            others = [*labels.get(edge.source, ()), *labels.get(edge.target, ())]
            found = label_place(item.shape_value, self.painter.label_rect(label, QPointF()).size(), cards, others)
        item.show_label(label, found[0] if found else None)
        if found:
            labels.setdefault(edge.source, []).append(found[1])
            labels.setdefault(edge.target, []).append(found[1])

    def _course(self, edge: Edge, cards: Cards) -> WireShape:
        source, target = self.nodes[edge.source].box, self.nodes[edge.target].box
        entering = [e for e in self.document.project.graph.into(edge.target) if e.target_port == edge.target_port]
        start, end = source.output_point(edge.source_port), target.input_point(edge.target_port, entering.index(edge))
        return routed(start, end, cards, (source.rect, target.rect))

    def _follow_fault(self, key: str, cards: Cards, taken: list[QRectF]) -> None:
        problem = self._problems.get(key)
        if problem is None:
            return
        look = FaultLook(tr(problem.text), problem.severity, tr(problem.fix.label) if problem.fix else "")
        if key not in self.faults:
            self.faults[key] = FaultItem(self.painter, self.nodes[key], look)
        self._place_fault(self.faults[key], look, cards, taken)

    def _place_fault(self, fault: FaultItem, look: FaultLook, cards: Cards, taken: list[QRectF]) -> None:
        fault.show_look(look, cards, self._visible, taken)
        if not fault.folded:
            taken.append(fault.rect)

    def keep_faults_in(self, visible: QRectF) -> None:
        """Place the notes anew within what is in sight now."""
        if visible == self._visible:
            return
        self._visible = visible
        if self.faults:
            cards = Cards(item.box.rect for item in self.nodes.values())
            seen = {key for key in self.faults if visible.intersects(self.nodes[key].box.rect)}
            taken = [fault.rect for key, fault in self.faults.items() if key not in seen and not fault.folded]
            for key in (key for key in self.nodes if key in seen):
                self._place_fault(self.faults[key], self.faults[key].look, cards, taken)

    def problem_of(self, node: str) -> Problem | None:
        """The problem that is shown at a node."""
        return self._problems.get(node)

    # -- what is where -------------------------------------------------------------------------

    def spot(self, point: QPointF, zoom: float = 1.0) -> Spot:
        """What lies under a point; ports reach a little further in the distance."""
        for key, fault in self.faults.items():
            if fault.button.contains(point) and zoom >= 0.5:
                return Spot(Hit("fix", key))
        hit = hit_node(point, self.boxes(), min(20.0, max(14.0, 9.0 / zoom)))
        if hit.kind != "nothing":
            return Spot(hit)
        edges = list(self.wires)
        hit = hit_wire(point, [self.wires[edge].shape_value for edge in edges], 7.0 / min(1.0, zoom))
        if hit.kind == "wire":
            return Spot(hit, edges[hit.wire])
        frame = frame_at(self.frames.values(), point)
        return Spot(Hit("group"), group=frame.group) if frame is not None else Spot()

    def boxes(self) -> Iterable[NodeBox]:
        """The places of the nodes as they are shown, the selected ones last."""
        chosen = self.selection.nodes
        return sorted((item.box for item in self.nodes.values()), key=lambda box: box.id in chosen)

    def content_rect(self) -> QRectF:
        """The rectangle around all nodes and notes."""
        found = QRectF()
        for item in self.nodes.values():
            found = found.united(item.box.rect)
        for frame in self.frames.values():
            found = found.united(frame.rect)
        for fault in self.faults.values():
            found = found if fault.folded else found.united(fault.rect)
        return found

    # -- marks of the pointer and the selection --------------------------------------------------

    def show_spot(self, spot: Spot) -> None:
        """Mark what the pointer is on."""
        if spot != self._spot:
            before, self._spot = self._spot, spot
            for frame in self.frames.values():
                frame.show_pointer(frame.group is spot.group)
            for key in self._kin({before.hit.node, spot.hit.node}):
                self._mark_node(key)
                if key in self.faults:
                    self.faults[key].show_pointer(spot.kind == "fix" and spot.hit.node == key)
            for edge in (before.edge, spot.edge):
                if edge in self.wires:
                    self._mark_wire(edge)

    def _kin(self, keys: Iterable[str]) -> frozenset[str]:
        """Nodes, and those that use the same weights."""
        graph = self.document.project.graph
        found = {kin for key in keys if key in graph.nodes for kin in graph.family(key)}
        return frozenset(found | set(keys)) & self.nodes.keys()

    def show_targets(self, possible: Collection[PortKey] | None, hot: PortKey | None = None) -> None:
        """While a wire is dragged: let the ports that can take it glow and dim the rest; ``None`` ends it."""
        found = None if possible is None else frozenset(possible)
        if (found, hot) != (self._possible, self._hot):
            touched = {port[0] for port in (hot, self._hot) if port} if found == self._possible else set(self.nodes)
            self._possible, self._hot = found, hot
            for key in touched & self.nodes.keys():
                self._mark_node(key)

    def _mark(self, _selection: object = None) -> None:
        for key in self.nodes:
            self._mark_node(key)
        for edge in self.wires:
            self._mark_wire(edge)

    def _mark_node(self, key: str) -> None:
        hit = self._spot.hit
        chosen, graph = self.selection.nodes, self.document.project.graph
        marked = chosen | {hit.node}
        linked = key in graph.nodes and key not in marked and not marked.isdisjoint(graph.family(key))
        state = NodeState(selected=key in chosen, hovered=hit.node == key and hit.kind != "fix", linked=linked)
        if self._possible is not None:
            glows = frozenset((side, port) for node, side, port in self._possible if node == key)
            state = replace(state, glows=glows, dimmed=not glows)
            if self._hot and self._hot[0] == key:
                state = replace(state, hot=self._hot[1:], dimmed=False)
        elif hit.node == key and hit.kind in ("input", "output"):
            state = replace(state, hot=(hit.kind, hit.port))
        self.nodes[key].show_state(state)
        if key in self.faults:
            self.faults[key].call(state.selected or hit.node == key)

    def _mark_wire(self, edge: Edge) -> None:
        state = WireState(selected=edge in self.selection.edges, hovered=edge == self._spot.edge)
        self.wires[edge].show_state(state)

    # -- previews ------------------------------------------------------------------------------

    def shift(self, keys: frozenset[str], way: QPointF) -> None:
        """Show nodes shifted from where the document has them, with their wires."""
        if keys != self._carried:
            self._put_down()
            self._take_up(keys)
        for carrier in self._carriers:
            carrier.setPos(way)
        for edge in self._crossing:
            self.wires[edge].show_course(self._course(edge, _NO_CARDS))
        self._follow_groups([frame.group for frame in self.frames.values()])

    def _take_up(self, keys: frozenset[str]) -> None:
        graph = self.document.project.graph
        edges = {edge for key in keys for edge in (*graph.into(key), *graph.out_of(key))}
        inner = {edge for edge in edges if edge.source in keys and edge.target in keys}
        self._carried, self._crossing = keys, tuple(edges - inner)
        marked = {edge for edge in inner if self.wires[edge].zValue() > Z_WIRE}
        self._carriers = (
            Carrier(self, (self.wires[edge] for edge in inner - marked), Z_WIRE),
            Carrier(self, (self.wires[edge] for edge in marked), Z_MARKED),
            Carrier(self, (self.nodes[key] for key in keys), Z_SELECTED),
        )

    def _put_down(self) -> None:
        for carrier in self._carriers:
            carrier.put_down(self)
        self._carriers, self._carried, self._crossing = (), frozenset(), ()

    def end_preview(self) -> None:
        """Show everything where the document has it."""
        self._follow(Diff(moved=frozenset(self.nodes)))

    def hide_wire(self, edge: Edge, hidden: bool) -> None:
        """Hide a wire whose end is in the hand."""
        if edge in self.wires:
            self.wires[edge].setVisible(not hidden)

    def sketch(self, name: str, bounds: QRectF, draw: Callable[[QPainter, float], None]) -> None:
        """Draw something passing above everything."""
        if name not in self._sketches:
            self._sketches[name] = SketchItem()
            self.addItem(self._sketches[name])
        self._sketches[name].show_drawing(bounds, draw)

    def erase(self, *names: str) -> None:
        """Remove passing drawings."""
        for name in names:
            if name in self._sketches:
                self.removeItem(self._sketches.pop(name))

    def dress(self) -> None:
        """Take the colours of the current theme."""
        self.painter.dress(current_theme())
        for item in self.items():
            item.update()


def node_box(node: Node, look: NodeLook) -> NodeBox:
    """Where a node is and which ports it has."""
    x, y = node.position
    ends = tuple((port.name, max(1, port.wires) if port.many else 1) for port in look.inputs)
    return NodeBox(node.id, QRectF(x, y, NODE_WIDTH, NODE_HEIGHT), ends, tuple(port.name for port in look.outputs))
