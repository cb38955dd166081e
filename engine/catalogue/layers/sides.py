"""Widths of borders, in every form that Keras takes them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.constraints import Wholes


@dataclass(frozen=True)
class Sides(Wholes):
    """Two widths for each of two axes: ``((top, bottom), (left, right))``; for each of three, where length is 6.

    One number serves all sides; one for each axis serves both of its sides; all of them come in the order above.
    """

    low: int = 0
    high: int = 10_000
    length: int | None = 4

    @property
    def rule(self) -> str:
        words = WORDS[self.length or 4]
        return f"a whole number, {words}, from {self.low:,} to {self.high:,}"

    def check(self, value: Any) -> Any:
        """The pairs of all axes."""
        try:
            widths = super().check(_spread(value, (self.length or 4) // 2))
        except ValueError:
            raise self.refuse(value) from None
        return tuple(zip(widths[::2], widths[1::2], strict=True))


#: How widths may be told, by how many there are.
WORDS = {
    4: "two (vertical, horizontal), or ((top, bottom), (left, right))",
    6: "three (depth, vertical, horizontal), or ((front, back), (top, bottom), (left, right))",
}


def _spread(value: Any, axes: int) -> Any:
    """Widths one after the other where they come in pairs or one per axis; else as they are."""
    if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
        return value
    items = list(value)
    if len(items) != axes:
        return items
    sides = [list(item) if isinstance(item, (list, tuple)) else [item, item] for item in items]
    return [width for pair in sides for width in pair] if all(len(pair) == 2 for pair in sides) else items
