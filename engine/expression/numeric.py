"""A formula's value in plain numpy: the reference for kernels, and what curves are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import special

from engine.expression.tree import Tree, walk

#: By operation, in functions that exports can trace.
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": np.true_divide, "power": np.power, "negative": lambda a: -a, "exp": np.exp,
    "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt, "absolute": np.abs, "tanh": np.tanh,
    "sin": np.sin, "cos": np.cos, "sigmoid": special.expit, "relu": lambda x: np.maximum(x, 0.0),
    "softplus": lambda x: np.logaddexp(x, 0.0), "erf": special.erf, "sign": np.sign, "floor": np.floor,
    "round": np.rint, "maximum": np.maximum, "minimum": np.minimum,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "where": np.where, "less": lambda a, b: a < b, "less_equal": lambda a, b: a <= b, "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b, "equal": lambda a, b: a == b, "not_equal": lambda a, b: a != b,
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_not": np.logical_not,
}  # fmt: skip


def computed(root: Tree, values: Mapping[str, Any]) -> Any:
    """The value of a formula.

    Args:
        root: the formula.
        values: numbers, arrays that broadcast, or an exporter's terms, by name.
    """
    known: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for tree in walk(root):
            if tree.operation == "number":
                known[id(tree)] = tree.value
            elif tree.operation == "name":
                known[id(tree)] = values[tree.name]
            else:
                known[id(tree)] = OPERATIONS[tree.operation](*(known[id(part)] for part in tree.parts))
    return known[id(root)]
