"""Calls callbacks at Keras's moments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.api.callback import Callback, Logs, does

if TYPE_CHECKING:
    from engine.api.model import Model


class Hooks:
    """The callbacks of one call of ``fit``, ``evaluate`` or ``predict``.

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
        self._of_batches = {
            hook: [c for c in callbacks if does(c, hook, hook.replace("train_", ""))] for hook in BATCH_HOOKS
        }
        for callback in callbacks:
            callback.set_params(params)
            callback.set_model(model)

    def call(self, hook: str, logs: Logs | None = None) -> None:
        """A hook without a number, such as ``on_train_begin``."""
        for callback in self.callbacks:
            getattr(callback, hook)(logs)

    def begin_epoch(self, epoch: int) -> None:
        """An epoch is about to begin, and with it its first batch."""
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, {})
        self.batch("on_train_batch_begin", 0)

    def end_epoch(self, epoch: int, logs: Logs) -> None:
        """An epoch is over; each callback sees the figures that those before it added."""
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)

    def batch(self, hook: str, batch: int, logs: Logs | None = None) -> None:
        """A hook of a batch, for those who have it."""
        for callback in self._of_batches[hook]:
            getattr(callback, hook)(batch, logs)

    def wants(self, *hooks: str) -> bool:
        """Whether anybody has one of these hooks of a batch."""
        return any(self._of_batches[hook] for hook in hooks)


#: Hooks that are called for every batch.
BATCH_HOOKS = tuple(f"on_{what}_batch_{when}" for what in ("train", "test", "predict") for when in ("begin", "end"))
