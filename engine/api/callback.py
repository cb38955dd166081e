"""Hooks into ``fit`` with Keras's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.api.model import Model

Logs = Mapping[str, float]


class Callback:
    """Base of callbacks: override the hooks you need.

    Attributes:
        model: the model being trained; set ``model.stop_training = True`` to end after the batch.
        params: ``epochs``, ``steps`` and ``verbose`` of the call.
    """

    def __init__(self) -> None:
        self.model: Model | None = None
        self.params: dict[str, Any] = {}

    def set_model(self, model: Model) -> None:
        """Called once before training."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Called once before training."""
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Training begins."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Training is over."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch begins (0 is the first)."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch is over; ``logs`` has loss, metrics and their ``val_`` twins."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch begins (0 is the first of the epoch)."""

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch is over; ``logs`` has the means of the epoch so far."""


class History(Callback):
    """What ``fit`` returns.

    Attributes:
        epoch: numbers of the epochs.
        history: list of figures per name: ``loss``, ``accuracy``, ``val_loss`` ...
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
