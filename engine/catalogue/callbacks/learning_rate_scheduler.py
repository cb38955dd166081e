"""LearningRateScheduler: sets the learning rate at the beginning of every epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from engine.catalogue.callbacks.base import Callback, Logs, Memory, Run
from engine.catalogue.callbacks.monitoring import Loudness, verbose
from engine.component import Component, Slot, component, setting


@component
class LearningRateScheduler(Callback):
    """lr = schedule(step, epoch) at the beginning of each epoch; it stays so until the next one.

    In a script the schedule may also be a Python function of the epoch, or of epoch and learning rate.

    Source: semantics of Keras 3, ``keras.callbacks.LearningRateScheduler``.
    """

    title: ClassVar[str] = "Learning rate by epochs"
    icon: ClassVar[str] = "mdi6.chart-bell-curve"
    starts: ClassVar[Mapping[str, Any]] = {"schedule": {"type": "EpochDecay", "initial_learning_rate": 0.01}}

    schedule: Annotated[Component, Slot("schedule")] = setting(help="The rule that the learning rate follows.")
    verbose: Loudness = verbose()

    @property
    def sets_rate(self) -> bool:
        return True

    def begin_epoch(self, run: Run, memory: Memory, epoch: int) -> None:
        schedule: Any = self.schedule
        run.rate = schedule.at(run.step, epoch)
        run.tell(f"Epoch {epoch + 1}: the learning rate is {run.rate:g}.")

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        logs["learning_rate"] = run.rate
