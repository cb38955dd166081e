"""CosineDecayRestarts: half waves that begin anew, each longer than the last."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, floor, log, pi
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Number


@component
class CosineDecayRestarts(Schedule):
    """lr = initial_learning_rate · ((1 - alpha) · m_mul^i · (1 + cos(pi · part)) / 2 + alpha), in the part of wave i.

    Wave i takes first_decay_steps · t_mul^i updates.

    Source: Loshchilov and Hutter 2017, "SGDR"; Keras 3, ``keras.optimizers.schedules.CosineDecayRestarts``.
    """

    title: ClassVar[str] = "Cosine decay with restarts"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01, "first_decay_steps": 1000.0}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    first_decay_steps: Annotated[float, Number(0, open_low=True)] = setting(help="Updates of the first wave.")
    t_mul: Annotated[float, Number(1)] = setting(2.0, "How many times longer each wave is than the one before.")
    m_mul: Annotated[float, Number(0)] = setting(1.0, "How many times higher each wave begins than the one before.")
    alpha: Annotated[float, Number(0)] = setting(0.0, "Share of the first learning rate that is never gone below.")

    def at(self, step: int, epoch: int) -> float:
        done = step / self.first_decay_steps
        if self.t_mul == 1:
            wave = floor(done)
            part = done - wave
        else:
            # A hair more, so that rounding does not keep the first step of a wave in the last one.
            wave = floor(log(1 + done * (self.t_mul - 1)) / log(self.t_mul) + 1e-9)
            before = (self.t_mul**wave - 1) / (self.t_mul - 1)
            part = max(0.0, done - before) / self.t_mul**wave
        height = self.m_mul**wave * (1 + cos(pi * part)) / 2
        return float(self.initial_learning_rate * ((1 - self.alpha) * height + self.alpha))
