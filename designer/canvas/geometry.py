"""Where things are on the canvas: sizes, ports, wire paths, snapping and hit tests; no widgets, no items.

All lengths are canvas units, which are pixels at 100 %.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

from designer.canvas.cards import Cards

NODE_WIDTH = 212.0
NODE_HEIGHT = 64.0
RADIUS = 10.0
PORT_RADIUS = 6.0
#: Pointers within this distance of a port mean the port.
PORT_REACH = 14.0
#: Distance between the ends of wires that share a port for many.
FAN = 14.0
#: Vertical and horizontal distance between neighbours.
STEP = 110.0
COLUMN = 260.0
GRID = 8.0
#: Centres closer than this are pulled onto one line.
ALIGN = 6.0
#: A new layer this close below a free output is connected to it.
AUTO_CONNECT = 60.0
#: The part of a wire, from its end, by which the end can be dragged away.
WIRE_END = 26.0
#: Sideways distance between a wire and the nodes it goes around; for every row more that it passes, and at most.
LANE = 24.0
_APART, _MOST_APART = 5.0, 60.0
#: How many more cards a way around is led around.
_DETOURS = 6
_SAMPLES = 24


@dataclass(frozen=True)
class NodeBox:
    """A node's place.

    Attributes:
        id: the node.
        rect: its card.
        inputs: for each input port its name and the number of wire ends to make room for.
        outputs: names of the output ports.
    """

    id: str
    rect: QRectF
    inputs: tuple[tuple[str, int], ...] = (("x", 1),)
    outputs: tuple[str, ...] = ("y",)

    def moved_to(self, place: QPointF) -> NodeBox:
        """The same node with its top left corner elsewhere."""
        return NodeBox(self.id, QRectF(place, self.rect.size()), self.inputs, self.outputs)

    def input_point(self, name: str, end: int = 0) -> QPointF:
        """Where a wire enters; ``end`` counts the wires of a port for many."""
        place = [port for port, _ in self.inputs].index(name)
        ends = self.inputs[place][1]
        x = self._spread(place, len(self.inputs)) + (end - (ends - 1) / 2) * FAN
        return QPointF(x, self.rect.top())

    def input_centre(self, name: str) -> QPointF:
        """The middle of an input port."""
        place = [port for port, _ in self.inputs].index(name)
        return QPointF(self._spread(place, len(self.inputs)), self.rect.top())

    def input_width(self, name: str) -> float:
        """How wide an input port is."""
        return 2 * PORT_RADIUS + (dict(self.inputs)[name] - 1) * FAN

    def output_point(self, name: str) -> QPointF:
        """Where a wire leaves."""
        return QPointF(self._spread(self.outputs.index(name), len(self.outputs)), self.rect.bottom())

    def _spread(self, place: int, count: int) -> float:
        return self.rect.left() + self.rect.width() * (place + 1) / (count + 1)


@dataclass(frozen=True)
class WireShape:
    """A wire's course from one point to another.

    Attributes:
        start, end: its ends.
        lane: x of the line on which it goes around nodes in between, or ``None`` for the direct course.
    """

    start: QPointF
    end: QPointF
    lane: float | None = None

    def __hash__(self) -> int:
        return hash((self.start.x(), self.start.y(), self.end.x(), self.end.y(), self.lane))

    def moved(self, delta: QPointF) -> WireShape:
        """The same course elsewhere."""
        return WireShape(self.start + delta, self.end + delta, None if self.lane is None else self.lane + delta.x())

    @cached_property
    def path(self) -> QPainterPath:
        """The course, smooth, leaving downwards and arriving from above."""
        path = QPainterPath(self.start)
        if self.lane is None:
            pull = QPointF(0, _pull(self.end.y() - self.start.y()))
            path.cubicTo(self.start + pull, self.end - pull, self.end)
            return path
        down = min(64.0, (self.end.y() - self.start.y()) / 2)
        first, last = QPointF(self.lane, self.start.y() + down), QPointF(self.lane, self.end.y() - down)
        bend = QPointF(0, down * 0.62)
        path.cubicTo(self.start + bend, first - bend, first)
        path.lineTo(last)
        path.cubicTo(last + bend, self.end - bend, self.end)
        return path

    @cached_property
    def middle(self) -> QPointF:
        """The point half way."""
        return self.at(0.5)

    def at(self, share: float) -> QPointF:
        """The point after a share of the way."""
        if share == 0.5:
            x = (self.start.x() + self.end.x()) / 2 if self.lane is None else self.lane
            return QPointF(x, (self.start.y() + self.end.y()) / 2)
        return self.path.pointAtPercent(self.path.percentAtLength(self.path.length() * share))

    @cached_property
    def bounds(self) -> QRectF:
        """A rectangle around it."""
        return self.path.controlPointRect()

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The course as a chain of short lines."""
        found = (self.path.pointAtPercent(k / _SAMPLES) for k in range(_SAMPLES + 1))
        return tuple((p.x(), p.y()) for p in found)

    def distance(self, point: QPointF) -> float:
        """How far a point is from the wire."""
        px, py = point.x(), point.y()
        return min(_segment_distance(px, py, *a, *b) for a, b in zip(self.points, self.points[1:], strict=False))


def _pull(drop: float) -> float:
    """How long a wire keeps its vertical direction at its ends."""
    return max(20.0, drop * 0.5) if drop >= 0 else min(180.0, 60.0 - drop * 0.3)


def _segment_distance(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    t = 0.0 if square == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / square))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


def routed(start: QPointF, end: QPointF, cards: Cards, ends: Collection[QRectF] = ()) -> WireShape:
    """The wire between two points; it goes around nodes that stand in the way.

    Args:
        start: where it leaves.
        end: where it arrives.
        cards: all nodes.
        ends: the cards to which the wire belongs; they are not in its way.
    """
    direct = WireShape(start, end)
    if end.y() - start.y() < STEP:
        return direct
    corridor = QRectF(start, end).normalized().adjusted(-4, 12, 4, -12)
    near = [rect for rect in cards.near(corridor) if rect not in ends]
    blocking = [rect for rect in near if any(rect.contains(*point) for point in direct.points)]
    if not blocking:
        return direct
    # The side is chosen by the cards in the way alone: what stands further off must not turn a wire over.
    right, left = max(rect.right() for rect in near), min(rect.left() for rect in near)
    side = 1 if right - start.x() <= end.x() - left else -1
    return WireShape(start, end, _lane(start, end, near, cards, ends, side))


def _lane(
    start: QPointF, end: QPointF, near: Collection[QRectF], cards: Cards, ends: Collection[QRectF], side: int
) -> float:
    """Where a wire runs beside the cards in its way, and beside those that stand there; longer wires further out.

    Args:
        start: where it leaves.
        end: where it arrives.
        near: the cards to go around.
        cards: all nodes.
        ends: the cards to which the wire belongs.
        side: 1 for the right, -1 for the left.
    """
    drop = end.y() - start.y()
    away = LANE + min(_MOST_APART, _APART * max(0, int(drop // STEP) - 1))
    edges = [side * (rect.right() if side > 0 else rect.left()) for rect in near]
    x = max(edges) + away
    for _ in range(_DETOURS):
        strip = QRectF(side * x - 4, start.y() + 12, 8, drop - 24)
        hit = [rect for rect in cards.near(strip) if rect not in ends]
        if not hit:
            break
        x = max(side * (rect.right() if side > 0 else rect.left()) for rect in hit) + away
    return side * x


def label_place(
    shape: WireShape, size: QSizeF, cards: Cards, others: Collection[QRectF] = ()
) -> tuple[float, QRectF] | None:
    """Where a label covers no node and no other label, near the middle of its wire.

    Returns:
        The share of the way and the rectangle; ``None`` when there is no such place.
    """
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        place = QRectF(QPointF(), size)
        place.moveCenter(shape.at(share))
        if not cards.near(place) and not any(place.intersects(other) for other in others):
            return share, place
    return None


# -- what lies under a point ---------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """What a point means.

    Attributes:
        kind: ``nothing``, ``node``, ``input``, ``output``, ``wire`` or ``fix``.
        node: the node of a node, port or fix.
        port: the port's name.
        wire: number of the wire in the sequence that was searched.
        end: for a wire: ``source`` or ``target`` when the point is close to that end, else empty.
    """

    kind: str = "nothing"
    node: str = ""
    port: str = ""
    wire: int = -1
    end: str = ""


def hit_node(point: QPointF, boxes: Iterable[NodeBox], reach: float = PORT_REACH) -> Hit:
    """The port or node under a point; of overlapping nodes the last one (which is drawn above)."""
    found = Hit()
    for box in boxes:
        if not box.rect.adjusted(-reach, -reach, reach, reach).contains(point):
            continue
        port = _hit_port(point, box, reach)
        if port is not None:
            found = port
        elif box.rect.contains(point):
            found = Hit("node", box.id)
    return found


def _hit_port(point: QPointF, box: NodeBox, reach: float) -> Hit | None:
    for name, ends in box.inputs:
        offset = point - box.input_centre(name)
        extra = (ends - 1) * FAN / 2
        if math.hypot(max(0.0, abs(offset.x()) - extra), offset.y()) <= reach:
            return Hit("input", box.id, name)
    for name in box.outputs:
        offset = point - box.output_point(name)
        if math.hypot(offset.x(), offset.y()) <= reach:
            return Hit("output", box.id, name)
    return None


def hit_wire(point: QPointF, wires: Sequence[WireShape], reach: float) -> Hit:
    """The wire under a point, the closest one."""
    best, closest = -1, reach
    for number, wire in enumerate(wires):
        if not wire.bounds.adjusted(-reach, -reach, reach, reach).contains(point):
            continue
        distance = wire.distance(point)
        if distance <= closest:
            best, closest = number, distance
    if best < 0:
        return Hit()
    wire = wires[best]
    # Short wires keep a middle that only selects.
    grip = min(WIRE_END, wire.path.length() / 3)
    end = ""
    if _length(point - wire.end) <= grip:
        end = "target"
    elif _length(point - wire.start) <= grip:
        end = "source"
    return Hit("wire", wire=best, end=end)


def _length(vector: QPointF) -> float:
    return math.hypot(vector.x(), vector.y())


# -- snapping ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guide:
    """A thin line that shows what a moving node is aligned with."""

    start: QPointF
    end: QPointF


def snapped(place: QPointF) -> QPointF:
    """The nearest point of the grid."""
    return QPointF(round(place.x() / GRID) * GRID, round(place.y() / GRID) * GRID)


def aligned(rect: QRectF, others: Iterable[QRectF]) -> tuple[QPointF, tuple[Guide, ...]]:
    """Where a moving node's corner belongs: on a neighbour's centre line when close, else on the grid.

    Returns:
        The corner and the guides to show.
    """
    centre = rect.center()
    column, row = _nearest(centre, others)
    place = snapped(rect.topLeft())
    guides = []
    if column is not None:
        x = column.center().x()
        place.setX(x - rect.width() / 2)
        ys = sorted((column.center().y(), centre.y()))
        guides.append(Guide(QPointF(x, ys[0] - NODE_HEIGHT), QPointF(x, ys[1] + NODE_HEIGHT)))
    if row is not None:
        y = row.center().y()
        place.setY(y - rect.height() / 2)
        xs = sorted((row.center().x(), centre.x()))
        guides.append(Guide(QPointF(xs[0] - NODE_WIDTH / 2 - 24, y), QPointF(xs[1] + NODE_WIDTH / 2 + 24, y)))
    return place, tuple(guides)


def _nearest(centre: QPointF, others: Iterable[QRectF]) -> tuple[QRectF | None, QRectF | None]:
    """The nearest neighbours whose centre lines are within reach, across and along."""
    column: tuple[float, QRectF] | None = None
    row: tuple[float, QRectF] | None = None
    for other in others:
        offset = other.center() - centre
        far = abs(offset.x()) + abs(offset.y())
        if abs(offset.x()) <= ALIGN and (column is None or far < column[0]):
            column = (far, other)
        if abs(offset.y()) <= ALIGN and (row is None or far < row[0]):
            row = (far, other)
    return (column[1] if column else None), (row[1] if row else None)
