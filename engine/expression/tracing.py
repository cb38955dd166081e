"""Turns Python functions into formulas by running them once on values that remember what is done with them.

Only operators, comparisons and the functions of :mod:`engine.backend` (and their numpy namesakes) leave a trace;
anything else ends in a sentence. What is kept is the formula's text, never the function.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

from engine.component import Component
from engine.errors import LayerloomError, ParameterError
from engine.expression.functions import FUNCTIONS
from engine.expression.reader import read
from engine.expression.tree import LARGEST, ExpressionError, Forest, Tree, walk
from engine.expression.writing import to_text

#: Deepest formula that is written down; a loop that goes on and on makes deeper ones.
DEEPEST = 120
#: Numpy's names for functions of formulas.
NUMPY = {
    "absolute": "abs", "fabs": "abs", "fmax": "maximum", "fmin": "minimum", "rint": "round", "expit": "sigmoid",
    "true_divide": "divide", "float_power": "power", "bitwise_and": "logical_and", "bitwise_or": "logical_or",
    "invert": "logical_not",
}  # fmt: skip
PLAIN = frozenset(
    ("add", "subtract", "multiply", "divide", "negative", "less", "less_equal", "greater", "greater_equal", "equal",
     "not_equal", "logical_and", "logical_or", "logical_not")
)  # fmt: skip
#: What the function that is being traced has made so far.
_making: ContextVar[list[Weight] | None] = ContextVar("weights", default=None)


class TracingError(TypeError):
    """A function does something that a formula cannot say."""


@dataclass(frozen=True, eq=False)
class Traced:
    """A value that remembers how it was made.

    Attributes:
        tree: how.
        forest: where its steps are kept.
        over: what became of the last axis: nothing (""), ``mean`` or ``sum``.
    """

    tree: Tree
    forest: Forest
    over: str = ""

    def __add__(self, other: Any) -> Traced:
        return made("add", self, other)

    def __radd__(self, other: Any) -> Traced:
        return made("add", other, self)

    def __sub__(self, other: Any) -> Traced:
        return made("subtract", self, other)

    def __rsub__(self, other: Any) -> Traced:
        return made("subtract", other, self)

    def __mul__(self, other: Any) -> Traced:
        return made("multiply", self, other)

    def __rmul__(self, other: Any) -> Traced:
        return made("multiply", other, self)

    def __truediv__(self, other: Any) -> Traced:
        return made("divide", self, other)

    def __rtruediv__(self, other: Any) -> Traced:
        return made("divide", other, self)

    def __pow__(self, other: Any) -> Traced:
        return made("power", self, other)

    def __rpow__(self, other: Any) -> Traced:
        return made("power", other, self)

    def __lt__(self, other: Any) -> Traced:
        return made("less", self, other)

    def __le__(self, other: Any) -> Traced:
        return made("less_equal", self, other)

    def __gt__(self, other: Any) -> Traced:
        return made("greater", self, other)

    def __ge__(self, other: Any) -> Traced:
        return made("greater_equal", self, other)

    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> Traced:  # type: ignore[override]
        return made("equal", self, other)

    def __ne__(self, other: Any) -> Traced:  # type: ignore[override]
        return made("not_equal", self, other)

    def __and__(self, other: Any) -> Traced:
        return made("logical_and", self, other)

    def __or__(self, other: Any) -> Traced:
        return made("logical_or", self, other)

    def __invert__(self) -> Traced:
        return made("logical_not", self)

    def __neg__(self) -> Traced:
        return made("negative", self)

    def __pos__(self) -> Traced:
        return self

    def __abs__(self) -> Traced:
        return made("abs", self)

    def __bool__(self) -> bool:
        raise TracingError(
            "it decides by 'if', 'and', 'or' or a loop on numbers that are not known yet; use K.switch or K.where"
        )

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TracingError("it takes its input apart or asks for its size; a formula works on every number by itself")

    __getitem__ = __iter__ = __len__ = __float__ = __int__ = __index__ = __matmul__ = __array__ = _refuse

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise TracingError(f"it uses '.{name}' of its input; a formula works on every number by itself")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Traced:
        if method != "__call__" or kwargs:
            raise TracingError(f"numpy.{ufunc.__name__} is called with options that a formula cannot say")
        return made(NUMPY.get(ufunc.__name__, ufunc.__name__), *inputs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Traced:
        name = function.__name__
        if name in ("mean", "sum"):
            return reduced(name, *args, **kwargs)
        if kwargs:
            raise TracingError(f"numpy.{name} is called with options that a formula cannot say")
        return made(NUMPY.get(name, name), *args)


@dataclass(frozen=True, eq=False)
class Leaf(Tree):
    """The step that names a weight, and holds it, so that it is found wherever it was kept."""

    weight: Weight | None = field(default=None, repr=False)


class Weight(Traced):
    """A trained parameter that a function makes for itself.

    Args:
        shape: its shape.
        initializer: how it starts, as a component.
        name: what it would like to be called.
        more: ``regularizer`` and ``constraint``.
    """

    def __init__(self, shape: Sequence[Any], initializer: Any, name: str | None = None, **more: Any) -> None:
        # The leaf keeps the weight alive, so no other weight of the formula can have its id.
        super().__init__(Leaf("name", name=f"weight_{id(self)}", weight=self), Forest())
        if (making := _making.get()) is not None:
            making.append(self)
        for key, value in (("given", tuple(shape)), ("initializer", initializer), ("wanted", name), ("more", more)):
            object.__setattr__(self, key, value)

    def __array__(self, *_: Any, **__: Any) -> Any:
        values = self.__dict__
        start = values["initializer"]
        return start.fill(values["given"], start.generator(np.random.default_rng(0)), 0, 0)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)


def made(name: str, *parts: Any) -> Traced:
    """A step of values and numbers.

    Raises:
        TracingError: a formula cannot say it.
    """
    first = next(part for part in parts if isinstance(part, Traced))
    forest = first.forest
    if name == "power":
        return _power(forest, *parts)
    if name not in PLAIN and name not in FUNCTIONS:
        raise TracingError(f"'{name}' is no function of formulas; known are {', '.join(FUNCTIONS)}")
    overs = [part.over for part in parts if isinstance(part, Traced)]
    trees = tuple(_tree(forest, part) for part in parts)
    if any(overs):
        return Traced(forest.make(name, *trees), forest, _kept_over(name, parts))
    if name in ("logical_and", "logical_or", "logical_not"):
        trees = tuple(_truth(forest, tree) for tree in trees)
    else:
        head = (_truth(forest, trees[0]),) if name == "where" else ()
        trees = (*head, *(_number(forest, tree) for tree in trees[len(head) :]))
    if name in PLAIN:
        return Traced(forest.make(name, *trees), forest)
    function = FUNCTIONS[name]
    if not function.least <= len(trees) <= function.most:
        raise TracingError(f"{name} is called with {len(trees)} values; it is written {function.takes}")
    return Traced(function.make(forest, trees), forest)


def _kept_over(name: str, parts: Sequence[Any]) -> str:
    """A mean may be multiplied, divided, and added to another: then it is the mean of something else."""
    overs = {part.over for part in parts if isinstance(part, Traced)}
    reduced_parts = [isinstance(part, Traced) for part in parts]
    whole = len(overs) == 1
    scaled = (name == "multiply" and sum(reduced_parts) == 1) or (name == "divide" and reduced_parts == [True, False])
    linear = name in ("add", "subtract") and (all(reduced_parts) or overs == {"mean"})
    if whole and (scaled or linear or name == "negative"):
        return next(iter(overs))
    raise TracingError(
        "it goes on computing with a mean or sum over the last axis; only the last step may be a mean or sum, which "
        "may be multiplied by a number or added to another"
    )


def _power(forest: Forest, base: Any, exponent: Any) -> Traced:
    if isinstance(exponent, Traced) or (isinstance(base, Traced) and base.over):
        raise TracingError("a power needs a plain number as its exponent; write exp(b * log(a))")
    number = _tree(forest, exponent)
    if abs(number.value) > 16:
        raise TracingError(f"the exponent {number.value:g} lies outside -16 to 16")
    return Traced(forest.make("power", _number(forest, _tree(forest, base)), number), forest)


def _tree(forest: Forest, value: Any) -> Tree:
    if isinstance(value, Traced):
        return value.tree
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, np.bool_)):
        value = float(value)
    if not isinstance(value, (Real, np.number)):
        raise TracingError(f"it uses {type(value).__name__}, where only single numbers can be written down")
    number = float(value)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise TracingError(f"it uses the number {number}, which is not finite or larger than {LARGEST:g}")
    return forest.number(number)


def _number(forest: Forest, tree: Tree) -> Tree:
    return forest.make("where", tree, forest.number(1), forest.number(0)) if tree.logical else tree


def _truth(forest: Forest, tree: Tree) -> Tree:
    return tree if tree.logical else forest.make("not_equal", tree, forest.number(0))


def cast(value: Traced) -> Traced:
    """A condition as 1 and 0; a number as it is."""
    return Traced(_number(value.forest, value.tree), value.forest, value.over)


def reduced(name: str, x: Any, axis: Any = None, keepdims: bool = False) -> Traced:
    """The mean or sum along the last axis, or of everything.

    Raises:
        TracingError: along another axis, or a sum over samples.
    """
    value = cast(x)
    if axis not in (None, -1):
        raise TracingError(f"{name} goes along axis {axis}; only the last axis (axis=-1) can be written down")
    if value.over and name == "mean":
        return value  # over the samples, which is done with every loss anyway
    if value.over == "mean":
        raise TracingError("it takes a sum of means")
    if value.over:
        return Traced(value.tree, value.forest, "sum of all")
    return Traced(value.tree, value.forest, name if axis is not None or name == "mean" else "sum of all")


@dataclass(frozen=True)
class Found:
    """What a function computes.

    Attributes:
        text: the formula.
        over: "", ``mean``, ``sum``, or ``sum of all`` samples too.
        used: the weights in it by their names there, in the order in which they were made.
    """

    text: str
    over: str
    used: Mapping[str, Weight]


def trace(function: Callable[..., Any], names: Sequence[str], packed: bool = False) -> Found:
    """The formula of a function.

    Args:
        function: it is called once.
        names: what its arguments are called in the formula.
        packed: hand them over as one list.

    Raises:
        ParameterError: it does what no formula can say.
    """
    title = getattr(function, "__name__", type(function).__name__)
    forest = Forest()
    values = [Traced(forest.name(name), forest) for name in names]
    made: list[Weight] = []
    token = _making.set(made)
    try:
        result = function(values) if packed else function(*values)
        found = cast(result) if isinstance(result, Traced) else Traced(_tree(forest, result), forest)
        _check_depth(found.tree)
        used = _used(found.tree, made)
        text = renamed(to_text(found.tree), {weight.tree.name: name for name, weight in used.items()})
        read(text, (*names, *used))
    except (ExpressionError, TracingError) as error:
        raise _refused(title, str(error)) from None
    except LayerloomError:
        raise
    except Exception as error:
        # Somebody else's function may fail in any way.
        raise _refused(title, f"it ends with {type(error).__name__}: {error}") from error
    finally:
        _making.reset(token)
    return Found(text, found.over, used)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A formula's text with other names for its weights, all changed at once."""
    return re.sub(r"\bweight_\d+\b", lambda word: names.get(word[0], word[0]), text)


def _used(root: Tree, made: Sequence[Weight]) -> dict[str, Weight]:
    """The weights of a formula, numbered in the order in which they were made; those from before begin."""
    place = {id(weight): number for number, weight in enumerate(made)}
    weights = {
        id(leaf.weight): leaf.weight for leaf in walk(root) if isinstance(leaf, Leaf) and leaf.weight is not None
    }
    ordered = sorted(weights, key=lambda key: place.get(key, -1))
    return {f"weight_{number}": weights[key] for number, key in enumerate(ordered)}


def text_of(function: Any, names: Sequence[str], allowed: Sequence[str], advice: str) -> Found | None:
    """The formula of somebody's Python function; ``None`` for what is no function.

    Args:
        function: whatever was given.
        names: what its arguments are called.
        allowed: what may have become of the last axis.
        advice: what to do instead.

    Raises:
        ParameterError: it does what no formula can say.
    """
    if isinstance(function, (type, Component)) or not callable(function):
        return None
    found = trace(function, names)
    title = getattr(function, "__name__", type(function).__name__)
    if found.used:
        raise _refused(title, "it makes weights, which only the call of a Layer may use")
    if found.over not in allowed:
        ending = f"its result is a {found.over}" if found.over else "its result is no sum"
        raise _refused(title, f"{ending}; {advice}")
    return found


def _refused(title: str, reason: str) -> ParameterError:
    return ParameterError(
        "Expression", "expression", f"the Python function '{title}' cannot be written as a formula: {reason}"
    )


def _check_depth(root: Tree) -> None:
    depth: dict[int, int] = {}
    for tree in walk(root):
        depth[id(tree)] = 1 + max((depth[id(part)] for part in tree.parts), default=0)
    if depth[id(root)] > DEEPEST:
        raise TracingError(f"it takes more than {DEEPEST} steps one after the other")
