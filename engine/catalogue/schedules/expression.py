"""Expression: a learning rate that people write as a formula of step and epoch."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.expression.formula import Formula
from engine.expression.rules import NUMBERS_HELP, FormulaText, NamedNumbers, Pairs, formula_of


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

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, ("step", "epoch"))

    def at(self, step: int, epoch: int) -> float:
        rate = float(self.formula.value({"step": float(step), "epoch": float(epoch), **dict(self.numbers)}))
        return 0.0 if rate < 0 else rate
