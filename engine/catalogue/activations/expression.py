"""Expression: an activation that people write themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from engine.catalogue.activations.base import Activation
from engine.component import Component, component, setting
from engine.errors import ParameterError
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, FormulaText, NamedNumbers, Pairs, formula_of, values_of
from engine.expression.tracing import text_of


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

    @classmethod
    def adopt(cls, value: Any) -> Expression | None:
        """The formula of a Python function of x, or of a layer Expression without trained parameters.

        Raises:
            ParameterError: the function does what no formula can say.
        """
        if isinstance(value, Component) and value.key == cls.key and getattr(value, "names", None) == ("x",):
            if value.trained:  # type: ignore[attr-defined]
                raise ParameterError(
                    cls.key, "trained", "parameters that are trained belong to a layer; add Expression as a layer"
                )
            return cls(value.expression, value.numbers)  # type: ignore[attr-defined]
        found = text_of(value, ("x",), ("",), "an activation keeps the shape of x")
        return cls(found.text) if found is not None else None

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
