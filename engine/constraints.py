"""Rules for parameters, declared once as data.

From one constraint come the validation, the sentence shown to the user, the editor in the
form, and the bad values that tests try.
"""

from __future__ import annotations

import importlib
import math
import numbers
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


def __getattr__(name: str) -> Any:
    # Keras keeps constraints of weights under this name; they build on this module, so they cannot be imported here.
    if name.startswith("_"):
        raise AttributeError(f"module 'engine.constraints' has no attribute '{name}'")
    return getattr(importlib.import_module("engine.weight_constraints"), name)


class Constraint:
    """Base of the rules; a subclass states ``rule`` and implements ``check``.

    Class attributes:
        spelled_out: files name the value even where it is the default.
    """

    spelled_out: ClassVar[bool] = False
    none: str | None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    @property
    def rule(self) -> str:
        """The rule as the end of a sentence: ``a whole number from 1 to 100``."""
        raise TypeError(f"{type(self).__name__} states no rule")

    def check(self, value: Any) -> Any:
        """Return the value in its one canonical form, or raise ``ValueError``."""
        raise TypeError(f"{type(self).__name__} checks nothing")

    def validate(self, value: Any) -> Any:
        """``check``, with ``None`` allowed where the constraint says what it means."""
        if value is None and self.none is not None:
            return None
        return self.check(value)

    def refuse(self, value: Any) -> ValueError:
        """The error for a bad value, naming rule and value."""
        extra = f", or None ({self.none})" if self.none is not None else ""
        return ValueError(f"must be {self.rule}{extra}; received {_shown(value)}")

    def bad_values(self) -> tuple[Any, ...]:
        """Values that must be refused; tests try every one of them."""
        return (object(),)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _whole(value: Any) -> int:
    """Accept Python and numpy integers (and 3.0), never bool, text or fractions."""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        raise ValueError
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) and _real(value).is_integer():
        return int(float(value))
    raise ValueError


def _real(value: Any) -> float:
    if isinstance(value, bool) or type(value).__name__ == "bool" or not isinstance(value, numbers.Real):
        raise ValueError
    try:
        number = float(value)
    except OverflowError:
        raise ValueError from None
    if not math.isfinite(number):
        raise ValueError
    return number


@dataclass(frozen=True)
class Whole(Constraint):
    """A whole number from ``low`` to ``high``, both included."""

    low: int = 0
    high: int = 2**31 - 1
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}"

    def check(self, value: Any) -> int:
        try:
            number = _whole(value)
        except ValueError:
            raise self.refuse(value) from None
        if not self.low <= number <= self.high:
            raise self.refuse(value)
        return number

    def bad_values(self) -> tuple[Any, ...]:
        return (self.low - 1, self.high + 1, 1.5, "1", True, math.nan, [1])


@dataclass(frozen=True)
class Number(Constraint):
    """A finite real number between bounds; ``open_low``/``open_high`` exclude the bound."""

    low: float = -1e30
    high: float = 1e30
    open_low: bool = False
    open_high: bool = False
    none: str | None = None

    @property
    def rule(self) -> str:
        low = "above" if self.open_low else "from"
        if self.high >= 1e30:
            return (
                "a finite number"
                if self.low <= -1e30
                else f"a number {low} {self.low:g}" + ("" if self.open_low else " upwards")
            )
        high = "and below" if self.open_high else "to"
        return f"a number {low} {self.low:g} {high} {self.high:g}"

    def check(self, value: Any) -> float:
        try:
            number = _real(value)
        except ValueError:
            raise self.refuse(value) from None
        above = number > self.low if self.open_low else number >= self.low
        below = number < self.high if self.open_high else number <= self.high
        if not (above and below):
            raise self.refuse(value)
        return number

    def bad_values(self) -> tuple[Any, ...]:
        bad: list[Any] = [math.nan, math.inf, 10**400, "0.1", True, [0.1]]
        bad += [self.low if self.open_low else self.low - max(1.0, abs(self.low))]
        bad += [self.high if self.open_high else self.high + max(1.0, abs(self.high))]
        return tuple(bad)


@dataclass(frozen=True)
class Flag(Constraint):
    """Yes or no."""

    none: str | None = None

    @property
    def rule(self) -> str:
        return "True or False"

    def check(self, value: Any) -> bool:
        if isinstance(value, bool) or type(value).__name__ == "bool":
            return bool(value)
        raise self.refuse(value)

    def bad_values(self) -> tuple[Any, ...]:
        return (1, "True", 0.0)


@dataclass(frozen=True)
class Choice(Constraint):
    """One of a few words; ``options`` maps each word to a line that explains it."""

    options: tuple[tuple[str, str], ...]
    none: str | None = None

    @property
    def rule(self) -> str:
        return "one of " + ", ".join(f"'{word}'" for word, _ in self.options)

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value in dict(self.options):
            return str(value)
        raise self.refuse(value)

    def bad_values(self) -> tuple[Any, ...]:
        return ("nonsense", 1, "")


@dataclass(frozen=True)
class Text(Constraint):
    """A short text of printable characters."""

    limit: int = 200
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"a text of at most {self.limit} characters"

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.limit or not all(c.isprintable() for c in value):
            raise self.refuse(value)
        return value

    def bad_values(self) -> tuple[Any, ...]:
        return (1, "x" * (self.limit + 1), "a\x00b")


@dataclass(frozen=True)
class Wholes(Constraint):
    """Several whole numbers, for example a kernel's height and width.

    Attributes:
        low: smallest allowed number.
        high: largest allowed number.
        length: how many, or ``None`` for any number up to eight.
        wildcard: whether one number may be -1 ("whatever is left", as in Reshape).
    """

    low: int = 1
    high: int = 1_000_000
    length: int | None = None
    wildcard: bool = False
    none: str | None = None

    @property
    def rule(self) -> str:
        count = "whole numbers" if self.length is None else f"{self.length} whole numbers"
        extra = " (one may be -1: whatever is left)" if self.wildcard else ""
        return f"{count} from {self.low:,} to {self.high:,}{extra}"

    def check(self, value: Any) -> tuple[int, ...]:
        try:
            items = self._items(value)
        except (ValueError, TypeError):
            raise self.refuse(value) from None
        if self.length is None and len(items) > 8:
            raise self.refuse(value)
        if self.length is not None and len(items) != self.length:
            raise self.refuse(value)
        free = [n for n in items if not (self.wildcard and n == -1)]
        if len(items) - len(free) > 1 or not all(self.low <= n <= self.high for n in free):
            raise self.refuse(value)
        return items

    def _items(self, value: Any) -> tuple[int, ...]:
        if isinstance(value, numbers.Real):
            # Keras's shorthand: kernel_size=3 means (3, 3), shape=784 means (784,).
            return (_whole(value),) * (self.length or 1)
        if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
            raise ValueError
        return tuple(_whole(n) for n in value)

    def bad_values(self) -> tuple[Any, ...]:
        bad: list[Any] = ["3", (1.5,) * (self.length or 1), (self.high + 1,) * (self.length or 1), True, {}]
        if self.length is not None:
            bad.append((self.low,) * (self.length + 1))
        return tuple(bad)


def _flat(value: Any) -> Iterator[Any]:
    """What is in lists of lists, one after the other."""
    if isinstance(value, (str, bytes, dict)) or not isinstance(value, Iterable):
        yield value
    elif getattr(value, "ndim", 1) == 0:
        yield float(value)  # type: ignore[arg-type]
    else:
        for item in value:
            yield from _flat(item)


@dataclass(frozen=True)
class Numbers(Constraint):
    """Several finite real numbers, for example the learning rates of a schedule.

    Attributes:
        low: smallest allowed number.
        least: how few there may be.
        most: how many there may be.
        nested: one number may stand alone, and lists may hold lists; all their numbers come one after the other.
    """

    low: float = -1e30
    least: int = 1
    most: int = 1000
    none: str | None = None
    nested: bool = False

    @property
    def rule(self) -> str:
        alone = "a number, or " if self.nested else ""
        return f"{alone}a list of {self._count} numbers" + (f" from {self.low:g}" if self.low > -1e30 else "")

    @property
    def _count(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most:,}"

    def check(self, value: Any) -> tuple[float, ...]:
        given = tuple(_flat(value)) if self.nested else value
        if isinstance(given, (str, bytes, dict)) or not isinstance(given, Iterable):
            raise self.refuse(value)
        try:
            found = tuple(_real(item) for item in given)
        except ValueError:
            raise self.refuse(value) from None
        if not self.least <= len(found) <= self.most or any(not self.low <= item <= 1e30 for item in found):
            raise self.refuse(value)
        return found

    def bad_values(self) -> tuple[Any, ...]:
        return ("0.1", ("0.1",) * self.least, (math.nan,) * self.least, (), True, {}) + (
            (math.inf,) if self.nested else (3,)
        )
