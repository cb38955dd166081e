"""Values of expressions: literals, arithmetic of plain numbers, names, calls of known words; all else is unknown."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets.limits import LARGEST, TEXT, Budget, SnippetError
from engine.exchange.snippets.values import (
    Function,
    LayerValue,
    Method,
    Network,
    Path,
    Stack,
    Tensor,
    Unknown,
)

Scope = dict[str, Any]
_NUMBERS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
#: The layers that tensors are joined by with signs.
_JOINING: Mapping[type[ast.operator], str] = {ast.Add: "Add", ast.Sub: "Subtract", ast.Mult: "Multiply"}
#: The highest power that plain numbers are raised to.
_POWER = 64


class Evaluator:
    """Tells what expressions mean, with what names stand for so far.

    Args:
        budget: what may still be done.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.scope: Scope = {}

    # What calls and attributes of parts of a network mean, the reader tells.

    def call(self, called: Any, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """What a call gives."""
        return Unknown(line, "it is the result of a call")

    def attribute(self, owner: Any, name: str, line: int) -> Any:
        """What stands under a name of a value."""
        return Method(owner, name, line)

    def joined(self, kind: str, left: Tensor, right: Tensor, line: int) -> Any:
        """Two tensors joined by a sign."""
        return Unknown(line, f"tensors are joined as {kind} does")

    def doubt(self, node: ast.AST) -> Unknown:
        """What an expression is that is not understood."""
        self.budget.spend(getattr(node, "lineno", 0), sum(1 for _ in ast.walk(node)))
        return unknown(node)

    # -- expressions -------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Any:
        """What an expression stands for.

        Raises:
            SnippetError: a known word is used wrongly, or there is too much of it.
        """
        line = node.lineno
        self.budget.spend(line)
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        return handler(node, line) if handler is not None else self.doubt(node)

    def _constant(self, node: ast.Constant, line: int) -> Any:
        found = node.value
        if found is None or isinstance(found, bool):
            return found
        fits = (isinstance(found, int) and abs(found) <= LARGEST) or (isinstance(found, str) and len(found) <= TEXT)
        return found if fits or (isinstance(found, float) and math.isfinite(found)) else self.doubt(node)

    def _name(self, node: ast.Name, line: int) -> Any:
        return self.scope[node.id] if node.id in self.scope else Path((node.id,), line)

    def _attribute(self, node: ast.Attribute, line: int) -> Any:
        owner = self.value(node.value)
        if isinstance(owner, Path):
            return Path((*owner.parts, node.attr), line)
        return owner if isinstance(owner, Unknown) else self.attribute(owner, node.attr, line)

    def _list(self, node: ast.List, line: int) -> Any:
        return self.items(node.elts, line)

    def _tuple(self, node: ast.Tuple, line: int) -> Any:
        return tuple(self.items(node.elts, line))

    def items(self, nodes: Sequence[ast.expr], line: int) -> list[Any]:
        """The values of some expressions, with those behind a star taken out of their lists."""
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                several = self.value(node.value)
                found += several if isinstance(several, (list, tuple)) else [self.doubt(node)]
            else:
                found.append(self.value(node))
        weighed(found, self.budget, line)
        return found

    def _dict(self, node: ast.Dict, line: int) -> Any:
        found: dict[Any, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.value(item)
            name = self.value(key) if key is not None else None
            if key is None and isinstance(value, dict):
                found |= value
            elif isinstance(name, (str, int)):
                found[name] = value
            else:
                return self.doubt(node)
        weighed(list(found.values()), self.budget, line)
        return found

    def _call(self, node: ast.Call, line: int) -> Any:
        called = self.value(node.func)
        args = self.items(node.args, line)
        given: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                given[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                given |= value
            else:
                given["**"] = self.doubt(keyword.value)
        weighed(list(given.values()), self.budget, line)
        return self.call(called, args, given, line)

    def _lambda(self, node: ast.Lambda, line: int) -> Any:
        return Function(node, self.scope)

    def _unaryop(self, node: ast.UnaryOp, line: int) -> Any:
        value = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value if is_plain(value) else self.doubt(node)
        if isinstance(value, (int, float)) and isinstance(node.op, (ast.USub, ast.UAdd)):
            return -value if isinstance(node.op, ast.USub) else +value
        return self.doubt(node)

    def _binop(self, node: ast.BinOp, line: int) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        return self.combined(node, node.op, left, right, line)

    def combined(self, node: ast.AST, sign: ast.operator, left: Any, right: Any, line: int) -> Any:
        """Two values with a sign between them."""
        if isinstance(left, Tensor) and isinstance(right, Tensor) and type(sign) in _JOINING:
            return self.joined(_JOINING[type(sign)], left, right, line)
        if isinstance(left, (list, tuple)) and type(left) is type(right) and isinstance(sign, ast.Add):
            return weighed(type(left)((*left, *right)), self.budget, line)
        if isinstance(left, (list, tuple)) and type(right) is int and isinstance(sign, ast.Mult):
            if max(right, 0) * max(len(left), 1) > LARGEST_LIST:
                return self.doubt(node)
            return weighed(left * right, self.budget, line)
        if isinstance(left, str):
            return self._text(node, sign, left, right)
        if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
            return self.doubt(node)
        return _number(node, sign, left, right)

    def _text(self, node: ast.AST, sign: ast.operator, left: str, right: Any) -> Any:
        """A text with another behind it, or with a number in it."""
        if isinstance(sign, ast.Add) and isinstance(right, str) and len(left) + len(right) <= TEXT:
            return left + right
        if isinstance(sign, ast.Mod) and left.count("%") == 1 and isinstance(right, (int, str)):
            for mark in ("%d", "%s", "%i"):
                if mark in left and (isinstance(right, int) or mark == "%s"):
                    return left.replace(mark, str(right))[:TEXT]
        return self.doubt(node)

    def _joinedstr(self, node: ast.JoinedStr, line: int) -> Any:
        """A text with plain values in it, as layers are often numbered."""
        found = ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.value(part.value)
                if part.format_spec is not None or part.conversion != -1 or type(value) not in (int, str):
                    return self.doubt(node)
            else:
                value = self.value(part)
            found += str(value)
            if len(found) > TEXT:
                return self.doubt(node)
        return found

    def _compare(self, node: ast.Compare, line: int) -> Any:
        left, right = self.value(node.left), self.value(node.comparators[0])
        sign = _COMPARISONS.get(type(node.ops[0]))
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        single = all(value is None or isinstance(value, (bool, int, float, str)) for value in (left, right))
        alike = single and isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.Is, ast.IsNot))
        if sign is None or len(node.ops) > 1 or not (numbers or alike):
            return self.doubt(node)
        return sign(left, right)

    def _boolop(self, node: ast.BoolOp, line: int) -> Any:
        found: Any = None
        for part in node.values:
            found = self.value(part)
            if not is_plain(found):
                return self.doubt(node)
            if bool(found) is isinstance(node.op, ast.Or):
                return found
        return found

    def _ifexp(self, node: ast.IfExp, line: int) -> Any:
        test = self.value(node.test)
        return self.value(node.body if test else node.orelse) if is_plain(test) else self.doubt(node)

    def _subscript(self, node: ast.Subscript, line: int) -> Any:
        owner = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            ends = [None if end is None else self.value(end) for end in (node.slice.lower, node.slice.upper)]
            plain = node.slice.step is None and all(end is None or type(end) is int for end in ends)
            if not plain or not isinstance(owner, (list, tuple)):
                return self.doubt(node)
            return weighed(owner[slice(*ends)], self.budget, line)
        key = self.value(node.slice)
        if isinstance(owner, (list, tuple)) and type(key) is int and -len(owner) <= key < len(owner):
            return owner[key]
        if isinstance(owner, dict) and isinstance(key, (str, int)) and key in owner:
            return owner[key]
        return self.doubt(node)

    def _listcomp(self, node: ast.ListComp, line: int) -> Any:
        return self._gathered(node, line)

    def _generatorexp(self, node: ast.GeneratorExp, line: int) -> Any:
        return self._gathered(node, line)

    def _gathered(self, node: ast.ListComp | ast.GeneratorExp, line: int) -> Any:
        """A list told by one ``for``."""
        maker = node.generators[0]
        over = self.value(maker.iter)
        if len(node.generators) > 1 or maker.ifs or not isinstance(over, (list, tuple, range)):
            return self.doubt(node)
        outer, self.scope = self.scope, dict(self.scope)
        try:
            found = []
            for item in over:
                self.budget.turn(line)
                if not self.assign(maker.target, item):
                    return self.doubt(node)
                found.append(self.value(node.elt))
            return weighed(found, self.budget, line)
        finally:
            self.scope = outer

    def assign(self, target: ast.expr, value: Any) -> bool:
        """Give a value to names; whether it could be taken apart as they want."""
        if isinstance(target, ast.Name):
            self.scope[target.id] = value
            if isinstance(value, (Stack, Network)) and not value.name:
                value.name = target.id
            return True
        if not isinstance(target, (ast.Tuple, ast.List)):
            return False
        wanted = target.elts
        if isinstance(value, Tensor) and value.use is not None:
            value = [Tensor(value.use, number, False) for number in range(len(wanted))]
        if not isinstance(value, (list, tuple)) or len(value) != len(wanted):
            return False
        return all([self.assign(item, part) for item, part in zip(wanted, value, strict=True)])


#: Most items of a list that is made by repeating one.
LARGEST_LIST = 10_000


def weighed(items: Any, budget: Budget, line: int) -> Any:
    """The items themselves, after all that lies in them was counted: a list of lists of lists grows fast."""
    todo, count = [items], 0
    while todo:
        inner = todo.pop()
        count += len(inner)
        if count > LARGEST_LIST:
            raise SnippetError(line, f"a list holds more than {LARGEST_LIST:,} values; paste only the network.")
        todo += [item for item in inner if isinstance(item, (list, tuple))]
        todo += [list(item.values()) for item in inner if isinstance(item, dict)]
    budget.spend(line, count)
    return items


def is_plain(value: Any) -> bool:
    """Whether a value is fully known and no part of a network."""
    return value is None or isinstance(value, (bool, int, float, str, list, tuple, dict))


def unknown(node: ast.AST) -> Unknown:
    """What an expression is that is not understood."""
    line = getattr(node, "lineno", 0)
    text = shown(" ".join(ast.unparse(node).split()))
    return Unknown(line, f"'{text[:57]}…' is computed there" if len(text) > 60 else f"'{text}' is computed there")


def _number(node: ast.AST, sign: ast.operator, left: float, right: float) -> Any:
    compute = _NUMBERS.get(type(sign))
    if isinstance(sign, ast.Pow):
        small = abs(right) <= _POWER and abs(left) <= _POWER
        compute = operator.pow if small and (left > 0 or isinstance(right, int)) else None
    if compute is None:
        return unknown(node)
    try:
        found = compute(left, right)
    except (ArithmeticError, ValueError):
        return unknown(node)
    fits = math.isfinite(found) and abs(found) <= LARGEST
    return found if fits and isinstance(found, (int, float)) else unknown(node)


def is_layer(value: Any) -> bool:
    """Whether a value is a layer or a model."""
    return isinstance(value, (LayerValue, Stack, Network))
