"""Widths of borders, in every form that Keras takes them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.constraints import Wholes


@dataclass(frozen=True)
class Sides(Wholes):
    """Two widths for each of two axes: ``((top, bottom), (left, right))``.

    One number serves all sides; two serve both sides of their axis; four come in the order above.
    """

    low: int = 0
    high: int = 10_000
    length: int | None = 4

    @property
    def rule(self) -> str:
        return (
            f"a whole number, two (vertical, horizontal), or ((top, bottom), (left, right)), from {self.low:,} to "
            f"{self.high:,}"
        )

    def check(self, value: Any) -> Any:
        """The pairs of both axes."""
        try:
            top, bottom, left, right = super().check(_spread(value))
        except ValueError:
            raise self.refuse(value) from None
        return (top, bottom), (left, right)


def _spread(value: Any) -> Any:
    """Widths one after the other where they come in pairs or one per axis; else as they are."""
    if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
        return value
    items = list(value)
    if len(items) != 2:
        return items
    sides = [list(item) if isinstance(item, (list, tuple)) else [item, item] for item in items]
    return [width for pair in sides for width in pair] if all(len(pair) == 2 for pair in sides) else items
