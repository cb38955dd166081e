"""How far chance may go, in every form that Keras takes it in."""

from __future__ import annotations

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
        if isinstance(value, Real) and not isinstance(value, bool):
            size = abs(value)  # type: ignore[arg-type]
            pair = self._pair((size, size), value)
            return pair if self.alike else (-pair[0], pair[1])
        return self._pair(value, value)

    def _pair(self, values: Any, received: Any) -> tuple[float, ...]:
        first = getattr(values, "__iter__", None)
        if first is None or isinstance(values, (str, bytes, dict)):
            raise self.refuse(received)
        items = tuple(values)
        if len(items) != 2 or any(isinstance(n, bool) or not isinstance(n, Real) for n in items):
            raise self.refuse(received)
        low, high = sorted(float(n) for n in items)
        mirrored = low == -high and not self.alike  # what one number became, read again
        if not (mirrored or self.low < low or (low == self.low and not self.open_low)) or not high <= self.high:
            raise self.refuse(received)
        return low, high

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
