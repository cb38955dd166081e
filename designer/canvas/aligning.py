"""Layers on one line, or with equal distances: pure questions about places."""

from __future__ import annotations

from collections.abc import Mapping

from engine.graph import Position

#: How a line is found among the places on its axis: the axis (0 across, 1 down) and the share of the way from the
#: least to the greatest. All cards have one size, so their edges and middles align together.
LINES: Mapping[str, tuple[int, float]] = {
    "left": (0, 0.0),
    "centre": (0, 0.5),
    "right": (0, 1.0),
    "top": (1, 0.0),
    "middle": (1, 0.5),
    "bottom": (1, 1.0),
}
#: Axes of equal distances.
AXES: Mapping[str, int] = {"across": 0, "down": 1}


def in_line(places: Mapping[str, Position], line: str) -> dict[str, Position]:
    """The places of layers on one line.

    Args:
        places: where they are.
        line: a key of ``LINES``.
    """
    axis, share = LINES[line]
    values = [place[axis] for place in places.values()]
    value = min(values) + share * (max(values) - min(values)) if values else 0.0
    return {key: _with(place, axis, value) for key, place in places.items()}


def evenly(places: Mapping[str, Position], way: str) -> dict[str, Position]:
    """The places of layers with equal distances between the first and the last, which stay.

    Args:
        places: where they are.
        way: a key of ``AXES``.
    """
    axis = AXES[way]
    order = sorted(places, key=lambda key: (places[key][axis], places[key][1 - axis]))
    if len(order) < 3:
        return dict(places)
    first, last = places[order[0]][axis], places[order[-1]][axis]
    step = (last - first) / (len(order) - 1)
    return {key: _with(places[key], axis, first + step * number) for number, key in enumerate(order)}


def _with(place: Position, axis: int, value: float) -> Position:
    return (value, place[1]) if axis == 0 else (place[0], value)
