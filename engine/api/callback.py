"""Hooks into ``fit``, ``evaluate`` and ``predict`` with Keras's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.api.model import Model

#: Figures by name; a callback may add some for those behind it in the list.
Logs = dict[str, Any]


class Callback:
    """Base of callbacks: override the hooks you need.

    Attributes:
        model: the model; set ``model.stop_training = True`` to end after the batch.
        params: ``epochs``, ``steps`` and ``verbose`` of the call.
    """

    model: Model | None = None
    params: dict[str, Any] = {}  # noqa: RUF012 (a default that is only ever replaced)

    def set_model(self, model: Model) -> None:
        """Called once before anything else."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Called once before anything else."""
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Training begins."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Training is over; ``logs`` are those of the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch begins (0 is the first)."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """An epoch is over; ``logs`` has loss, metrics and their ``val_`` twins."""

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Older name of ``on_train_batch_begin``."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Older name of ``on_train_batch_end``."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch begins (0 is the first of the epoch)."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch is over; ``logs`` has the means of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Judging begins, in ``evaluate`` or after an epoch of ``fit``."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Judging is over."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch is about to be judged."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch was judged."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Answering begins."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Answering is over."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """A batch is about to be answered."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A batch was answered; ``logs["outputs"]`` are the answers."""


class History(Callback):
    """What ``fit`` returns.

    Attributes:
        epoch: numbers of the epochs.
        history: list of figures per name: ``loss``, ``accuracy``, ``val_loss`` ...
    """

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch, self.history = [], {}

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Hooks given as functions, as in Keras: ``LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs))``.

    Args:
        on_epoch_begin, on_epoch_end: functions of (epoch, logs).
        on_train_begin, on_train_end: functions of (logs).
        on_train_batch_begin, on_train_batch_end: functions of (batch, logs).
        **kwargs: any other hook by its name.

    Raises:
        UsageError: there is no hook of that name, or it is no function.
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_train_begin": on_train_begin,
            "on_train_end": on_train_end, "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        } | kwargs  # fmt: skip
        for name, function in given.items():
            if name not in HOOKS:
                raise UsageError(f"LambdaCallback: there is no hook '{name}'; there are {', '.join(HOOKS)}.")
            if function is not None and not callable(function):
                raise UsageError(f"LambdaCallback: {name} must be a function; received {function!r}.")
            if function is not None:
                setattr(self, name, function)


#: Every hook by name.
HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))


def does(callback: Callback, *hooks: str) -> bool:
    """Whether a callback has one of these hooks of its own."""
    return any(getattr(getattr(callback, hook), "__func__", None) is not getattr(Callback, hook) for hook in hooks)
