"""What every callback declares, and what it may do to a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar, Protocol

from engine.component import Component
from engine.constraints import Constraint, _whole

#: Figures of an epoch or batch by name; a callback may add some.
Logs = dict[str, float]
#: What a callback remembers: numbers, texts and ``None`` by name, so that it can be written to a file.
Memory = dict[str, Any]


class Run(Protocol):
    """A run as one callback sees it."""

    @property
    def epochs(self) -> int:
        """Epochs done in total at the end."""

    @property
    def step(self) -> int:
        """Updates so far."""

    @property
    def rate(self) -> float:
        """The learning rate of the next update; it may be set where the optimizer has a plain number."""

    @rate.setter
    def rate(self, value: float) -> None: ...

    def stop(self) -> None:
        """End the run after what is under way."""

    def tell(self, text: str) -> None:
        """Say something to whoever watches."""

    def warn(self, text: str) -> None:
        """Say that something was not possible; the run goes on. The same words are said once."""

    def keep(self) -> None:
        """Remember all weights as they are now, in place of those remembered before."""

    @property
    def keeps(self) -> bool:
        """Whether weights are remembered."""

    def restore(self) -> None:
        """Bring the remembered weights back."""

    def save(self, name: str, weights_only: bool) -> bool:
        """Write the model to a file; whether that was possible."""

    def read(self, name: str) -> bytes:
        """The content of a file; nothing where there is none."""

    def write(self, name: str, content: bytes) -> bool:
        """Write a file as a whole; whether that was possible."""

    def append(self, name: str, content: bytes) -> bool:
        """Write at the end of a file; whether that was possible."""


class Callback(Component):
    """Something that happens beside the updates: a value that holds parameters only.

    What it must remember between two moments lies in its memory, which is part of the run's state.

    Class attributes:
        starts: values to begin with in the window, for parameters that have no default.
        ends_on_fault: whether a loss that is not finite ends the run without an error.
    """

    kind: ClassVar[str] = "callback"
    category: ClassVar[str] = "Callbacks"
    icon: ClassVar[str] = "mdi6.bell-outline"
    starts: ClassVar[Mapping[str, Any]] = {}
    ends_on_fault: ClassVar[bool] = False

    @property
    def every_batch(self) -> bool:
        """Whether ``end_batch`` does anything; calling it costs time at every update."""
        return False

    @property
    def sets_rate(self) -> bool:
        """Whether it sets the learning rate, which must be a plain number then."""
        return False

    def file_names(self) -> tuple[str, ...]:
        """Names, or patterns of names, of the files that it writes."""
        return ()

    def start(self) -> Memory:
        """What it remembers when a training begins."""
        return {}

    def begin(self, run: Run, memory: Memory) -> None:
        """A training begins; not called when one goes on."""

    def begin_epoch(self, run: Run, memory: Memory, epoch: int) -> None:
        """An epoch begins (0 is the first)."""

    def end_batch(self, run: Run, memory: Memory, epoch: int, batch: int, logs: Logs) -> None:
        """An update was made; ``logs`` has the means of the epoch so far."""

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        """An epoch is over; ``logs`` has loss, metrics and their ``val_`` twins."""

    def end(self, run: Run, memory: Memory) -> None:
        """The training is over; not called when it is merely interrupted."""


@dataclass(frozen=True)
class Often(Constraint):
    """How often something happens: a word, or a number of updates."""

    words: tuple[str, ...] = ("epoch",)
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"{' or '.join(repr(word) for word in self.words)}, or a whole number of updates from 1 upwards"

    def check(self, value: Any) -> str | int:
        if isinstance(value, str):
            if value in self.words:
                return value
            raise self.refuse(value)
        try:
            number = _whole(value)
        except ValueError:
            raise self.refuse(value) from None
        if not 1 <= number < 2**31:
            raise self.refuse(value)
        return number

    def bad_values(self) -> tuple[Any, ...]:
        return ("sometimes", 0, -1, 1.5, True, 2**31)


def upwards(monitor: str) -> bool:
    """Whether a figure of that name is better when it is larger."""
    name = monitor.removeprefix("val_")
    return any(word in name for word in BETTER_WHEN_LARGER) or name == "acc" or name.endswith("_acc")


#: Words in the names of figures that are to grow; all others are to fall.
BETTER_WHEN_LARGER = (
    "accuracy", "auc", "precision", "recall", "f1_score", "fbeta_score", "f_beta_score", "r2_score",
    "cosine_similarity",
)  # fmt: skip


def improved(value: float, best: float | None, mode: str, monitor: str, min_delta: float = 0.0) -> bool:
    """Whether a figure beats another by more than ``min_delta``; any beats ``None``, what is not finite beats none."""
    if not isfinite(value):
        return False
    if best is None:
        return True
    grows = mode == "max" or (mode == "auto" and upwards(monitor))
    return value - abs(min_delta) > best if grows else value + abs(min_delta) < best
