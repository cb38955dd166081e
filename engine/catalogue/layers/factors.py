"""How far chance may go, in every form that Keras takes it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import Any

from engine.constraints import Numbers


@dataclass(frozen=True)
class Factor(Numbers):
    """Two numbers between which chance chooses; one number f means -f to f (or f to f, both ways alike).

    Attributes:
        high: largest allowed number.
        open_low: whether the smallest itself is not allowed.
        alike: one number means (f, f) instead of (-f, f).
    """

    low: float = -1.0
    least: int = 2
    most: int = 2
    high: float = 1.0
    open_low: bool = False
    alike: bool = False
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"a number, or two (lowest, highest), from {'above ' * self.open_low}{self.low:g} to {self.high:g}"

    def check(self, value: Any) -> tuple[float, ...]:
        if isinstance(value, bool):
            raise self.refuse(value)
        if isinstance(value, Real):
            high = self._pair((abs(value), abs(value)), value)[1]
            return (high, high) if self.alike else (-high, high)
        if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
            raise self.refuse(value)
        return self._pair(value, value)

    def _pair(self, values: Iterable[Any], received: Any) -> tuple[float, float]:
        items = tuple(values)
        if len(items) != 2 or any(isinstance(n, bool) or not isinstance(n, Real) for n in items):
            raise self.refuse(received)
        low, high = sorted(float(n) for n in items)
        mirrored = low == -high and not self.alike  # what one number became, read again
        if not (mirrored or self.low < low or (low == self.low and not self.open_low)) or not high <= self.high:
            raise self.refuse(received)
        return low, high

    def brief(self, pair: tuple[float, ...] | None) -> Any:
        """The one number where a pair was one."""
        return pair if pair is None or self.alike or pair[0] != -pair[1] else pair[1]

    def bad_values(self) -> tuple[Any, ...]:
        return (
            "0.1",
            (0.1, 0.2, 0.3),
            (0.1,),
            self.high + 1,
            (0.0, float("nan")),
            True,
            {},
            (self.low - 1.5, self.high),
        )


def factor_text(factor: tuple[float, ...]) -> str:
    """A factor as a badge shows it: ``± 0.2``, or ``0.1 … 0.3``."""
    low, high = factor
    return f"± {high:g}" if low in (-high, high) else f"{low:g} … {high:g}"
