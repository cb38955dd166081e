"""LinearWarmup: a rise along a line, then level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Number


@component
class LinearWarmup(Schedule):
    """lr = initial_learning_rate + (target_learning_rate - initial_learning_rate) · min(step / warmup_steps, 1).

    Source: Goyal et al. 2017, "Accurate, large minibatch SGD", section 2.2; Keras has no such schedule of its own.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("torch.optim.lr_scheduler.LinearLR",)
    differences: ClassVar[str] = "Keras has no such schedule of its own."
    title: ClassVar[str] = "Linear warm-up"
    starts: ClassVar[Mapping[str, Any]] = {"target_learning_rate": 0.01, "warmup_steps": 500.0}

    target_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate after the rise.")
    warmup_steps: Annotated[float, Number(0, open_low=True)] = setting(help="Updates of the rise.")
    initial_learning_rate: Annotated[float, Number(0)] = setting(0.0, "Learning rate of the first update.")

    def at(self, step: int, epoch: int) -> float:
        start, end = self.initial_learning_rate, self.target_learning_rate
        return float(start + (end - start) * min(step / self.warmup_steps, 1.0))
