"""ReduceLROnPlateau: shortens the steps when the figure stops getting better."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.callbacks.base import Logs, Memory, Run
from engine.catalogue.callbacks.monitoring import Loudness, Mode, Monitor, Monitoring, mode, monitor, verbose
from engine.component import component, setting
from engine.constraints import Number, Whole


@component
class ReduceLROnPlateau(Monitoring):
    """lr = max(factor · lr, min_lr) after ``patience`` epochs without an improvement of more than min_delta.

    Source: semantics of Keras 3, ``keras.callbacks.ReduceLROnPlateau``.
    """

    title: ClassVar[str] = "Smaller steps on a plateau"
    icon: ClassVar[str] = "mdi6.stairs-down"

    monitor: Monitor = monitor()
    factor: Annotated[float, Number(0, 1, open_high=True)] = setting(
        0.1, "What the learning rate is multiplied with; 0.5 halves it."
    )
    patience: Annotated[int, Whole(0, 1_000_000)] = setting(10, "Epochs without getting better before it falls.")
    verbose: Loudness = verbose()
    mode: Mode = mode()
    min_delta: Annotated[float, Number(0)] = setting(
        1e-4, "Smallest change that counts as getting better.", advanced=True
    )
    cooldown: Annotated[int, Whole(0, 1_000_000)] = setting(
        0, "Epochs after a fall during which nothing is counted.", advanced=True
    )
    min_lr: Annotated[float, Number(0)] = setting(0.0, "The learning rate never falls below this.", advanced=True)

    @property
    def sets_rate(self) -> bool:
        return True

    def start(self) -> Memory:
        return {"wait": 0, "best": None, "cooldown_counter": 0}

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        logs["learning_rate"] = run.rate
        current = self.figure(run, logs)
        if current is None:
            return
        if memory["cooldown_counter"] > 0:
            memory["cooldown_counter"] -= 1
            memory["wait"] = 0
        if self.is_better(current, memory["best"], self.min_delta):
            memory["best"], memory["wait"] = current, 0
        elif memory["cooldown_counter"] <= 0:
            memory["wait"] += 1
            if memory["wait"] >= self.patience and run.rate > self.min_lr:
                run.rate = max(run.rate * self.factor, self.min_lr)
                run.tell(f"Epoch {epoch + 1}: the learning rate falls to {run.rate:g}.")
                memory["cooldown_counter"], memory["wait"] = self.cooldown, 0
