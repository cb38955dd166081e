"""BackupAndRestore: a training that was torn off goes on where it was when ``fit`` is called again."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from engine.api.callback import Callback, Logs
from engine.catalogue.callbacks.base import Often
from engine.errors import FileError, UsageError
from engine.exchange.model_files import write_file
from engine.io.weights import state_from_bytes, state_to_bytes

NAME = "backup.h5"


class BackupAndRestore(Callback):
    """Writes the whole state of ``fit``, and goes on from it, bit for bit, when it is there at the next call.

    Args:
        backup_dir: the folder of the backup; each training needs one of its own.
        save_freq: ``"epoch"``, or updates between two backups.
        double_checkpoint: accepted for Keras's sake: a backup is replaced in one step anyway.
        delete_checkpoint: whether it goes when training has come to its end.

    Raises:
        UsageError: ``save_freq`` is neither.
    """

    def __init__(
        self,
        backup_dir: str | Path,
        save_freq: str | int = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        try:
            self.save_freq = Often().check(save_freq)
        except ValueError as error:
            raise UsageError(f"BackupAndRestore: save_freq {error}.") from None
        self.place = Path(backup_dir) / NAME
        self.delete_checkpoint = delete_checkpoint

    def on_train_begin(self, logs: Logs | None = None) -> None:
        if not self.place.is_file():
            return
        try:
            state = state_from_bytes(self.place.read_bytes())
        except OSError as error:
            raise FileError(f"The backup in '{self.place.parent}' cannot be read: {error.strerror}.") from None
        model: Any = self.model
        if state.graph != model.graph:
            raise UsageError(f"The backup in '{self.place.parent}' is of another network. Choose another folder.")
        model.loop.restore(state)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        model: Any = self.model
        if isinstance(self.save_freq, int) and model.step % self.save_freq == 0:
            self._write()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.save_freq == "epoch":
            self._write()

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.delete_checkpoint:
            with contextlib.suppress(OSError):
                self.place.unlink(missing_ok=True)

    def _write(self) -> None:
        model: Any = self.model
        write_file(self.place, state_to_bytes(model.loop.state()))
