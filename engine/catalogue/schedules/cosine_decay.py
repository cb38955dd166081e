"""CosineDecay: down along half a wave, perhaps after a rise."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Number, Whole


@component
class CosineDecay(Schedule):
    """lr = start · ((1 - alpha) · (1 + cos(pi · min(step, decay_steps) / decay_steps)) / 2 + alpha).

    With ``warmup_target`` the rate first rises along a line from initial_learning_rate to the target, within
    warmup_steps; the wave follows and starts at the target.

    Source: Loshchilov and Hutter 2017, "SGDR"; Keras 3, ``keras.optimizers.schedules.CosineDecay``.
    """

    title: ClassVar[str] = "Cosine decay"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01, "decay_steps": 1000.0}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    decay_steps: Annotated[float, Number(0, open_low=True)] = setting(
        help="Updates of the fall, without those of the rise."
    )
    alpha: Annotated[float, Number(0)] = setting(0.0, "Share of the highest learning rate that is left at the end.")
    warmup_target: Annotated[float | None, Number(0, none="no rise")] = setting(
        None, "Rise to this learning rate before falling; large networks start more safely so.", advanced=True
    )
    warmup_steps: Annotated[int, Whole()] = setting(0, "Updates of the rise.", advanced=True)

    def at(self, step: int, epoch: int) -> float:
        start = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return float(start + (self.warmup_target - start) * step / self.warmup_steps)
            start, step = self.warmup_target, step - self.warmup_steps
        wave = (1 + cos(pi * min(step, self.decay_steps) / self.decay_steps)) / 2
        return float(start * ((1 - self.alpha) * wave + self.alpha))
