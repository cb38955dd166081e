"""EpochDecay: the learning rate falls by a factor every few epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Number, Whole


@component
class EpochDecay(Schedule):
    """lr = initial_learning_rate · decay_rate^n, where n is the number of whole decay_epochs that are over.

    Source: the usual step decay, written for Keras as ``LearningRateScheduler(lambda epoch: ...)``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("torch.optim.lr_scheduler.StepLR",)
    differences: ClassVar[str] = "Keras writes it as LearningRateScheduler(lambda epoch: ...)."
    title: ClassVar[str] = "Decay by epochs"
    starts: ClassVar[Mapping[str, Any]] = {"initial_learning_rate": 0.01}

    initial_learning_rate: Annotated[float, Number(0)] = setting(help="Learning rate of the first update.")
    decay_rate: Annotated[float, Number(0)] = setting(0.9, "Factor by which it falls.")
    decay_epochs: Annotated[int, Whole(1)] = setting(1, "Epochs between two falls.")

    def at(self, step: int, epoch: int) -> float:
        return float(self.initial_learning_rate * self.decay_rate ** (epoch // self.decay_epochs))
