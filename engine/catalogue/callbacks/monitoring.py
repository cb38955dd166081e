"""What the callbacks that watch one figure share."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.callbacks.base import Callback, Logs, Run, improved
from engine.component import setting
from engine.constraints import Choice, Text, Whole

MODE = Choice(
    (
        ("auto", "Decide by the name: accuracy and its like are to grow, loss and everything else are to fall."),
        ("min", "Smaller is better."),
        ("max", "Larger is better."),
    )
)
Monitor = Annotated[str, Text(100)]
Mode = Annotated[str, MODE]
Loudness = Annotated[int, Whole(0, 1)]


def monitor() -> Any:
    """The parameter ``monitor``."""
    return setting(
        "val_loss", "The figure that is watched: loss, a metric's name, or either with val_ before it for validation."
    )


def mode() -> Any:
    """The parameter ``mode``."""
    return setting("auto", "Whether the figure is to grow or to fall.", advanced=True)


def verbose() -> Any:
    """The parameter ``verbose``."""
    return setting(0, "1 prints a line in scripts whenever something happens.", advanced=True)


class Monitoring(Callback):
    """Watches one figure."""

    kind: ClassVar[str] = "callback"
    monitor: str = "val_loss"
    mode: str = "auto"

    def figure(self, run: Run, logs: Logs) -> float | None:
        """The figure that is watched, or ``None`` with a word about it."""
        value = logs.get(self.monitor)
        if value is None:
            run.warn(
                f"{self.key} waits for '{self.monitor}', which there is not; known are {', '.join(logs)}."
                + (" Give validation data." if self.monitor.startswith("val_") else "")
            )
        return None if value is None else float(value)

    def is_better(self, value: float, best: float | None, min_delta: float = 0.0) -> bool:
        """Whether a value of the figure beats another."""
        return improved(value, best, self.mode, self.monitor, min_delta)
