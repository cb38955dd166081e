"""Rules for parameters that hold formulas, names and named numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar

from engine.component import Slots
from engine.constraints import Constraint
from engine.errors import ParameterError
from engine.expression.formula import Formula, formula
from engine.expression.functions import CONSTANTS, FUNCTIONS, KEYWORDS
from engine.expression.reader import LENGTH, read
from engine.expression.tree import LARGEST, ExpressionError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Most names of one sort in a formula.
MOST_NAMES = 16
RESERVED = frozenset(CONSTANTS) | frozenset(FUNCTIONS) | KEYWORDS
Pairs = tuple[tuple[str, float], ...]
NUMBERS_HELP = "Numbers that the formula calls by name: theta = -5, a1 = 0.2."
#: What becomes of the numbers along the last axis.
OVER = (("mean", "Their mean, as Keras's losses take it."), ("sum", "Their sum."))


def is_name(value: Any) -> bool:
    """Whether a formula can use this word as a name."""
    return isinstance(value, str) and NAME.fullmatch(value) is not None and value not in RESERVED


@dataclass(frozen=True)
class Name(Constraint):
    """A name that formulas use."""

    none: str | None = None

    @property
    def rule(self) -> str:
        return "a name of letters, digits and _, such as a1, that is no function"

    def check(self, value: Any) -> str:
        if not is_name(value):
            raise self.refuse(value)
        return str(value)

    def bad_values(self) -> tuple[Any, ...]:
        return ("", "1a", "a b", "exp", "pi", 3, "ｘ", "x" * 33)


@dataclass(frozen=True)
class Names(Constraint):
    """Several names, in order; also written as one text: ``x, gate``."""

    none: str | None = None

    @property
    def rule(self) -> str:
        return f"1 to {MOST_NAMES} different names such as x, gate"

    def check(self, value: Any) -> tuple[str, ...]:
        found = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
        if not isinstance(found, (list, tuple)) or not 1 <= len(found) <= MOST_NAMES:
            raise self.refuse(value)
        if not all(map(is_name, found)) or len(set(found)) < len(found):
            raise self.refuse(value)
        return tuple(found)

    def bad_values(self) -> tuple[Any, ...]:
        return ("", "x, x", ("x", 1), "1", 3, ("sin",), {})


@dataclass(frozen=True)
class NamedNumbers(Constraint):
    """Numbers with names: a dict, pairs, or a text such as ``theta = -5, a1 = 0.2``."""

    none: str | None = None

    @property
    def rule(self) -> str:
        return f"at most {MOST_NAMES} numbers with names, such as theta = -5, a1 = 0.2"

    def check(self, value: Any) -> Pairs:
        try:
            pairs = [(name, _finite(number)) for name, number in _pairs(value)]
        except (ValueError, TypeError, OverflowError):
            raise self.refuse(value) from None
        names = [name for name, _ in pairs]
        if len(pairs) > MOST_NAMES or not all(map(is_name, names)) or len(set(names)) < len(names):
            raise self.refuse(value)
        return tuple(pairs)

    def bad_values(self) -> tuple[Any, ...]:
        return ("theta", "theta = x", {"exp": 1.0}, {"a": math.nan}, {"a": 10**400}, 3, "a = 1, a = 2", (("a", True),))


def _pairs(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, str):
        pieces = [piece.split("=") for piece in re.split(r"[,;\n]", value) if piece.strip()]
        return [(name.strip(), float(number)) for name, number in pieces]
    if isinstance(value, (list, tuple)):
        return [(name, number) for name, number in value]
    raise TypeError


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not abs(float(value)) <= LARGEST:
        raise ValueError
    return float(value)


@dataclass(frozen=True)
class FormulaText(Constraint):
    """A formula; whether its names are known is looked at when all parameters are.

    Attributes:
        inputs: what it is a formula of, for sentences and examples.
    """

    spelled_out: ClassVar[bool] = True
    inputs: tuple[str, ...] = ("x",)
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"a formula of {' and '.join(self.inputs)}"

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(value)
        text = value.strip()
        try:
            read(text, [word for word in WORD.findall(text[:LENGTH]) if word not in RESERVED])
        except ExpressionError as error:
            raise ValueError(f"cannot be read: {error}; received {_shown(value)}") from None
        return text

    def bad_values(self) -> tuple[Any, ...]:
        return (
            "", "x +", "(x", "x x", 3, None, "x ** x", "__import__('os')", "x.real", "x > 0", "nothing(x)", "1e99",
            "x" + "+x" * 400, "(" * 99 + "x" + ")" * 99, "ｘ", "lambda: x", "x if x else x", "exp()", "0x10",
        )  # fmt: skip


def _shown(value: str) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True)
class Variables(Slots):
    """Trained parameters; also by name alone, or as a dict from names to shapes or settings."""

    kind: str = "variable"
    limit: int = MOST_NAMES
    repeats: bool = True

    def check(self, value: Any) -> tuple[Any, ...]:
        if isinstance(value, Mapping):
            value = [_variable(name, given) for name, given in value.items()]
        if isinstance(value, (list, tuple)):
            value = [_variable(item, None) if is_name(item) else item for item in value]
        return super().check(value)


def _variable(name: Any, given: Any) -> Any:
    settings = {"shape": given} if isinstance(given, str) else dict(given or {})
    return {"type": "Trained", "name": name, **settings}


def formula_of(component: Any, inputs: tuple[str, ...], trained: Iterable[Any] = ()) -> Formula:
    """The formula of a component that has ``expression`` and ``numbers``.

    Raises:
        ParameterError: a name is unknown, or means two things.
    """
    constants = tuple(name for name, _ in component.numbers)
    variables = tuple((variable.name, variable.shape) for variable in trained)
    names = [*inputs, *constants, *(name for name, _ in variables)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(component.key, None, f"the name '{twice}' stands for two things; rename one of them")
    try:
        return formula(component.expression, inputs, constants, variables)
    except ExpressionError as error:
        raise ParameterError(
            component.key, "expression", f"expression cannot be used: {error}; received {_shown(component.expression)}"
        ) from None


def values_of(component: Any) -> tuple[float, ...]:
    """The values of its named numbers, in order."""
    return tuple(number for _, number in component.numbers)
