"""The functions that formulas know: what each is called, what it takes, and what it means."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.expression.tree import Forest, Tree

Maker = Callable[[Forest, tuple[Tree, ...]], Tree]
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
KEYWORDS = frozenset({"and", "or", "not"})


@dataclass(frozen=True)
class Function:
    """A function that a formula may call.

    Attributes:
        takes: how it is written, as ``clip(x, low, high)``.
        help: what it computes, in one line.
        make: its steps.
        least, most: how many parts it takes.
    """

    takes: str
    help: str
    make: Maker
    least: int = 1
    most: int = 1


def _plain(operation: str) -> Maker:
    return lambda forest, parts: forest.make(operation, *parts)


def _square(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    return forest.make("power", parts[0], forest.number(2))


def _softsign(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    (x,) = parts
    return forest.make("divide", x, forest.make("add", forest.number(1), forest.make("absolute", x)))


def _silu(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    return forest.make("multiply", parts[0], forest.make("sigmoid", parts[0]))


def _gelu(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    (x,) = parts
    inner = forest.make("erf", forest.make("multiply", x, forest.number(math.sqrt(0.5))))
    half = forest.make("multiply", forest.number(0.5), x)
    return forest.make("multiply", half, forest.make("add", forest.number(1), inner))


def _mish(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    return forest.make("multiply", parts[0], forest.make("tanh", forest.make("softplus", parts[0])))


def _bent(forest: Forest, x: Tree, below: Tree) -> Tree:
    return forest.make("where", forest.make("greater", x, forest.number(0)), x, below)


def _leaky_relu(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    slope = parts[1] if len(parts) > 1 else forest.number(0.2)
    return _bent(forest, parts[0], forest.make("multiply", slope, parts[0]))


def _elu(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    alpha = parts[1] if len(parts) > 1 else forest.number(1)
    return _bent(forest, parts[0], forest.make("multiply", alpha, forest.make("expm1", parts[0])))


def _hard_sigmoid(forest: Forest, parts: tuple[Tree, ...]) -> Tree:
    line = forest.make("add", forest.make("divide", parts[0], forest.number(6)), forest.number(0.5))
    return forest.make("clip", line, forest.number(0), forest.number(1))


#: By the name that formulas use.
FUNCTIONS: Mapping[str, Function] = {
    "abs": Function("abs(x)", "the size of x without its sign; slope 0 at 0", _plain("absolute")),
    "clip": Function("clip(x, low, high)", "x kept from low to high; slope 1 at both ends", _plain("clip"), 3, 3),
    "cos": Function("cos(x)", "cosine of x in radians", _plain("cos")),
    "elu": Function("elu(x, alpha)", "x above 0, else alpha·(e^x - 1); alpha is 1 unless written", _elu, 1, 2),
    "erf": Function("erf(x)", "the error function", _plain("erf")),
    "exp": Function("exp(x)", "e to the power of x", _plain("exp")),
    "expm1": Function("expm1(x)", "e^x - 1, exact near 0", _plain("expm1")),
    "floor": Function("floor(x)", "the whole number below x; slope 0", _plain("floor")),
    "gelu": Function("gelu(x)", "x times the share of a bell curve below x", _gelu),
    "hard_sigmoid": Function("hard_sigmoid(x)", "x/6 + 1/2 kept from 0 to 1", _hard_sigmoid),
    "leaky_relu": Function(
        "leaky_relu(x, slope)", "x above 0, else slope·x; the slope is 0.2 unless written", _leaky_relu, 1, 2
    ),
    "log": Function("log(x)", "natural logarithm; of numbers above 0", _plain("log")),
    "log1p": Function("log1p(x)", "log(1 + x), exact near 0", _plain("log1p")),
    "maximum": Function(
        "maximum(a, b)", "the larger one; where equal, the slope is that of a", _plain("maximum"), 2, 2
    ),
    "minimum": Function(
        "minimum(a, b)", "the smaller one; where equal, the slope is that of a", _plain("minimum"), 2, 2
    ),
    "mish": Function("mish(x)", "x·tanh(softplus(x))", _mish),
    "relu": Function("relu(x)", "x above 0, else 0; slope 0 at 0", _plain("relu")),
    "round": Function("round(x)", "the nearest whole number, halves to the even one; slope 0", _plain("round")),
    "sigmoid": Function("sigmoid(x)", "1 / (1 + e^-x), from 0 to 1", _plain("sigmoid")),
    "sign": Function("sign(x)", "-1, 0 or 1; slope 0", _plain("sign")),
    "silu": Function("silu(x)", "x·sigmoid(x), also called swish", _silu),
    "sin": Function("sin(x)", "sine of x in radians", _plain("sin")),
    "softplus": Function("softplus(x)", "log(1 + e^x), a smooth relu", _plain("softplus")),
    "softsign": Function("softsign(x)", "x / (1 + abs(x)), from -1 to 1", _softsign),
    "sqrt": Function("sqrt(x)", "square root; of numbers from 0 upwards", _plain("sqrt")),
    "square": Function("square(x)", "x times itself", _square),
    "tanh": Function("tanh(x)", "hyperbolic tangent, from -1 to 1", _plain("tanh")),
    "where": Function("where(condition, yes, no)", "yes where the condition holds, else no", _plain("where"), 3, 3),
}
