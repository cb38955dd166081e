"""PolynomialDecay: along a line or a power of it down to an end."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Flag, Number


@component
class PolynomialDecay(Schedule):
    """lr = (initial_learning_rate - end) · (1 - min(step, decay_steps) / decay_steps)^power + end.

    With ``cycle`` decay_steps grows to the next multiple that is not below step, so the rate jumps up and falls again.

    Source: Keras 3, ``keras.optimizers.schedules.PolynomialDecay``.
    """

    title: ClassVar[str] = "Polynomial decay"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01, "decay_steps": 1000.0}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    decay_steps: Annotated[float, Number(0, open_low=True)] = setting(help="Updates until the end is reached.")
    end_learning_rate: Annotated[float, Number(0)] = setting(0.0001, "Learning rate at the end and from then on.")
    power: Annotated[float, Number(0)] = setting(1.0, "1 falls along a line, 2 fast at first.", advanced=True)
    cycle: Annotated[bool, Flag()] = setting(False, "Begin again whenever the end is reached.", advanced=True)

    def at(self, step: int, epoch: int) -> float:
        total = self.decay_steps
        if self.cycle:
            total *= ceil(step / total) if step else 1
        left = 1 - min(step, total) / total
        return float((self.initial_learning_rate - self.end_learning_rate) * left**self.power + self.end_learning_rate)
