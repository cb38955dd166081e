"""Keras's backend functions (``from engine import backend as K``): for numbers, and for functions that become formulas.

On numpy arrays they compute at once. In a function that is given to ``Activation``, ``Lambda``, a loss or a metric,
or in the ``call`` of a subclass of ``Layer``, they leave a trace, and the function becomes a formula with its
derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.expression.functions import FUNCTIONS
from engine.expression.numeric import OPERATIONS, computed
from engine.expression.tracing import Traced, made, reduced
from engine.expression.tracing import cast as _cast
from engine.expression.tree import Forest

EPSILON = 1e-7


def _apply(name: str, *parts: Any) -> Any:
    if any(isinstance(part, Traced) for part in parts):
        return made(name, *parts)
    if name not in FUNCTIONS:
        return OPERATIONS[name](*parts)
    forest = Forest()
    names = [f"v{place}" for place in range(len(parts))]
    tree = FUNCTIONS[name].make(forest, tuple(map(forest.name, names)))
    return computed(tree, dict(zip(names, map(np.asarray, parts), strict=True)))


def epsilon() -> float:
    """The small number that keeps logarithms finite: 1e-7."""
    return EPSILON


def floatx() -> str:
    """The element type: ``float32``."""
    return "float32"


def image_data_format() -> str:
    """Where channels lie: ``channels_last``."""
    return "channels_last"


def cast(x: Any, dtype: str = "float32") -> Any:
    """Another element type; a condition becomes 1 and 0."""
    return _cast(x) if isinstance(x, Traced) else np.asarray(x).astype(dtype)


def abs(x: Any) -> Any:
    """The size of x without its sign."""
    return _apply("abs", x)


def square(x: Any) -> Any:
    """x·x."""
    return _apply("square", x)


def sqrt(x: Any) -> Any:
    """Square root; numbers below 0 count as 0."""
    return _apply("sqrt", _apply("maximum", x, 0.0))


def exp(x: Any) -> Any:
    """e to the power of x."""
    return _apply("exp", x)


def log(x: Any) -> Any:
    """Natural logarithm."""
    return _apply("log", x)


def sin(x: Any) -> Any:
    """Sine."""
    return _apply("sin", x)


def cos(x: Any) -> Any:
    """Cosine."""
    return _apply("cos", x)


def pow(x: Any, a: Any) -> Any:
    """x to a constant power."""
    return x**a


def sign(x: Any) -> Any:
    """-1, 0 or 1."""
    return _apply("sign", x)


def round(x: Any) -> Any:
    """The nearest whole number, halves to the even one."""
    return _apply("round", x)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """x kept between two values."""
    return _apply("clip", x, min_value, max_value)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """x above the threshold and alpha·(x - threshold) below it, at most max_value."""
    plain = alpha == 0 and threshold == 0
    y = _apply("relu", x) if plain else where(_apply("greater", x, threshold), x, (x - threshold) * alpha)
    return y if max_value is None else _apply("minimum", y, max_value)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x above 0, negative_slope·x below it."""
    return _apply("leaky_relu", x, negative_slope)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, alpha·(e^x - 1) below it."""
    return _apply("elu", x, alpha)


def softplus(x: Any) -> Any:
    """log(1 + e^x)."""
    return _apply("softplus", x)


def softsign(x: Any) -> Any:
    """x / (1 + abs(x))."""
    return _apply("softsign", x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x)."""
    return _apply("sigmoid", x)


def hard_sigmoid(x: Any) -> Any:
    """x/6 + 1/2 kept between 0 and 1, as Keras 3 has it."""
    return _apply("hard_sigmoid", x)


def silu(x: Any) -> Any:
    """x·sigmoid(x)."""
    return _apply("silu", x)


def gelu(x: Any) -> Any:
    """x times the share of a bell curve below x."""
    return _apply("gelu", x)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent."""
    return _apply("tanh", x)


def maximum(x: Any, y: Any) -> Any:
    """The larger one, number by number."""
    return _apply("maximum", x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller one, number by number."""
    return _apply("minimum", x, y)


def equal(x: Any, y: Any) -> Any:
    """Whether x is y."""
    return _apply("equal", x, y)


def not_equal(x: Any, y: Any) -> Any:
    """Whether x is not y."""
    return _apply("not_equal", x, y)


def greater(x: Any, y: Any) -> Any:
    """Whether x is larger than y."""
    return _apply("greater", x, y)


def greater_equal(x: Any, y: Any) -> Any:
    """Whether x is at least y."""
    return _apply("greater_equal", x, y)


def less(x: Any, y: Any) -> Any:
    """Whether x is smaller than y."""
    return _apply("less", x, y)


def less_equal(x: Any, y: Any) -> Any:
    """Whether x is at most y."""
    return _apply("less_equal", x, y)


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y."""
    return _apply("where", condition, x, y)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two by a condition; functions without arguments are called."""
    parts = [part() if callable(part) else part for part in (then_expression, else_expression)]
    return _apply("where", condition, *parts)


def zeros_like(x: Any) -> Any:
    """Zeros in the shape of x."""
    return x * 0.0


def ones_like(x: Any) -> Any:
    """Ones in the shape of x."""
    return x * 0.0 + 1.0


def constant(value: Any, dtype: str | None = None) -> Any:
    """A plain number."""
    return np.asarray(value, dtype)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean along an axis, or of everything."""
    return reduced("mean", x, axis, keepdims) if isinstance(x, Traced) else np.mean(x, axis=axis, keepdims=keepdims)


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum along an axis, or of everything."""
    return reduced("sum", x, axis, keepdims) if isinstance(x, Traced) else np.sum(x, axis=axis, keepdims=keepdims)


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-target·log(output) - (1 - target)·log(1 - output), number by number."""
    p = sigmoid(output) if from_logits else output
    p = clip(p, EPSILON, 1 - EPSILON)
    return -(target * log(p) + (1.0 - target) * log(1.0 - p))


swish = silu


def __getattr__(name: str) -> Any:
    ours = (key for key, value in globals().items() if getattr(value, "__module__", "") == __name__)
    known = ", ".join(sorted(key for key in ours if not key.startswith("_")))
    raise AttributeError(f"engine.backend has no '{name}': formulas work on every number by itself; it has {known}")
