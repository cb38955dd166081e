"""A formula with its names: read once, evaluated, differentiated and compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from engine.expression import loops
from engine.expression.loops import Parameter, Signature
from engine.expression.numeric import computed
from engine.expression.reader import read
from engine.expression.slope import Slopes
from engine.expression.tree import ExpressionError, Forest, Tree, walk
from engine.expression.writing import to_latex, to_text
from engine.kernels.generated import kernel_from

Kernel = Callable[..., None]
#: Most characters of a kernel: beyond, compiling would take seconds.
MOST_CODE = 20_000
#: Most steps of one kernel that call exp, tanh and their like: each is a polynomial of its own.
MOST_CURVES = 32
CURVES = ("exp(", "expm1(", "log(", "log1p(", "sigmoid(", "tanh(", "erf(", "sin(", "cos(", " ** ")


class Formula:
    """What a text says, given the names it may use.

    Args:
        text: what was written.
        inputs: names of what flows in.
        constants: names of numbers that are handed to kernels.
        trained: names and shapes of trained parameters.

    Raises:
        ExpressionError: it is no formula.
    """

    def __init__(
        self,
        text: str,
        inputs: tuple[str, ...],
        constants: tuple[str, ...] = (),
        trained: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.text, self.inputs, self.constants = text, inputs, constants
        self.parameters = tuple(Parameter(name, shape) for name, shape in trained)
        self.forest = Forest()
        names = (*inputs, *(parameter.name for parameter in self.parameters), *constants)
        self.tree = read(text, names, self.forest)

    # -- looking -----------------------------------------------------------------------------

    def value(self, values: Mapping[str, Any]) -> Any:
        """The value in plain numpy, from numbers or arrays by name."""
        return computed(self.tree, values)

    @cached_property
    def steps(self) -> tuple[Tree, ...]:
        """Everything that is computed for it, in order."""
        return tuple(tree for tree in walk(self.tree) if tree.parts)

    def slope(self, name: str) -> Tree:
        """The derivative with respect to a name.

        Raises:
            ExpressionError: it is too long.
        """
        return Slopes(self.forest).of(self.tree, name)

    def slope_value(self, name: str, values: Mapping[str, Any]) -> Any:
        """The derivative's value in plain numpy."""
        return computed(self.slope(name), values)

    @property
    def latex(self) -> str:
        """The formula as LaTeX."""
        return to_latex(self.tree)

    def slope_text(self, name: str) -> str:
        """The derivative as text."""
        return to_text(self.slope(name))

    # -- kernels -----------------------------------------------------------------------------

    @cached_property
    def activation(self) -> Kernel:
        """``(x, y, *constants)``; ``y`` may be ``x``."""
        return _kernel(loops.activation_text(self.tree, self.inputs[0], self.constants), "formula")

    @cached_property
    def activation_back(self) -> Kernel:
        """``(x, dy, dx, *constants)``; ``dx`` may be ``dy``."""
        name = self.inputs[0]
        return _kernel(loops.slope_text(self.slope(name), name, self.constants), "formula_slope")

    def loss(self, mean: bool) -> Kernel:
        """The loop of a loss of y_true and y_pred."""
        slope = self.slope("y_pred")
        return _kernel(loops.loss_text(self.tree, slope, self.constants, mean), "formula_loss")

    def metric(self, mean: bool) -> Kernel:
        """The loop of a metric of y_true and y_pred."""
        return _kernel(loops.metric_text(self.tree, self.constants, mean), "formula_metric")

    @cached_property
    def penalty(self) -> Kernel:
        """The loop of a penalty on w."""
        return _kernel(loops.penalty_text(self.tree, self.slope("w"), self.constants), "formula_penalty")

    @cached_property
    def layer(self) -> Kernel:
        """The loop of a layer."""
        return _kernel(loops.layer_text(self.tree, self._signature), "formula_layer")

    @cached_property
    def layer_back(self) -> Kernel:
        """The loop of a layer's way back."""
        names = (*self.inputs, *(parameter.name for parameter in self.parameters))
        slopes = [self.slope(name) for name in names]
        return _kernel(loops.layer_back_text(slopes, self._signature), "formula_layer_back")

    @property
    def _signature(self) -> Signature:
        return Signature(self.inputs, self.parameters, self.constants)

    def check(self) -> None:
        """Write the longest loop there is of it, so that what could not be compiled is refused while it is written.

        Raises:
            ExpressionError: it is too long.
        """
        names = (*self.inputs, *(parameter.name for parameter in self.parameters))
        _check(loops.layer_back_text([self.tree, *map(self.slope, names)][1:], self._signature))


def _check(text: str) -> None:
    curves = sum(text.count(word) for word in CURVES)
    if len(text) > MOST_CODE or curves > MOST_CURVES:
        raise ExpressionError(
            "it and its derivative take too many steps to be compiled in reasonable time. Divide it into several layers"
        )


def _kernel(text: str, name: str) -> Kernel:
    _check(text)
    return kernel_from(text, name)


@lru_cache(maxsize=256)
def formula(
    text: str,
    inputs: tuple[str, ...],
    constants: tuple[str, ...] = (),
    trained: tuple[tuple[str, str], ...] = (),
) -> Formula:
    """The formula of a text; the same text gives the same one.

    Raises:
        ExpressionError: it is no formula.
    """
    made = Formula(text, inputs, constants, trained)
    made.check()
    return made
