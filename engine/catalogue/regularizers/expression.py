"""Expression: a penalty on weights that people write themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.regularizers.base import Regularizer
from engine.component import component, setting
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, FormulaText, NamedNumbers, Pairs, formula_of, values_of
from engine.expression.tracing import text_of


@component
class Expression(Regularizer):
    """penalty = sum over all weights of a formula of w.

    Source: ours; Keras takes a Python function in its place.
    """

    aliases: ClassVar[tuple[str, ...]] = ("expression",)

    expression: Annotated[str, FormulaText(("w",))] = setting("0.01*abs(w)", "The penalty of one weight w.")
    numbers: Annotated[Pairs, NamedNumbers()] = setting((), NUMBERS_HELP, advanced=True)

    def __post_init__(self) -> None:
        formula_of(self, ("w",))

    @classmethod
    def adopt(cls, value: Any) -> Expression | None:
        """The formula of a Python function of w that ends in a sum.

        Raises:
            ParameterError: it does what no formula can say.
        """
        found = text_of(value, ("w",), ("sum of all",), "end it with K.sum(...)")
        return cls(found.text) if found is not None else None

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, ("w",))

    def constants(self) -> tuple[float, ...]:
        return values_of(self)

    def kernel(self) -> Callable[..., None]:
        return self.formula.penalty

    def value(self, weight: Any) -> float:
        each = self.formula.value({"w": np.asarray(weight), **dict(self.numbers)})
        return float(np.sum(np.broadcast_to(each, np.shape(weight))))
