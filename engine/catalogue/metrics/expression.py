"""Expression: a metric that people write themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import Metric
from engine.component import component, setting
from engine.constraints import Choice, Text
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, OVER, FormulaText, NamedNumbers, Pairs, formula_of, values_of
from engine.expression.tracing import text_of


@component
class Expression(Metric):
    """mean over samples of the mean (or sum) over the last axis of a formula of y_true and y_pred.

    Source: ours; Keras takes a Python function in its place.
    """

    aliases: ClassVar[tuple[str, ...]] = ("expression",)
    better: ClassVar[str] = "lower"

    expression: Annotated[str, FormulaText(("y_true", "y_pred"))] = setting(
        "abs(y_true - y_pred)", "The figure of one number, from the target y_true and the prediction y_pred."
    )
    numbers: Annotated[Pairs, NamedNumbers()] = setting((), NUMBERS_HELP, advanced=True)
    over: Annotated[str, Choice(OVER)] = setting("mean", "What becomes of the figures along the last axis.")

    name: Annotated[str | None, Text(40, none="Expression")] = setting(None, "What curves and tables call it.")

    def __post_init__(self) -> None:
        formula_of(self, ("y_true", "y_pred"))

    @classmethod
    def adopt(cls, value: Any) -> Expression | None:
        """The formula of a Python function of y_true and y_pred.

        Raises:
            ParameterError: it does what no formula can say.
        """
        found = text_of(value, ("y_true", "y_pred"), ("", "mean", "sum"), "take the mean, or a sum along axis=-1")
        if found is None:
            return None
        name = getattr(value, "__name__", "")
        return cls(found.text, over=found.over or "mean", name=name if name.isidentifier() else None)

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, ("y_true", "y_pred"))

    def constants(self) -> tuple[float, ...]:
        return values_of(self)

    def kernel(self) -> Callable[..., None]:
        return self.formula.metric(self.over == "mean")

    def value(self, target: Any, prediction: Any) -> float:
        each = self.formula.value({"y_true": target, "y_pred": prediction, **dict(self.numbers)})
        each = np.broadcast_to(each, np.shape(prediction))
        return float(np.mean(each.mean(-1) if self.over == "mean" else each.sum(-1)))
