"""ModelCheckpoint: writes the model to a file while it is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from engine.catalogue.callbacks.base import Logs, Memory, Often, Run
from engine.catalogue.callbacks.file_name import FileName, filled
from engine.catalogue.callbacks.monitoring import Loudness, Mode, Monitor, Monitoring, mode, monitor, verbose
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.errors import ParameterError

MODELS = (".keras", ".h5", ".hdf5", ".loom")
WEIGHTS = (".h5", ".hdf5")


@component
class ModelCheckpoint(Monitoring):
    """Writes the model after every epoch (or every so many updates), or only when the figure is the best so far.

    ``{epoch}`` counts from 1, and every figure of the epoch may stand in the name:
    ``weights.{epoch:02d}-{val_loss:.2f}.h5``. ``.keras`` and ``.h5`` are Keras's files, ``.loom`` is a project folder.

    Source: semantics of Keras 3, ``keras.callbacks.ModelCheckpoint``.
    """

    title: ClassVar[str] = "Checkpoints"
    icon: ClassVar[str] = "mdi6.content-save-outline"
    starts: ClassVar[Mapping[str, Any]] = {"filepath": "weights.{epoch:02d}-{val_loss:.2f}.h5"}

    filepath: Annotated[str, FileName(endings=MODELS, places=True)] = setting(
        help="Where it is written, beside the project. {epoch:02d} and {val_loss:.2f} become the figures; without "
        "such places each file replaces the one before."
    )
    monitor: Monitor = monitor()
    verbose: Loudness = verbose()
    save_best_only: Annotated[bool, Flag()] = setting(False, "Write only when the figure is better than ever before.")
    save_weights_only: Annotated[bool, Flag()] = setting(
        False, "Write the weights alone, without the layers they belong to (.h5)."
    )
    mode: Mode = mode()
    save_freq: Annotated[str | int, Often()] = setting(
        "epoch", "'epoch', or after how many updates it is written.", advanced=True
    )
    initial_value_threshold: Annotated[float | None, Number(none="no threshold")] = setting(
        None, "Best only: the value that the first file must beat.", advanced=True
    )

    def __post_init__(self) -> None:
        if self.save_weights_only and not self.filepath.lower().endswith(WEIGHTS):
            raise ParameterError(
                self.key, "filepath", f"filepath must end in .weights.h5 for weights alone; received '{self.filepath}'"
            )

    @property
    def every_batch(self) -> bool:
        return self.save_freq != "epoch"

    def file_names(self) -> tuple[str, ...]:
        return (self.filepath,)

    def start(self) -> Memory:
        return {"best": self.initial_value_threshold, "waiting": 0}

    def end_batch(self, run: Run, memory: Memory, epoch: int, batch: int, logs: Logs) -> None:
        if isinstance(self.save_freq, int):
            memory["waiting"] += 1
            if memory["waiting"] >= self.save_freq:
                memory["waiting"] = 0
                self._save(run, memory, epoch, logs, {"batch": batch + 1} | logs)

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        if self.save_freq == "epoch":
            self._save(run, memory, epoch, logs, logs)

    def _save(self, run: Run, memory: Memory, epoch: int, logs: Logs, places: Mapping[str, float]) -> None:
        try:
            name = filled(self.filepath, {"epoch": epoch + 1} | dict(places))
        except KeyError as error:
            known = ", ".join(("epoch", *places))
            run.warn(f"'{self.filepath}' was not written: there is no figure {error}; known are {known}.")
            return
        except ValueError as error:
            run.warn(f"'{self.filepath}' was not written: {error}.")
            return
        if self.save_best_only:
            current = self.figure(run, logs)
            if current is not None:
                if not self.is_better(current, memory["best"]):
                    return
                memory["best"] = current
        if run.save(name, self.save_weights_only):
            run.tell(f"Epoch {epoch + 1}: '{name}' was written.")
