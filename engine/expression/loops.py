"""Writes the loops of formulas: each one kernel, value and slopes together, without temporaries.

All identifiers are made here: ``v0`` for an input, ``k0`` for a constant, ``p0`` for a trained parameter, ``n0`` for a
number of the text, ``t0`` for a step. Nothing a user writes reaches these texts but the order of steps and plain
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from engine.expression.tree import Tree, walk

#: Steps as text; a number is {0}, {1} ... and z is any number of the loop's type.
STEPS: Mapping[str, str] = {
    "add": "{0} + {1}", "subtract": "{0} - {1}", "multiply": "{0} * {1}", "divide": "{0} / {1}", "negative": "-{0}",
    "exp": "exp({0})", "expm1": "expm1({0})", "log": "log({0})", "log1p": "log1p({0})",
    "sqrt": "like(z, sqrt({0}))", "absolute": "abs({0})", "tanh": "tanh({0})", "sin": "like(z, sin({0}))",
    "cos": "like(z, cos({0}))", "sigmoid": "sigmoid({0})", "erf": "erf({0})", "sign": "sign({0})",
    "floor": "like(z, floor({0}))", "round": "like(z, rint({0}))", "less": "{0} < {1}", "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}", "greater_equal": "{0} >= {1}", "equal": "{0} == {1}", "not_equal": "{0} != {1}",
    "logical_and": "{0} & {1}", "logical_or": "{0} | {1}", "logical_not": "{0} == False",
    "where": "select({0}, {1}, {2})",
    # A comparison with NaN is false, so the last branch hands it on.
    "relu": "select({0} > z, {0}, select({0} <= z, z, {0}))",
    "maximum": "select({0} > {1}, {0}, select({0} <= {1}, {1}, {0} + {1}))",
    "minimum": "select({0} < {1}, {0}, select({0} >= {1}, {1}, {0} + {1}))",
    "softplus": "select({0} > z, {0}, z) + log1p(exp(-abs({0}))) + ({0} - {0})",
}  # fmt: skip


@dataclass
class Steps:
    """The lines that compute some trees from given names.

    Attributes:
        given: how names are called in the loop.
        lines: one step each.
        numbers: the plain numbers, which are made once before the loop.
    """

    given: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    _known: dict[int, str] = field(default_factory=dict)

    def write(self, *roots: Tree) -> list[str]:
        """Write what is still missing for these trees; returns what their values are called."""
        for tree in walk(*roots):
            if id(tree) not in self._known:
                self._known[id(tree)] = self._written(tree)
        return [self._known[id(root)] for root in roots]

    def _written(self, tree: Tree) -> str:
        if tree.operation == "number":
            name = f"n{len(self.numbers)}"
            self.numbers.append(f"{name} = like(z, {tree.value!r})")
            return name
        if tree.operation == "name":
            return self.given[tree.name]
        parts = [self._known[id(part)] for part in tree.parts]
        if tree.operation == "power":
            return self._power(parts[0], tree.parts[1].value)
        if tree.operation == "clip":
            low = self._put(STEPS["maximum"].format(parts[0], parts[1]))
            return self._put(STEPS["minimum"].format(low, parts[2]))
        return self._put(STEPS[tree.operation].format(*parts))

    def _put(self, text: str) -> str:
        name = f"t{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name

    def _power(self, base: str, exponent: float) -> str:
        """Products for whole exponents, a root for halves, else the machine's own power."""
        if not float(exponent).is_integer():
            if exponent == 0.5:
                return self._put(STEPS["sqrt"].format(base))
            number = f"n{len(self.numbers)}"
            self.numbers.append(f"{number} = like(z, {exponent!r})")
            return self._put(f"like(z, {base} ** {number})")
        bits, square, found = abs(int(exponent)), base, ""
        while bits:
            if bits & 1:
                found = self._put(f"{found} * {square}") if found else square
            bits >>= 1
            square = self._put(f"{square} * {square}") if bits else square
        return found if exponent > 0 else self._put(f"like(z, 1) / {found}")

    def block(self, spaces: int, *more: str) -> str:
        """The lines, and more after them, as they stand in a loop."""
        return indent("\n".join((*self.lines, *more)), " " * spaces)

    def start(self) -> str:
        """The numbers, as they stand before a loop."""
        return indent("\n".join(self.numbers), "    ")


def _constants(names: Sequence[str]) -> dict[str, str]:
    return {name: f"k{place}" for place, name in enumerate(names)}


def _arguments(constants: Mapping[str, str]) -> str:
    return "".join(f", {name}" for name in constants.values())


def activation_text(tree: Tree, name: str, constants: Sequence[str]) -> str:
    """``(x, y, *constants)``; ``y`` may be ``x``."""
    return _function_text(tree, name, constants, "x, y", "apply", "x, y")


def slope_text(slope: Tree, name: str, constants: Sequence[str]) -> str:
    """``(x, dy, dx, *constants)``; ``dx`` may be ``dy``."""
    return _function_text(slope, name, constants, "x, dy, dx", "apply_chain", "x, dy, dx")


def _function_text(tree: Tree, name: str, constants: Sequence[str], takes: str, loop: str, arrays: str) -> str:
    given = _constants(constants)
    steps = Steps({name: "v0", **given})
    (result,) = steps.write(tree)
    extra = _arguments(given)
    handed = f"({', '.join(given.values())},)" if given else "()"
    return f"""
@scalar
def of_number(v0{extra}):
    z = like(v0, 0)
{steps.start()}
{steps.block(4, f"return {result}")}

@kernel
def NAME({takes}{extra}):
    {loop}(of_number, {arrays}, {handed})
"""


def loss_text(tree: Tree, slope: Tree, constants: Sequence[str], mean: bool) -> str:
    """``(target, prediction, weight, scale, value, gradient, *constants)`` of y_true and y_pred."""
    given = _constants(constants)
    steps = Steps({"y_true": "v0", "y_pred": "v1", **given})
    value, rise = steps.write(tree, slope)
    share = "like(z, 1 / prediction.shape[1])" if mean else "like(z, 1)"
    return f"""
@kernel
def NAME(target, prediction, weight, scale, value, gradient{_arguments(given)}):
    z = like(prediction[0, 0], 0)
    share = {share}
{steps.start()}
    for i in range(prediction.shape[0]):
        factor = row_factor(weight, scale, i, z) * share
        total = z
        for j in range(prediction.shape[1]):
            v0 = like(z, target[i, j])
            v1 = prediction[i, j]
{steps.block(12, f"total += {value}", f"gradient[i, j] = factor * {rise}")}
        value[i] = total * share
"""


def metric_text(tree: Tree, constants: Sequence[str], mean: bool) -> str:
    """``(target, prediction, weight, sums, *constants)`` of y_true and y_pred."""
    given = _constants(constants)
    steps = Steps({"y_true": "v0", "y_pred": "v1", **given})
    (value,) = steps.write(tree)
    share = "1.0 / prediction.shape[1]" if mean else "1.0"
    return f"""
@kernel
def NAME(target, prediction, weight, sums{_arguments(given)}):
    z = like(prediction[0, 0], 0)
    share = {share}
    gathered = 0.0
    counted = 0.0
{steps.start()}
    for i in range(prediction.shape[0]):
        total = z
        for j in range(prediction.shape[1]):
            v0 = like(z, target[i, j])
            v1 = prediction[i, j]
{steps.block(12, f"total += {value}")}
        gathered += float(weight[i]) * float(total) * share
        counted += float(weight[i])
    sums[0] = gathered
    sums[1] = counted
"""


def penalty_text(tree: Tree, slope: Tree, constants: Sequence[str]) -> str:
    """``(weight, gradient, penalty, *constants)`` of w, over flat arrays."""
    given = _constants(constants)
    steps = Steps({"w": "v0", **given})
    value, rise = steps.write(tree, slope)
    return f"""
@kernel
def NAME(weight, gradient, penalty{_arguments(given)}):
    z = like(weight[0], 0)
    total = 0.0
{steps.start()}
    for i in range(weight.size):
        v0 = weight[i]
{steps.block(8, f"total += float({value})", f"gradient[i] += {rise}")}
    penalty[0] = total
"""


@dataclass(frozen=True)
class Parameter:
    """A trained parameter as loops see it: its name, and ``scalar``, ``channel`` or ``input``."""

    name: str
    shape: str


#: How a parameter's array is read in the loop over (i, k, j): rows, places, channels.
PLACES: Mapping[str, str] = {"scalar": "[0, 0]", "channel": "[0, j]", "input": "[k, j]"}


@dataclass(frozen=True)
class Signature:
    """What a layer's loops take: inputs, trained parameters and constants, in order."""

    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    constants: tuple[str, ...]

    def steps(self) -> Steps:
        """Names for everything."""
        given = {name: f"v{place}" for place, name in enumerate(self.inputs)}
        given |= {parameter.name: f"p{place}" for place, parameter in enumerate(self.parameters)}
        return Steps(given | _constants(self.constants))

    def arrays(self, mark: str) -> str:
        """The arrays of inputs and parameters, or of their gradients with another mark."""
        names = [f"{mark}v{place}" for place in range(len(self.inputs))]
        names += [f"{mark}p{place}" for place in range(len(self.parameters))]
        return ", ".join(names)

    def reading(self, spaces: int, inside: bool) -> str:
        """The lines that read one number of each array, within the loop or before it."""
        lines = []
        if inside:
            lines = [f"v{place} = av{place}[i, k, j]" for place in range(len(self.inputs))]
        for place, parameter in enumerate(self.parameters):
            if inside != (parameter.shape == "scalar"):
                lines.append(f"p{place} = ap{place}{PLACES[parameter.shape]}")
        return indent("\n".join(lines), " " * spaces)

    def extra(self) -> str:
        """The constants, as further arguments."""
        return _arguments(_constants(self.constants))


def layer_text(tree: Tree, signature: Signature) -> str:
    """``(*inputs, *parameters, y, *constants)``; inputs are (rows, places, channels), parameters two axes."""
    steps = signature.steps()
    (value,) = steps.write(tree)
    return f"""
@kernel
def NAME({signature.arrays("a")}, y{signature.extra()}):
    z = like(y[0, 0, 0], 0)
{steps.start()}
{signature.reading(4, False)}
    for i in range(y.shape[0]):
        for k in range(y.shape[1]):
            for j in range(y.shape[2]):
{signature.reading(16, True)}
{steps.block(16, f"y[i, k, j] = {value}")}
"""


def layer_back_text(slopes: Sequence[Tree], signature: Signature) -> str:
    """``(*inputs, *parameters, dy, *dinputs, *dparameters, *constants)``; slopes follow that order too."""
    steps = signature.steps()
    rises = steps.write(*slopes)
    count = len(signature.inputs)
    ends = [f"dv{place}[i, k, j] = d * {rise}" for place, rise in enumerate(rises[:count])]
    before, after = [], []
    for place, (parameter, rise) in enumerate(zip(signature.parameters, rises[count:], strict=True)):
        if parameter.shape == "scalar":
            before.append(f"g{place} = 0.0")
            ends.append(f"g{place} += float(d * {rise})")
            after.append(f"dp{place}[0, 0] = like(z, g{place})")
        else:
            before.append(f"dp{place}[:, :] = z")
            ends.append(f"dp{place}{PLACES[parameter.shape]} += d * {rise}")
    return f"""
@kernel
def NAME({signature.arrays("a")}, dy, {signature.arrays("d")}{signature.extra()}):
    z = like(dy[0, 0, 0], 0)
{steps.start()}
{signature.reading(4, False)}
{indent(chr(10).join(before), "    ")}
    for i in range(dy.shape[0]):
        for k in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                d = dy[i, k, j]
{signature.reading(16, True)}
{steps.block(16, *ends)}
{indent(chr(10).join(after), "    ")}
"""


#: What makes the text of a kernel.
Writer = Callable[..., str]
