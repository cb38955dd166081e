"""ExponentialDecay: the learning rate falls by the same factor again and again."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Flag, Number


@component
class ExponentialDecay(Schedule):
    """lr = initial_learning_rate · decay_rate^(step / decay_steps).

    With ``staircase`` the exponent is rounded down.

    Source: Keras 3, ``keras.optimizers.schedules.ExponentialDecay``.
    """

    title: ClassVar[str] = "Exponential decay"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01, "decay_steps": 1000.0, "decay_rate": 0.9}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    decay_steps: Annotated[float, Number(0, open_low=True)] = setting(
        help="Updates after which it has fallen by the rate once."
    )
    decay_rate: Annotated[float, Number(0)] = setting(help="Factor by which it falls every so many updates.")
    staircase: Annotated[bool, Flag()] = setting(False, "Fall in steps instead of evenly.", advanced=True)

    def at(self, step: int, epoch: int) -> float:
        p = step / self.decay_steps
        p = floor(p) if self.staircase else p
        return float(self.initial_learning_rate * self.decay_rate**p)
