"""EarlyStopping: ends the training when it stops getting better."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.callbacks.base import Logs, Memory, Run
from engine.catalogue.callbacks.monitoring import Loudness, Mode, Monitor, Monitoring, mode, monitor, verbose
from engine.component import component, setting
from engine.constraints import Flag, Number, Whole


@component
class EarlyStopping(Monitoring):
    """Stops when the figure has not improved by more than min_delta for ``patience`` epochs.

    Source: Prechelt 1998, "Early stopping - but when?"; semantics of Keras 3, ``keras.callbacks.EarlyStopping``.
    """

    title: ClassVar[str] = "Early stopping"
    icon: ClassVar[str] = "mdi6.stop-circle-outline"

    monitor: Monitor = monitor()
    min_delta: Annotated[float, Number(0)] = setting(0.0, "Smallest change that counts as getting better.")
    patience: Annotated[int, Whole(0, 1_000_000)] = setting(
        0, "Epochs without getting better that are tolerated. 3 to 10 are usual: curves are not smooth."
    )
    verbose: Loudness = verbose()
    mode: Mode = mode()
    baseline: Annotated[float | None, Number(none="no baseline")] = setting(
        None, "Stop as well unless this value is beaten.", advanced=True
    )
    restore_best_weights: Annotated[bool, Flag()] = setting(
        False, "At the end, bring back the weights of the best epoch instead of keeping the last ones."
    )
    start_from_epoch: Annotated[int, Whole(0, 1_000_000)] = setting(
        0, "Epochs at the beginning that are not watched.", advanced=True
    )

    def start(self) -> Memory:
        return {"wait": 0, "best": None, "best_epoch": 0, "stopped_epoch": 0}

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        current = self.figure(run, logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and not run.keeps:
            run.keep()
            memory["best_epoch"] = epoch
        memory["wait"] += 1
        if self.is_better(current, memory["best"], self.min_delta):
            memory["best"], memory["best_epoch"] = current, epoch
            if self.restore_best_weights:
                run.keep()
            if self.baseline is None or self.is_better(current, self.baseline, self.min_delta):
                memory["wait"] = 0
        elif memory["wait"] >= self.patience and epoch > 0:
            memory["stopped_epoch"] = epoch
            run.stop()

    def end(self, run: Run, memory: Memory) -> None:
        if memory["stopped_epoch"] > 0:
            run.tell(f"Epoch {memory['stopped_epoch'] + 1}: early stopping, {self.monitor} no longer gets better.")
        if self.restore_best_weights and run.keeps:
            run.tell(f"The weights of the best epoch ({memory['best_epoch'] + 1}) are brought back.")
            run.restore()
