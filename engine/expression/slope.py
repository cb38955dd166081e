"""The derivative of a formula, step by step and simplified.

It is carried forward, one variable at a time: then a branch that ``where`` does not choose can never spoil the
slope of the one it does, as happens when zeros are multiplied backwards into infinities.

Where a formula bends, one side is chosen: the slope of relu and abs is 0 at 0, maximum and minimum pass on the
slope of their first part where both are equal, clip has slope 1 at both ends, sign, floor and round have slope 0,
and a condition has none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.expression.tree import Forest, Tree, walk

Rule = Callable[["Slopes", Tree, tuple[Tree, ...]], Tree]


class Slopes:
    """Writes derivatives with the steps of one forest; zeros and ones vanish."""

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self.zero, self.one = forest.number(0), forest.number(1)

    def of(self, root: Tree, name: str) -> Tree:
        """The derivative of a formula with respect to a name."""
        known: dict[int, Tree] = {}
        for tree in walk(root):
            inner = [known[id(part)] for part in tree.parts]
            if tree.operation == "name":
                known[id(tree)] = self.one if tree.name == name else self.zero
            elif tree.logical or all(slope.is_number(0) for slope in inner):
                known[id(tree)] = self.zero
            else:
                known[id(tree)] = RULES[tree.operation](self, tree, tuple(inner))
        return known[id(root)]

    def add(self, a: Tree, b: Tree) -> Tree:
        """a + b."""
        return self.forest.make("add", a, b)

    def subtract(self, a: Tree, b: Tree) -> Tree:
        """a - b."""
        return self.forest.make("subtract", a, b)

    def times(self, a: Tree, b: Tree) -> Tree:
        """a · b, where a zero wins: it stands for something that does not depend on the variable."""
        if a.is_number(0) or b.is_number(0):
            return self.zero
        return self.forest.make("multiply", a, b)

    def over(self, a: Tree, b: Tree) -> Tree:
        """a / b, where a zero wins."""
        return self.zero if a.is_number(0) else self.forest.make("divide", a, b)

    def negative(self, a: Tree) -> Tree:
        """-a."""
        return self.zero if a.is_number(0) else self.forest.make("negative", a)

    def where(self, operation: str, a: Tree, b: Tree, yes: Tree, no: Tree) -> Tree:
        """One of two by a comparison."""
        return self.forest.make("where", self.forest.make(operation, a, b), yes, no)

    def call(self, operation: str, *parts: Tree) -> Tree:
        """Any other step."""
        return self.forest.make(operation, *parts)

    def number(self, value: float) -> Tree:
        """A plain number."""
        return self.forest.number(value)


def _product(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    a, b = tree.parts
    return s.add(s.times(b, d[0]), s.times(a, d[1]))


def _quotient(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    _, b = tree.parts
    return s.subtract(s.over(d[0], b), s.times(s.over(tree, b), d[1]))


def _power(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    base, exponent = tree.parts
    lower = s.call("power", base, s.number(exponent.value - 1))
    return s.times(s.times(exponent, lower), d[0])


def _tanh(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    return s.times(s.subtract(s.one, s.call("power", tree, s.number(2))), d[0])


def _sigmoid(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    return s.times(s.times(tree, s.subtract(s.one, tree)), d[0])


def _erf(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    bell = s.call("exp", s.negative(s.call("power", tree.parts[0], s.number(2))))
    return s.times(s.times(s.number(2 / math.sqrt(math.pi)), bell), d[0])


def _clip(s: Slopes, tree: Tree, d: tuple[Tree, ...]) -> Tree:
    x, low, high = tree.parts
    return s.where("less", x, low, d[1], s.where("greater", x, high, d[2], d[0]))


#: By operation: the derivative of a step from the derivatives of its parts.
RULES: Mapping[str, Rule] = {
    "add": lambda s, _, d: s.add(*d),
    "subtract": lambda s, _, d: s.subtract(*d),
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
    "negative": lambda s, _, d: s.negative(d[0]),
    "exp": lambda s, t, d: s.times(t, d[0]),
    "expm1": lambda s, t, d: s.times(s.call("exp", t.parts[0]), d[0]),
    "log": lambda s, t, d: s.over(d[0], t.parts[0]),
    "log1p": lambda s, t, d: s.over(d[0], s.add(s.one, t.parts[0])),
    "sqrt": lambda s, t, d: s.over(d[0], s.times(s.number(2), t)),
    "absolute": lambda s, t, d: s.times(s.call("sign", t.parts[0]), d[0]),
    "tanh": _tanh,
    "sin": lambda s, t, d: s.times(s.call("cos", t.parts[0]), d[0]),
    "cos": lambda s, t, d: s.times(s.negative(s.call("sin", t.parts[0])), d[0]),
    "sigmoid": _sigmoid,
    "softplus": lambda s, t, d: s.times(s.call("sigmoid", t.parts[0]), d[0]),
    "erf": _erf,
    "relu": lambda s, t, d: s.where("greater", t.parts[0], s.zero, d[0], s.zero),
    "maximum": lambda s, t, d: s.where("greater_equal", *t.parts, *d),
    "minimum": lambda s, t, d: s.where("less_equal", *t.parts, *d),
    "clip": _clip,
    "where": lambda s, t, d: s.call("where", t.parts[0], d[1], d[2]),
    "sign": lambda s, _, __: s.zero,
    "floor": lambda s, _, __: s.zero,
    "round": lambda s, _, __: s.zero,
}
