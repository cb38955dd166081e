"""What a Keras user holds of the declared callbacks: objects with hooks, made from the registry."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from engine.api.callback import Callback, Logs
from engine.api.old_words import today
from engine.api.saving import as_project
from engine.catalogue.callbacks.base import Callback as Declaration
from engine.catalogue.callbacks.learning_rate_scheduler import LearningRateScheduler as DeclaredScheduler
from engine.component import Component
from engine.errors import UsageError
from engine.exchange.run_files import RunFiles
from engine.train.companions import Companion
from engine.train.files import Files
from engine.train.state import Arrays, RunState


class ModelGround:
    """Lends the model of a callback to its declaration."""

    def __init__(self, callback: DeclaredCallback, model: Any) -> None:
        self._callback, self._model = callback, model
        self.files: Files | None = RunFiles(Path(), as_project(self._model))

    @property
    def epochs(self) -> int:
        """Epochs done in total at the end."""
        return int(self._callback.params.get("epochs") or 0)

    @property
    def step(self) -> int:
        """Updates so far."""
        return int(self._model.step)

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        return float(self._model.optimizer.learning_rate)

    def set_rate(self, value: float) -> None:
        """Choose it."""
        self._model.optimizer.set_rate(value)

    def stop(self) -> None:
        """End the training."""
        self._model.stop_training = True

    def tell(self, text: str) -> None:
        """Print it, when the callback is to be verbose."""
        if getattr(self._callback.declaration, "verbose", 0):
            print(f"\n{text}")

    def warn(self, text: str) -> None:
        """Warn."""
        warnings.warn(text, stacklevel=2)

    def copied(self) -> Arrays:
        """All weights, copied."""
        return self._model.require()[1].copy()  # type: ignore[no-any-return]

    def load(self, weights: Arrays) -> None:
        """Bring weights back."""
        self._model.require()[1].load(weights)

    def state(self) -> RunState:
        """The model with its weights and optimizer memory."""
        return self._model.state()  # type: ignore[no-any-return]


class DeclaredCallback(Callback):
    """Base of the classes in ``engine.callbacks`` that the registry holds.

    Args:
        *args: the declaration's parameters in Keras's order.
        **kwargs: the declaration's parameters by name.

    Raises:
        ParameterError: a parameter breaks its rule.
    """

    declared_class: ClassVar[type[Declaration]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.declaration: Declaration = self.declared_class(*args, **today(self.declared_class.key, kwargs))
        self._companion: Companion | None = None
        self._epoch = 0

    @property
    def companion(self) -> Companion:
        """What it remembers of the training under way."""
        if self._companion is None:
            if self.model is None:
                raise UsageError(f"{self.declaration.key} belongs to no model yet. Give it to fit(callbacks=[...]).")
            self._companion = Companion(self.declaration, ModelGround(self, self.model))
        return self._companion

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._companion = None
        self.declaration.begin(self.companion, self.companion.memory)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._epoch = epoch
        self.declaration.begin_epoch(self.companion, self.companion.memory, epoch)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self.declaration.every_batch:
            self.declaration.end_batch(self.companion, self.companion.memory, self._epoch, batch, _given(logs))

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.declaration.end_epoch(self.companion, self.companion.memory, epoch, _given(logs))

    def on_train_end(self, logs: Logs | None = None) -> None:
        self.declaration.end(self.companion, self.companion.memory)

    def __getattr__(self, name: str) -> Any:
        # Keras's attributes: parameters (patience), and what it remembers (best, wait, stopped_epoch).
        if not name.startswith("_"):
            if name in getattr(self.declared_class, "__pydantic_fields__", {}):
                return getattr(self.declaration, name)
            memory = self._companion.memory if self._companion is not None else self.declaration.start()
            if name in memory:
                return memory[name]
        raise AttributeError(f"{type(self).__name__} has no attribute '{name}'")


def _given(logs: Logs | None) -> Logs:
    return {} if logs is None else logs


def callback_class(declared: type[Declaration]) -> type[DeclaredCallback]:
    """The class that ``engine.callbacks`` offers for a declaration."""
    members = {"declared_class": declared, "__doc__": declared.__doc__, "__module__": "engine.callbacks"}
    return type(declared.key, (SPECIAL.get(declared.key, DeclaredCallback),), members)


def callback_of(declaration: Declaration) -> DeclaredCallback:
    """An object with hooks for a declaration."""
    found = DeclaredCallback.__new__(callback_class(type(declaration)))
    found.declaration, found._companion, found._epoch = declaration, None, 0
    return found


class SchedulerByFunction(DeclaredCallback):
    """LearningRateScheduler, which takes a Python function too."""

    declared_class = DeclaredScheduler

    def __init__(self, schedule: Any, verbose: int = 0) -> None:
        self._function: Callable[..., Any] | None = None
        if callable(schedule) and not isinstance(schedule, Component):
            self._function = schedule
            self._takes_rate = _takes_two(schedule)
            schedule = {"type": "EpochDecay", "initial_learning_rate": 0.0}  # never asked
        super().__init__(schedule, verbose)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        if self._function is None:
            super().on_epoch_begin(epoch, logs)
            return
        rate = self._function(epoch, self.companion.rate) if self._takes_rate else self._function(epoch)
        self.companion.rate = rate
        self.companion.tell(f"Epoch {epoch + 1}: the learning rate is {float(rate):g}.")


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function takes epoch and learning rate, and not the epoch alone."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except (TypeError, ValueError):
        return False
    return True


#: Declarations whose class in ``engine.callbacks`` can do more.
SPECIAL: dict[str, type[DeclaredCallback]] = {"LearningRateScheduler": SchedulerByFunction}
