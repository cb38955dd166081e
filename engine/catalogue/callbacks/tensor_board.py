"""TensorBoard: figures as event files that TensorBoard draws."""

from __future__ import annotations

import time
from typing import Annotated, ClassVar

from engine.catalogue.callbacks.base import Callback, Logs, Memory, Often, Run
from engine.catalogue.callbacks.event_records import opening, scalars
from engine.catalogue.callbacks.file_name import FileName
from engine.component import component, setting


@component
class TensorBoard(Callback):
    """Writes ``epoch_loss``, ``epoch_accuracy`` ... of training and validation into two folders of event files.

    Of Keras's callback it has the curves; graphs, histograms and profiles are left out.
    With ``update_freq`` other than ``'epoch'`` the figures of updates are written too, as ``batch_loss`` ...

    Source: names and folders of Keras 3, ``keras.callbacks.TensorBoard``.
    """

    title: ClassVar[str] = "TensorBoard files"
    icon: ClassVar[str] = "mdi6.chart-line"

    log_dir: Annotated[str, FileName()] = setting(
        "logs", "The folder that TensorBoard is pointed at, beside the project."
    )
    update_freq: Annotated[str | int, Often(("epoch", "batch"))] = setting(
        "epoch", "'epoch', 'batch', or after how many updates figures are written besides.", advanced=True
    )

    @property
    def every_batch(self) -> bool:
        return self.update_freq != "epoch"

    def file_names(self) -> tuple[str, ...]:
        return (self.log_dir,)

    def start(self) -> Memory:
        return {"file": "", "validating": 0}

    def begin(self, run: Run, memory: Memory) -> None:
        now = time.time()
        memory["file"], memory["validating"] = f"events.out.tfevents.{int(now)}.{time.monotonic_ns()}.layerloom", 0
        run.append(self._place("train", memory), opening(now))

    def end_batch(self, run: Run, memory: Memory, epoch: int, batch: int, logs: Logs) -> None:
        every = 1 if self.update_freq == "batch" else self.update_freq
        if isinstance(every, int) and run.step % every == 0:
            self._write(run, memory, "train", run.step, {f"batch_{name}": value for name, value in logs.items()})

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        own = {"learning_rate": run.rate} | {n: v for n, v in logs.items() if not n.startswith("val_")}
        self._write(run, memory, "train", epoch, {f"epoch_{name}": value for name, value in own.items()})
        judged = {f"epoch_{n.removeprefix('val_')}": v for n, v in logs.items() if n.startswith("val_")}
        if judged:
            if not memory["validating"]:
                memory["validating"] = 1
                run.append(self._place("validation", memory), opening(time.time()))
            self._write(run, memory, "validation", epoch, judged)

    def _place(self, part: str, memory: Memory) -> str:
        return f"{self.log_dir}/{part}/{memory['file']}"

    def _write(self, run: Run, memory: Memory, part: str, step: int, figures: Logs) -> None:
        run.append(self._place(part, memory), scalars(time.time(), step, figures))
