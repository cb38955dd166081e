"""Expression: an activation that people write themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from engine.catalogue.activations.base import Activation
from engine.component import component, setting
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, FormulaText, NamedNumbers, Pairs, formula_of, values_of


@component
class Expression(Activation):
    """f(x) = a formula of your own, such as maximum(relu(x), sigmoid(x) - 0.5).

    Where it bends, one slope is chosen: 0 at 0 for relu and abs, that of the first part where both parts of maximum
    or minimum are equal, 1 at both ends of clip. Parameters that are trained belong to the layer Expression.

    Source: ours; Keras takes a Python function in its place.
    """

    aliases: ClassVar[tuple[str, ...]] = ("expression",)
    keeps: ClassVar[str] = "x"

    expression: Annotated[str, FormulaText(("x",))] = setting(
        "maximum(relu(x), sigmoid(x) - 0.5)", "The formula of x that is applied to every number."
    )
    numbers: Annotated[Pairs, NamedNumbers()] = setting((), NUMBERS_HELP, advanced=True)

    def __post_init__(self) -> None:
        formula_of(self, ("x",))

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, ("x",))

    def constants(self) -> tuple[float, ...]:
        return values_of(self)

    def forward(self) -> Callable[..., None]:
        return self.formula.activation

    def backward(self) -> Callable[..., None]:
        return self.formula.activation_back

    def value(self, x: Any) -> Any:
        return self.formula.value({"x": x, **dict(self.numbers)})
