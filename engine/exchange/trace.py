"""Reads an activation's formula by running it, so that any language can write it down.

``Activation.value`` is plain numpy. Run on a :class:`Term` instead of an array, it leaves a small expression tree of
the operations in :data:`OPERATIONS`; an emitter that writes these writes every activation, of plug-ins too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from numbers import Real
from typing import Any

import numpy as np
from scipy import special

from engine.component import Component
from engine.errors import UsageError

#: Operations of a tree, with what each is in numpy. "clip" takes x, low, high (infinite where there is no limit).
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.true_divide, "power": np.power,
    "maximum": np.maximum, "minimum": np.minimum, "logaddexp": np.logaddexp, "negative": np.negative,
    "absolute": np.absolute, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt,
    "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "sinh": np.sinh, "cosh": np.cosh, "arctan": np.arctan,
    "sign": np.sign, "floor": np.floor, "ceil": np.ceil, "erf": special.erf, "less": np.less,
    "less_equal": np.less_equal, "greater": np.greater, "greater_equal": np.greater_equal, "equal": np.equal,
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_not": np.logical_not, "where": np.where,
    "clip": np.clip, "number": lambda x: np.asarray(x, np.float64),
    "max": lambda x: np.max(x, axis=-1, keepdims=True), "min": lambda x: np.min(x, axis=-1, keepdims=True),
    "sum": lambda x: np.sum(x, axis=-1, keepdims=True), "mean": lambda x: np.mean(x, axis=-1, keepdims=True),
}  # fmt: skip
COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal"})
CONNECTIVES = frozenset({"logical_and", "logical_or", "logical_not"})
REDUCTIONS = frozenset({"max", "min", "sum", "mean"})
#: Other names of numpy's and scipy's functions for the same.
SYNONYMS = {
    "true_divide": "divide", "abs": "absolute", "fabs": "absolute", "float_power": "power", "fmax": "maximum",
    "fmin": "minimum", "bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not",
    "amax": "max", "amin": "min",
}  # fmt: skip
#: What can be said with the operations above.
COMPOSED: Mapping[str, Callable[..., Any]] = {
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "positive": lambda x: x,
    "not_equal": lambda a, b: made("logical_not", made("equal", a, b)),
    "exp2": lambda x: made("exp", x * float(np.log(2))),
    "log2": lambda x: made("log", x) / float(np.log(2)),
    "log10": lambda x: made("log", x) / float(np.log(10)),
    "expit": lambda x: 1 / (1 + made("exp", -x)),
    "log_expit": lambda x: -made("logaddexp", -x, 0.0),
    "erfc": lambda x: 1 - made("erf", x),
    "ndtr": lambda x: 0.5 * (1 + made("erf", x * float(np.sqrt(0.5)))),
}
Operand = Any


@dataclass(frozen=True, eq=False)
class Term:
    """One step of a formula: an operation and what it is applied to.

    Attributes:
        operation: a key of :data:`OPERATIONS`; "x" is the activation's input.
        operands: terms and plain numbers.
    """

    operation: str
    operands: tuple[Term | float, ...] = ()

    @property
    def logical(self) -> bool:
        """Whether its values are true and false."""
        return self.operation in COMPARISONS | CONNECTIVES

    @property
    def parts(self) -> tuple[Term, ...]:
        """The operands that are terms."""
        return tuple(part for part in self.operands if isinstance(part, Term))

    @property
    def operations(self) -> frozenset[str]:
        """The kinds of steps in this one and all before it."""
        found, waiting = {self}, [self]
        while waiting:
            fresh = set(waiting.pop().parts) - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(term.operation for term in found)

    def __add__(self, other: Operand) -> Term:
        return made("add", self, other)

    def __radd__(self, other: Operand) -> Term:
        return made("add", other, self)

    def __sub__(self, other: Operand) -> Term:
        return made("subtract", self, other)

    def __rsub__(self, other: Operand) -> Term:
        return made("subtract", other, self)

    def __mul__(self, other: Operand) -> Term:
        return made("multiply", self, other)

    def __rmul__(self, other: Operand) -> Term:
        return made("multiply", other, self)

    def __truediv__(self, other: Operand) -> Term:
        return made("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Term:
        return made("divide", other, self)

    def __pow__(self, other: Operand) -> Term:
        return made("power", self, other)

    def __rpow__(self, other: Operand) -> Term:
        return made("power", other, self)

    def __and__(self, other: Operand) -> Term:
        return made("logical_and", self, other)

    def __rand__(self, other: Operand) -> Term:
        return made("logical_and", other, self)

    def __or__(self, other: Operand) -> Term:
        return made("logical_or", self, other)

    def __ror__(self, other: Operand) -> Term:
        return made("logical_or", other, self)

    def __lt__(self, other: Operand) -> Term:
        return made("less", self, other)

    def __le__(self, other: Operand) -> Term:
        return made("less_equal", self, other)

    def __gt__(self, other: Operand) -> Term:
        return made("greater", self, other)

    def __ge__(self, other: Operand) -> Term:
        return made("greater_equal", self, other)

    __hash__ = object.__hash__

    def __eq__(self, other: Operand) -> Term:  # type: ignore[override]
        return made("equal", self, other)

    def __ne__(self, other: Operand) -> Term:  # type: ignore[override]
        return made("logical_not", made("equal", self, other))

    def __neg__(self) -> Term:
        return made("negative", self)

    def __pos__(self) -> Term:
        return self

    def __abs__(self) -> Term:
        return made("absolute", self)

    def __invert__(self) -> Term:
        return made("logical_not", self)

    def __bool__(self) -> bool:
        raise TypeError("it decides by 'if' on numbers that are not known yet; use numpy.where")

    def astype(self, *_: Any, **__: Any) -> Term:
        """Itself: the languages choose element types."""
        return made("number", self) if self.logical else self

    def sum(self, axis: Any = None, *, keepdims: Any = False) -> Term:
        """Sum along the last axis."""
        return _reduced("sum", self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: Any = False) -> Term:
        """Mean along the last axis."""
        return _reduced("mean", self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: Any = False) -> Term:
        """Largest value along the last axis."""
        return _reduced("max", self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, *, keepdims: Any = False) -> Term:
        """Smallest value along the last axis."""
        return _reduced("min", self, axis=axis, keepdims=keepdims)

    def clip(self, low: Operand = None, high: Operand = None) -> Term:
        """Limited to low ... high."""
        return _clipped(self, low, high)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Operand, **kwargs: Any) -> Term:
        if method != "__call__" or kwargs:
            raise TypeError(f"numpy.{ufunc.__name__} is called with {method} or options, which has no counterpart")
        return _named(ufunc.__name__, inputs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Term:
        name = SYNONYMS.get(function.__name__, function.__name__)
        if name in REDUCTIONS:
            return _reduced(name, *args, **kwargs)
        if name == "clip":
            low, high = (kwargs.get(long, kwargs.get(short)) for long, short in (("a_min", "min"), ("a_max", "max")))
            return _clipped(args[0], *(args[1:] or (low, high)))
        if kwargs:
            raise TypeError(f"numpy.{function.__name__} is called with options that have no counterpart")
        return _named(name, args)


#: The activation's input.
X = Term("x")


def trace(activation: Component) -> Term:
    """The formula of an activation.

    Raises:
        UsageError: the formula uses what other languages do not have.
    """
    try:
        found = _operand(activation.value(X))  # type: ignore[attr-defined]
        if not isinstance(found, Term):
            raise TypeError("it does not depend on its input")
        _check(found, activation)
    except Exception as error:
        # A plug-in's formula may fail on a term in any way.
        raise UsageError(
            f"The activation {activation.key} cannot be exported: its formula must be written with operators and "
            f"numpy functions of one number, or along the last axis ({error}). Choose another activation."
        ) from None
    return made("number", found) if found.logical else found


def trace_of(layer: Component, count: int) -> tuple[tuple[Term, ...], Term]:
    """The formula of a layer that has a ``value`` of several arrays: its inputs, and what becomes of them.

    Raises:
        UsageError: the formula uses what other languages do not have.
    """
    inputs = tuple(Term("x") for _ in range(count))
    try:
        found = _operand(layer.value(*inputs))  # type: ignore[attr-defined]
    except TypeError as error:
        raise UsageError(f"The layer {layer.key} cannot be exported: {error}. Choose other functions.") from None
    found = found if isinstance(found, Term) else _constant(inputs[0], found)
    return inputs, made("number", found) if found.logical else found


def _constant(x: Term, value: float) -> Term:
    """A number in the shape of an input."""
    return made("add", made("multiply", x, 0.0), value)


def computed(term: Term, x: Any) -> Any:
    """A formula's value in numpy."""
    known: dict[Term, Any] = {X: x}

    def of(part: Term | float) -> Any:
        if not isinstance(part, Term):
            return part
        if part not in known:
            known[part] = OPERATIONS[part.operation](*map(of, part.operands))
        return known[part]

    return of(term)


def made(operation: str, *operands: Operand) -> Term:
    """A term, with truth values made numbers where numbers are needed and the other way round.

    Raises:
        TypeError: an operand is neither a term nor a number.
    """
    parts = [_operand(value) for value in operands]
    if operation in CONNECTIVES:
        parts = [_truth(part) for part in parts]
    elif operation == "where":
        parts = [_truth(parts[0]), *map(_number, parts[1:])]
    elif operation != "number":
        parts = [_number(part) for part in parts]
    return Term(operation, tuple(parts))


def _operand(value: Operand) -> Term | float:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()  # numpy wraps what it does not know into an array without axes
    if isinstance(value, Term):
        return value
    if isinstance(value, Real | np.bool_):
        return float(value)
    raise TypeError(f"it uses {type(value).__name__}, where only numbers can be written down")


def _number(part: Term | float) -> Term | float:
    return Term("number", (part,)) if isinstance(part, Term) and part.logical else part


def _truth(part: Term | float) -> Term:
    if isinstance(part, Term):
        return part if part.logical else made("logical_not", made("equal", part, 0.0))
    raise TypeError("it decides by a plain number")


def _named(name: str, inputs: tuple[Operand, ...]) -> Term:
    name = SYNONYMS.get(name, name)
    if name in COMPOSED:
        composed: Term = COMPOSED[name](*map(_operand, inputs))
        return composed
    if name not in OPERATIONS:
        raise TypeError(f"numpy's {name} has no counterpart elsewhere")
    return made(name, *inputs)


def _reduced(name: str, x: Operand, axis: Any = None, *, keepdims: Any = False) -> Term:
    if operator.index(-1 if axis is None else axis) != -1 or axis is None or keepdims is not True:
        raise TypeError(f"{name} must go along the last axis and keep it (axis=-1, keepdims=True)")
    return made(name, x)


def _clipped(x: Operand, low: Operand, high: Operand) -> Term:
    limits = [limit if side is None else _operand(side) for side, limit in ((low, -inf), (high, inf))]
    if any(isinstance(limit, Term) for limit in limits):
        return made("minimum", made("maximum", x, limits[0]), limits[1])
    return made("clip", x, *limits)


def _check(term: Term, activation: Component) -> None:
    """Refuse a tree that does not say what the formula does, such as one that changes arrays in place."""
    x = np.linspace(-5, 5, 24).reshape(4, 6)
    with np.errstate(all="ignore"):
        ours, theirs = computed(term, x.copy()), activation.value(x.copy())  # type: ignore[attr-defined]
    if not np.allclose(ours, theirs, equal_nan=True):
        raise TypeError("it does more than its steps show")
