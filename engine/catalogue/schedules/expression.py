"""Expression: a learning rate that people write as a formula of step and epoch."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, FormulaText, NamedNumbers, Pairs, formula_of
from engine.expression.tracing import text_of


@component
class Expression(Schedule):
    """lr = a formula of step and epoch; below 0 it counts as 0.

    Source: ours; Keras takes a Python function of the epoch in LearningRateScheduler.
    """

    aliases: ClassVar[tuple[str, ...]] = ("expression",)

    expression: Annotated[str, FormulaText(("step", "epoch"))] = setting(
        "0.01 / (1 + 0.001*step)", "The learning rate after so many updates (step) and whole epochs (epoch)."
    )
    numbers: Annotated[Pairs, NamedNumbers()] = setting((), NUMBERS_HELP, advanced=True)

    def __post_init__(self) -> None:
        formula_of(self, ("step", "epoch"))

    @classmethod
    def adopt(cls, value: Any) -> Expression | None:
        """The formula of a Python function of step, of epoch, or of step and epoch, which its arguments are called.

        Raises:
            ParameterError: it does what no formula can say.
        """
        if isinstance(value, type) or not callable(value):
            return None
        given = list(inspect.signature(value).parameters)
        names = ("epoch",) if given == ["epoch"] else ("step", "epoch")[: len(given)]
        found = text_of(value, names, ("",), "a learning rate is one number")
        return cls(found.text) if found is not None else None

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, ("step", "epoch"))

    def at(self, step: int, epoch: int) -> float:
        rate = float(self.formula.value({"step": float(step), "epoch": float(epoch), **dict(self.numbers)}))
        return 0.0 if rate < 0 else rate
