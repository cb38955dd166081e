"""InverseTimeDecay: fast at first, then slower and slower, never to 0."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Flag, Number


@component
class InverseTimeDecay(Schedule):
    """lr = initial_learning_rate / (1 + decay_rate · step / decay_steps).

    With ``staircase`` step / decay_steps is rounded down. ``decay`` of old Keras optimizers is this with one step.

    Source: Keras 3, ``keras.optimizers.schedules.InverseTimeDecay``.
    """

    title: ClassVar[str] = "Inverse time decay"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01, "decay_steps": 1000.0, "decay_rate": 0.5}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    decay_steps: Annotated[float, Number(0, open_low=True)] = setting(
        help="Updates over which the rate is added to the divisor once."
    )
    decay_rate: Annotated[float, Number(0)] = setting(help="What is added to the divisor every so many updates.")
    staircase: Annotated[bool, Flag()] = setting(False, "Fall in steps instead of evenly.", advanced=True)

    def at(self, step: int, epoch: int) -> float:
        p = step / self.decay_steps
        p = floor(p) if self.staircase else p
        return float(self.initial_learning_rate / (1 + self.decay_rate * p))
