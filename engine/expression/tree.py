"""The steps of a formula, each kept once.

A :class:`Forest` gives the same :class:`Tree` for the same step, so what a formula says twice is one object,
and whoever walks it by identity computes it once: common subexpressions need no search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import LayerloomError

#: Largest number a formula may hold.
LARGEST = 1e30
#: Largest exponent of a power.
EXPONENT = 16.0
#: Most steps of a formula and its derivatives together: more is no formula but an attempt to use up memory.
MOST_STEPS = 6000

COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
CONNECTIVES = frozenset({"logical_and", "logical_or", "logical_not"})
LOGICAL = COMPARISONS | CONNECTIVES


class ExpressionError(LayerloomError, ValueError):
    """A formula cannot be read; the text says why and what to write instead."""


@dataclass(frozen=True, eq=False)
class Tree:
    """One step of a formula.

    Attributes:
        operation: ``number``, ``name``, or what is done with the parts.
        parts: what it is done with.
        value: of a number.
        name: of an input, a constant or a trained parameter.
    """

    operation: str
    parts: tuple[Tree, ...] = ()
    value: float = 0.0
    name: str = ""

    @property
    def logical(self) -> bool:
        """Whether it is true or false rather than a number."""
        return self.operation in LOGICAL

    def is_number(self, value: float) -> bool:
        """Whether it is this very number."""
        return self.operation == "number" and self.value == value


def walk(*roots: Tree) -> Iterator[Tree]:
    """Every step once, each after its parts."""
    done: set[int] = set()
    todo = [(root, False) for root in reversed(roots)]
    while todo:
        tree, ready = todo.pop()
        if id(tree) in done:
            continue
        if ready:
            done.add(id(tree))
            yield tree
        else:
            todo.append((tree, True))
            todo.extend((part, False) for part in reversed(tree.parts))


def names_in(tree: Tree) -> frozenset[str]:
    """The names a formula uses."""
    return frozenset(step.name for step in walk(tree) if step.operation == "name")


class Forest:
    """Makes steps, simplified where nothing changes by it, each only once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Tree] = {}

    def number(self, value: float) -> Tree:
        """A plain number."""
        return self._once("number", (), float(value), "")

    def name(self, name: str) -> Tree:
        """An input, a constant or a trained parameter."""
        return self._once("name", (), 0.0, name)

    def make(self, operation: str, *parts: Tree) -> Tree:
        """A step, or something simpler that is the same for every number, NaN included."""
        folded = self._folded(operation, parts)
        return folded if folded is not None else self._once(operation, parts, 0.0, "")

    def _once(self, operation: str, parts: tuple[Tree, ...], value: float, name: str) -> Tree:
        # repr tells 0.0 from -0.0, which are equal.
        key = (operation, tuple(id(part) for part in parts), repr(value), name)
        if key not in self._known:
            if len(self._known) >= MOST_STEPS:
                raise ExpressionError("it is too long for its derivative to be written down. Divide it into layers.")
            self._known[key] = Tree(operation, parts, value, name)
        return self._known[key]

    def _folded(self, operation: str, parts: tuple[Tree, ...]) -> Tree | None:
        if parts and all(part.operation == "number" for part in parts):
            return self._computed(operation, [part.value for part in parts])
        if operation == "add":
            return self._added(*parts)
        if operation == "subtract":
            return self._subtracted(*parts)
        if operation == "multiply":
            return self._multiplied(*parts)
        if operation == "divide" and parts[1].is_number(1):
            return parts[0]
        if operation == "power" and parts[1].is_number(1):
            return parts[0]
        if operation == "power" and parts[1].is_number(0):
            return self.number(1)
        if operation == "negative" and parts[0].operation == "negative":
            return parts[0].parts[0]
        if operation == "where" and parts[1] is parts[2]:
            return parts[1]
        return None

    def _computed(self, operation: str, values: list[float]) -> Tree | None:
        plain: dict[str, Callable[..., Any]] = {
            "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
            "divide": lambda a, b: a / b, "negative": lambda a: -a, "power": lambda a, b: a**b,
        }  # fmt: skip
        if operation not in plain:
            return None
        try:
            found = plain[operation](*values)
        except ArithmeticError:
            return None
        good = isinstance(found, float) and math.isfinite(found) and abs(found) <= LARGEST
        return self.number(found) if good else None

    def _added(self, a: Tree, b: Tree) -> Tree | None:
        if a.is_number(0) or b.is_number(0):
            return b if a.is_number(0) else a
        return self.make("subtract", a, b.parts[0]) if b.operation == "negative" else None

    def _subtracted(self, a: Tree, b: Tree) -> Tree | None:
        if b.is_number(0):
            return a
        if a.is_number(0):
            return self.make("negative", b)
        return self.make("add", a, b.parts[0]) if b.operation == "negative" else None

    def _multiplied(self, a: Tree, b: Tree) -> Tree | None:
        for one, other in ((a, b), (b, a)):
            if one.is_number(1):
                return other
            if one.is_number(-1):
                return self.make("negative", other)
        return None
