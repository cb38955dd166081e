"""Places, courses and hits, without any window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.beside import beside
from designer.canvas.geometry import (
    GRID,
    LANE,
    Cards,
    Hit,
    NodeBox,
    WireShape,
    aligned,
    hit_node,
    hit_wire,
    label_place,
    routed,
    snapped,
)

numbers = st.floats(-5000, 5000)
points = st.builds(QPointF, numbers, numbers)


def box(x: float = 0.0, y: float = 0.0, **more: object) -> NodeBox:
    return NodeBox("n", QRectF(x, y, 212, 64), **more)  # type: ignore[arg-type]


def test_ports_are_spread_over_the_edges() -> None:
    found = box(inputs=(("a", 1), ("b", 1)), outputs=("y",))
    assert found.output_point("y") == QPointF(106, 64)
    assert found.input_point("a").y() == 0
    assert found.input_point("a").x() + found.input_point("b").x() == pytest.approx(212)


def test_wires_of_one_port_arrive_side_by_side() -> None:
    found = box(inputs=(("x", 3),))
    xs = [found.input_point("x", end).x() for end in range(3)]
    assert xs == sorted(xs)
    assert xs[1] == 106
    assert found.input_width("x") > box().input_width("x")


@given(points, points)
def test_a_wire_begins_and_ends_where_it_should(start: QPointF, end: QPointF) -> None:
    wire = WireShape(start, end)
    assert wire.distance(start) < 0.5
    assert wire.distance(end) < 0.5
    offset = wire.at(0.5) - (start + end) / 2
    assert abs(offset.x()) + abs(offset.y()) < 1e-6


@given(points, points, points)
def test_a_moved_wire_is_the_wire_between_the_moved_ends(start: QPointF, end: QPointF, delta: QPointF) -> None:
    assert WireShape(start, end).moved(delta) == WireShape(start + delta, end + delta)


def test_a_wire_goes_around_what_stands_in_the_way() -> None:
    between = QRectF(0, 110, 212, 64)
    wire = routed(QPointF(106, 64), QPointF(106, 220), Cards([between]))
    assert wire.lane is not None
    assert abs(wire.lane - 106) == 106 + LANE
    assert not any(between.contains(*point) for point in wire.points)


def test_a_way_around_leads_around_others_too() -> None:
    between = QRectF(0, 110, 212, 64)
    start, end = QPointF(106, 64), QPointF(106, 480)
    others = [QRectF(200, 180, 212, 64), QRectF(-150, 250, 212, 64), QRectF(380, 300, 212, 64)]
    wire = routed(start, end, Cards([between, *others]))
    assert wire.lane is not None
    assert not any(card.contains(*point) for card in (between, *others) for point in wire.points)


def test_ways_around_do_not_cover_each_other() -> None:
    cards = Cards([QRectF(0, 110 * row, 212, 64) for row in range(6)])
    inner = routed(QPointF(106, 174), QPointF(106, 440), cards)
    outer = routed(QPointF(106, 64), QPointF(106, 550), cards)
    assert inner.lane is not None and outer.lane is not None
    assert outer.lane - inner.lane >= 5


def test_a_wire_between_neighbours_is_direct() -> None:
    assert routed(QPointF(106, 64), QPointF(106, 110), Cards([QRectF(0, 110, 212, 64)])).lane is None
    assert routed(QPointF(106, 64), QPointF(106, 400), Cards([QRectF(500, 110, 212, 64)])).lane is None


@given(st.lists(points, max_size=30), points, st.floats(1, 900))
def test_cards_near_a_place_are_those_that_touch_it(corners: list[QPointF], corner: QPointF, size: float) -> None:
    rects = [QRectF(c.x(), c.y(), 212, 64) for c in corners]
    place = QRectF(corner.x(), corner.y(), size, size)
    found = Cards(rects).near(place)
    expected = [rect for rect in rects if rect.intersects(place)]
    assert sorted(r.getRect() for r in found) == sorted(r.getRect() for r in expected)


def test_a_label_avoids_nodes_and_labels_or_stays_away() -> None:
    wire, size = WireShape(QPointF(0, 0), QPointF(0, 400)), QSizeF(60, 18)
    found = label_place(wire, size, Cards())
    assert found is not None
    assert found[0] == 0.5
    for card, label in ((QRectF(-30, 190, 60, 20), QRectF()), (QRectF(), found[1])):
        other = label_place(wire, size, Cards([card]), [label])
        assert other is not None
        assert not other[1].intersects(found[1])
    assert label_place(wire, size, Cards([QRectF(-30, 0, 60, 400)])) is None


def test_a_port_is_hit_before_the_card() -> None:
    assert hit_node(QPointF(106, 64), [box()]) == Hit("output", "n", "y")
    assert hit_node(QPointF(106, -10), [box()]) == Hit("input", "n", "x")
    assert hit_node(QPointF(20, 30), [box()]) == Hit("node", "n")
    assert hit_node(QPointF(300, 30), [box()]) == Hit()


def test_a_wide_port_is_hit_over_its_width() -> None:
    assert hit_node(QPointF(140, 0), [box(inputs=(("x", 5),))]).kind == "input"
    assert hit_node(QPointF(140, 5), [box()]).kind == "node"


def test_the_upper_of_two_nodes_is_hit() -> None:
    below, above = box(), NodeBox("m", QRectF(50, 20, 212, 64))
    assert hit_node(QPointF(80, 50), [below, above]).node == "m"


def test_wires_are_hit_with_their_ends() -> None:
    wires = [WireShape(QPointF(0, 0), QPointF(0, 200)), WireShape(QPointF(50, 0), QPointF(50, 200))]
    assert hit_wire(QPointF(2, 100), wires, 7) == Hit("wire", wire=0)
    assert hit_wire(QPointF(48, 100), wires, 7) == Hit("wire", wire=1)
    assert hit_wire(QPointF(0, 190), wires, 7).end == "target"
    assert hit_wire(QPointF(0, 10), wires, 7).end == "source"
    assert hit_wire(QPointF(25, 100), wires, 7) == Hit()


@given(points)
def test_snapping_is_near_and_on_the_grid(place: QPointF) -> None:
    found = snapped(place)
    assert found.x() % GRID == 0
    assert found.y() % GRID == 0
    assert abs(found.x() - place.x()) <= GRID / 2
    assert abs(found.y() - place.y()) <= GRID / 2


def test_centre_lines_win_over_the_grid() -> None:
    other = QRectF(3, 0, 212, 64)
    place, guides = aligned(QRectF(5, 201, 212, 64), [other])
    assert place.x() == 3
    assert len(guides) == 1
    assert aligned(QRectF(40, 201, 212, 64), [other])[1] == ()


def test_a_note_goes_where_no_node_is() -> None:
    card = QRectF(0, 0, 212, 64)
    right = QRectF(250, 0, 212, 64)
    left = QRectF(-300, 0, 212, 64)
    found = [beside(card, [QSizeF(200, 50)], Cards(cards)) for cards in ([card], [card, right], [card, right, left])]
    assert found[0] is not None and found[0].left() > card.right()
    assert found[1] is not None and found[1].right() < card.left()
    assert found[2] is not None and found[2].top() > card.bottom()


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=12), st.booleans())
def test_no_note_covers_another(corners: list[tuple[int, int]], narrow: bool) -> None:
    rects = [QRectF(x, y, 212, 64) for x, y in corners]
    visible = QRectF(-60, -60, 700, 500) if narrow else None
    placed: list[QRectF] = []
    for card in rects:
        found = beside(card, [QSizeF(260, 90), QSizeF(170, 120)], Cards(rects), visible, placed)
        if found is not None:
            assert not any(found.intersects(other) for other in placed)
            placed.append(found)
    assert placed, "the first note has all places to choose from"


def test_a_note_moves_along_its_card_to_let_another_be() -> None:
    upper, lower = QRectF(0, 0, 212, 64), QRectF(0, 80, 212, 64)
    walls = [QRectF(-300, y, 280, 64) for y in (0, 80)]
    cards, size = Cards([upper, lower, *walls]), [QSizeF(200, 90)]
    first = beside(upper, size, cards)
    assert first is not None
    second = beside(lower, size, cards, None, [first])
    assert second is not None
    assert second.left() == first.left() and second.top() == first.bottom() + 6


@pytest.mark.parametrize(
    ("visible", "wanted"),
    [
        (QRectF(-20, -100, 800, 400), QRectF(226, 7, 260, 50)),
        (QRectF(-20, -100, 420, 400), QRectF(226, 2, 170, 60)),
        (QRectF(-300, -100, 520, 400), QRectF(-274, 7, 260, 50)),
        (QRectF(-20, 30, 800, 400), QRectF(226, 30, 260, 50)),
        (QRectF(-20, -100, 300, 400), QRectF(-20, 78, 260, 50)),
        (QRectF(2000, 0, 800, 400), QRectF(226, 7, 260, 50)),
    ],
    ids=["room", "narrow", "left", "shifted down", "below, shifted right", "out of sight"],
)
def test_a_note_stays_in_sight(visible: QRectF, wanted: QRectF) -> None:
    card = QRectF(0, 0, 212, 64)
    assert beside(card, [QSizeF(260, 50), QSizeF(170, 60)], Cards([card]), visible) == wanted
