"""OneCycle: up to a high learning rate and down to almost nothing, once."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Number, Whole


@component
class OneCycle(Schedule):
    """lr rises from max / division to max, then falls to max / (division · final_division), both along half a wave.

    The rise ends at update a = warmup_share · total_steps - 1, the fall at b = total_steps - 1; from p to q within
    a part t of the way: lr = q + (p - q) · (1 + cos(pi · t)) / 2. After b the rate stays.

    Source: Smith and Topin 2018, "Super-convergence"; PyTorch, ``torch.optim.lr_scheduler.OneCycleLR``. Keras has none.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("torch.optim.lr_scheduler.OneCycleLR",)
    differences: ClassVar[str] = "Keras has none."
    title: ClassVar[str] = "One cycle"
    starts: ClassVar[Mapping[str, Any]] = {"max_learning_rate": 0.01, "total_steps": 1000}

    max_learning_rate: Annotated[float, Number(0)] = setting(help="The highest learning rate, between rise and fall.")
    total_steps: Annotated[int, Whole(2)] = setting(help="Updates of the whole cycle: those of the whole training.")
    warmup_share: Annotated[float, Number(0, 1)] = setting(0.3, "Share of the cycle that is the rise.")
    division: Annotated[float, Number(0, open_low=True)] = setting(
        25.0, "How many times smaller than the highest the first learning rate is.", advanced=True
    )
    final_division: Annotated[float, Number(0, open_low=True)] = setting(
        10000.0, "How many times smaller than the first the last learning rate is.", advanced=True
    )

    def at(self, step: int, epoch: int) -> float:
        first, last = self.max_learning_rate / self.division, self.total_steps - 1
        turn = self.warmup_share * self.total_steps - 1
        if step <= turn:
            return _wave(first, self.max_learning_rate, step / turn if turn else 1.0)
        turn = max(turn, 0.0)
        part = min((step - turn) / (last - turn), 1.0) if last > turn else 1.0
        return _wave(self.max_learning_rate, first / self.final_division, part)


def _wave(start: float, end: float, part: float) -> float:
    """From start to end along half a wave."""
    return float(end + (start - end) * (1 + cos(pi * part)) / 2)
