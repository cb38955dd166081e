"""Calls callbacks at Keras's moments while a loop runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.api.callback import Callback
from engine.train.events import BatchEnd

if TYPE_CHECKING:
    from engine.api.model import Model


class Hooks:
    """The callbacks of one call of ``fit``.

    The loop is a generator that makes an update whenever it is resumed. What announces an update
    is therefore called after the event before it was handled, and before the loop goes on.

    Args:
        model: the model being trained.
        callbacks: whom to call.
        params: ``epochs``, ``steps`` and ``verbose`` of the call.
    """

    def __init__(self, model: Model, callbacks: Sequence[Callback], params: dict[str, Any]) -> None:
        self.model, self.callbacks, self.params = model, callbacks, params
        # Batch hooks cost time at every update: only those that do something are called.
        self._on_begin = [c for c in callbacks if type(c).on_train_batch_begin is not Callback.on_train_batch_begin]
        self._on_end = [c for c in callbacks if type(c).on_train_batch_end is not Callback.on_train_batch_end]
        for callback in callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def begin(self) -> None:
        """Training begins."""
        for callback in self.callbacks:
            callback.on_train_begin()

    def begin_epoch(self, epoch: int) -> None:
        """An epoch is about to begin, and with it its first batch."""
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch)
        self.begin_batch(0)

    def begin_batch(self, batch: int) -> None:
        """An update is about to be made."""
        for callback in self._on_begin:
            callback.on_train_batch_begin(batch)

    def end_batch(self, event: BatchEnd, logs: dict[str, float]) -> None:
        """An update was made."""
        for callback in self._on_end:
            callback.on_train_batch_end(event.batch - 1, logs)

    def end_epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """An epoch is over."""
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, dict(logs))

    def end(self) -> None:
        """Training is over."""
        for callback in self.callbacks:
            callback.on_train_end()
