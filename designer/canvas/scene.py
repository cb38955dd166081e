"""The scene: it observes the document and keeps one item for each node, wire and fault."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.cards import Cards
from designer.canvas.carrier import Carrier
from designer.canvas.courses import MOST_ZONES, Courses
from designer.canvas.fault_item import FaultItem
from designer.canvas.folds import Folds
from designer.canvas.frame_item import FrameItem, frame_at
from designer.canvas.geometry import Hit, NodeBox, hit_node, hit_wire
from designer.canvas.look import FaultLook, worst_problems
from designer.canvas.node_item import Z_SELECTED, NodeItem
from designer.canvas.nodes import Changes, Nodes
from designer.canvas.notes import Notes
from designer.canvas.painter import CanvasPainter, NodeState, WireState
from designer.canvas.sketch_item import SketchItem
from designer.canvas.spot import PortKey, Spot
from designer.canvas.wire_item import Z_MARKED, Z_WIRE, WireItem
from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.folding import Folding, folding_of
from designer.model.groups import Group, groups_of
from designer.model.selection import Selection
from designer.text import tr
from designer.theme import current_theme
from engine.graph import Edge, Graph
from engine.problems import Problem

#: The scene's half width and height; fixed, so that editing never makes the view jump, and wider than files allow.
EXTENT = 1.1e7

_NO_CARDS = Cards()


class CanvasScene(QGraphicsScene):
    """Items by id that follow the document; gestures move and mark them without changing it."""

    def __init__(
        self,
        document: Document,
        selection: Selection,
        parent: QObject | None = None,
        painter: CanvasPainter | None = None,
    ) -> None:
        super().__init__(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT, parent)
        self.document = document
        self.selection = selection
        self.painter = painter or CanvasPainter()
        self._nodes = Nodes(self, self.painter)
        self._folds = Folds(self, self.painter, self._nodes.items)
        self._courses = Courses(self, self.painter, self._folds)
        self.notes = Notes(self, self.painter)
        self.cards, self.shown = self._folds.items, self._folds.shown
        self.standing, self.rect_of = self._folds.standing, self._folds.rect_of
        self.nodes: dict[str, NodeItem] = self._nodes.items
        self.wires: dict[Edge, WireItem] = self._courses.items
        self._cards = Cards()
        self.faults: dict[str, FaultItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self._sketches: dict[str, SketchItem] = {}
        self._names: tuple[tuple[str, str], ...] = ()
        self._groups: tuple[Group, ...] = ()
        self._problems: Mapping[str, Problem] = {}
        self._visible: QRectF | None = None
        self._spot = Spot()
        self._possible: frozenset[PortKey] | None = None
        self._glows: Mapping[str, frozenset[tuple[str, str]]] = {}
        self._marked: tuple[frozenset[str], frozenset[Edge]] = (frozenset(), frozenset())
        self._hot: PortKey | None = None
        self._carriers: tuple[Carrier, ...] = ()
        self._carried: frozenset[str] = frozenset()
        self._crossing: tuple[Edge, ...] = ()
        document.changed.connect(self._follow)
        selection.changed.connect(self._mark)
        self._follow(Diff(everything=True))

    # -- following the document ----------------------------------------------------------------

    def _follow(self, diff: Diff) -> None:
        carried = self._put_down()
        document, graph = self.document, self.document.project.graph
        self._problems = worst_problems(document)
        self.notes.follow(document.project.sketch.notes)
        for key in [k for k in self.faults if k not in self._problems or k not in graph.nodes]:
            self.removeItem(self.faults.pop(key))
        self._courses.drop_missing(graph)
        changes = self._nodes.drop_missing(graph)
        only_moved = diff.only_placed and self.nodes.keys() == graph.nodes.keys()
        whole = diff.everything or diff.reordered or self.nodes.keys() != graph.nodes.keys() - diff.added
        self._nodes.follow(document, graph.nodes if whole else diff.touched, self._problems, changes)
        before, groups = self._groups, self._groups_now(graph, diff)
        folding = folding_of(graph, groups, document.project.sketch.folded)
        self._follow_cards(changes, self._folds.follow(document, folding, self._problems, changes))
        for key in folding.of.keys() & self.faults.keys():
            self.removeItem(self.faults.pop(key))
        if len(changes.ways) == 1 and only_moved and len(changes.moved) == len(graph.nodes):
            self._courses.shift(QPointF(*changes.ways.pop()))
        else:
            self._courses.follow(document, self._cards, changes.moved, changes.zones)
        taken: list[QRectF] = []
        for key in (key for key in graph.nodes if key in self._problems and key not in folding.of):
            self._follow_fault(key, self._cards, taken)
        if groups is not before or changes.zones or carried:
            self._follow_groups(groups)
        self._mark()

    def _follow_cards(self, changes: Changes, folds: bool) -> None:
        """Sort the places of the cards; a few that changed are changed, unless something is or was folded."""
        if folds or len(changes.zones) > MOST_ZONES:
            self._cards = Cards(item.box.rect for item in self.shown()) if folds else Cards(self._nodes.cards.values())
            return
        for rect in changes.left:
            self._cards.remove(rect)
        for rect in changes.taken:
            self._cards.add(rect)

    def _groups_now(self, graph: Graph, diff: Diff) -> tuple[Group, ...]:
        """The groups, found anew only when nodes came, went or were renamed."""
        if diff.structure or diff.changed or diff.everything:
            names = tuple((key, node.name) for key, node in graph.nodes.items())
            if names != self._names:
                self._names, self._groups = names, groups_of(graph)
        return self._groups

    def _follow_groups(self, groups: Iterable[Group]) -> None:
        folding = self.folding
        found = {group.name: group for group in groups if group.name not in (folding.cards.keys() | folding.inner)}
        for name in [name for name in self.frames if name not in found]:
            self.removeItem(self.frames.pop(name))
        for name, group in sorted(found.items(), key=lambda item: item[1].height):  # inner ones first
            if name not in self.frames:
                self.frames[name] = FrameItem(self.painter, group)
                self.addItem(self.frames[name])
            cards = (item.box.rect for item in self.standing(group.nodes))
            inner = (self.frames[inner].rect for inner in group.inner if inner in self.frames)
            self.frames[name].show_group(group, cards, inner)

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
            seen = {key for key in self.faults if visible.intersects(self.nodes[key].box.rect)}
            taken = [fault.rect for key, fault in self.faults.items() if key not in seen and not fault.folded]
            for key in (key for key in self.nodes if key in seen):
                self._place_fault(self.faults[key], self.faults[key].look, self._cards, taken)

    @property
    def visible(self) -> QRectF:
        """What is in sight, as far as that was told."""
        return QRectF() if self._visible is None else self._visible

    @property
    def folding(self) -> Folding:
        """Which layers and wires are not shown, because their group is folded."""
        return self._folds.folding

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
        card = self._folds.at(point)
        if card is not None:
            return Spot(Hit("fold" if card.mark.contains(point) else "group"), group=card.card.group, folded=True)
        edges = [edge for edge in self.wires if edge not in self.folding.hidden]
        hit = hit_wire(point, [self.wires[edge].shape_value for edge in edges], 7.0 / min(1.0, zoom))
        if hit.kind == "wire":
            return Spot(hit, edges[hit.wire])
        if (note := self.notes.note_at(point)) is not None:
            return Spot(Hit("note", end="corner" if note.at_corner(point, zoom) else ""), note=note.note.key)
        frame = frame_at(self.frames.values(), point)
        if frame is not None:
            return Spot(Hit("fold" if frame.mark.contains(point) else "group"), group=frame.group)
        if (note := self.notes.frame_at(point, zoom)) is not None:
            return Spot(Hit("frame", end="corner" if note.at_corner(point, zoom) else ""), note=note.note.key)
        return Spot()

    def boxes(self) -> Iterable[NodeBox]:
        """The places of the nodes as they are shown, the selected ones last."""
        chosen, folded = self.selection.nodes, self.folding.of
        boxes = (item.box for key, item in self.nodes.items() if key not in folded)
        return sorted(boxes, key=lambda box: box.id in chosen)

    @property
    def cards_rect(self) -> QRectF:
        """The rectangle around all cards where the document has them."""
        return self._cards.around

    def content_rect(self) -> QRectF:
        """The rectangle around all nodes and notes."""
        found = self.notes.rect()
        for item in self.shown():
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
            self.notes.mark(self.selection.notes, spot.note)
            for frame in self.frames.values():
                frame.show_pointer(frame.group is spot.group)
            self._mark_cards()
            kin = self._kin({before.hit.node, spot.hit.node})
            self._marked = self._marked[0] | kin, self._marked[1]
            for key in kin:
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
            self._glows = _by_node(found or ())
            for key in touched & self.nodes.keys():
                self._mark_node(key)
            self._mark_cards()

    def _mark(self, _selection: object = None) -> None:
        """Mark anew what is marked, what was, and while a wire is dragged all."""
        marked, edges = self._kin({*self.selection.nodes, self._spot.hit.node}), frozenset(self.selection.edges)
        nodes = self.nodes.keys() if self._possible is not None else (marked | self._marked[0]) & self.nodes.keys()
        for key in nodes:
            self._mark_node(key)
        for edge in (edges | self._marked[1]) & self.wires.keys():
            self._mark_wire(edge)
        self._marked = marked, edges
        self.notes.mark(self.selection.notes)
        self._mark_cards()

    def _mark_cards(self) -> None:
        self._folds.mark(self.selection.nodes, self._spot.group, self._possible is not None)

    def _mark_node(self, key: str) -> None:
        hit = self._spot.hit
        chosen, graph = self.selection.nodes, self.document.project.graph
        family = graph.family(key) if key in graph.nodes else ()
        linked = key not in chosen and key != hit.node and any(kin in chosen or kin == hit.node for kin in family)
        state = NodeState(selected=key in chosen, hovered=hit.node == key and hit.kind != "fix", linked=linked)
        if self._possible is not None:
            glows = self._glows.get(key, frozenset())
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

    def shift(self, keys: frozenset[str], way: QPointF, notes: Iterable[str] = ()) -> None:
        """Show nodes and notes shifted from where the document has them, with their wires."""
        self.notes.shift(notes, way)
        if keys != self._carried:
            self._put_down()
            self._take_up(keys)
        for carrier in self._carriers:
            carrier.setPos(way)
        graph = self.document.project.graph
        self._folds.place()
        for edge in self._crossing:
            self.wires[edge].show_course(self._courses.course(graph, edge, _NO_CARDS))
        self._follow_groups([frame.group for frame in self.frames.values()])

    def _take_up(self, keys: frozenset[str]) -> None:
        graph = self.document.project.graph
        edges = {edge for key in keys for edge in (*graph.into(key), *graph.out_of(key))}
        inner = {edge for edge in edges if edge.source in keys and edge.target in keys}
        self._carried, self._crossing = keys, tuple(edges - inner - self.folding.hidden)
        marked = {edge for edge in inner if self.wires[edge].zValue() > Z_WIRE}
        self._carriers = (
            Carrier(self, (self.wires[edge] for edge in inner - marked), Z_WIRE),
            Carrier(self, (self.wires[edge] for edge in marked), Z_MARKED),
            Carrier(self, (self.nodes[key] for key in keys), Z_SELECTED),
        )

    def _put_down(self) -> bool:
        """End a preview; whether there was one."""
        carried = bool(self._carriers)
        for carrier in self._carriers:
            carrier.put_down(self)
        self._courses.forget(self._crossing)
        self._carriers, self._carried, self._crossing = (), frozenset(), ()
        return carried

    def show_at(self, places: Mapping[str, QPointF]) -> None:
        """Show nodes elsewhere than where the document has them, with their wires; ``end_preview`` ends it."""
        for key in places:
            self.nodes[key].move_to(places[key])
        self._nodes.forget_places(places)
        self._folds.place()
        graph, hidden = self.document.project.graph, self.folding.hidden
        edges = [e for e in self.wires if (e.source in places or e.target in places) and e not in hidden]
        for edge in edges:
            self.wires[edge].show_course(self._courses.course(graph, edge, _NO_CARDS))
        self._courses.forget(edges)
        self._follow_groups([frame.group for frame in self.frames.values()])

    def end_preview(self) -> None:
        """Show everything where the document has it."""
        self._follow(Diff(everything=True))

    def hide_wire(self, edge: Edge, hidden: bool) -> None:
        """Hide a wire whose end is in the hand."""
        if edge in self.wires:
            self.wires[edge].setVisible(not hidden and edge not in self.folding.hidden)

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


def _by_node(ports: Iterable[PortKey]) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for node, side, port in ports:
        found.setdefault(node, set()).add((side, port))
    return {node: frozenset(own) for node, own in found.items()}
