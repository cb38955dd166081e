"""What every learning-rate schedule declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.component import Component


class Schedule(Component):
    """A learning rate that changes while training goes on: a pure function of step and epoch.

    Class attributes:
        starts: values to begin with in the window, for parameters that have no default.
    """

    kind: ClassVar[str] = "schedule"
    category: ClassVar[str] = "Schedules"
    starts: ClassVar[Mapping[str, Any]] = {}
    unread: ClassVar[Mapping[str, tuple[Any, ...] | None]] = {"name": None}

    def at(self, step: int, epoch: int) -> float:
        """The learning rate after so many updates and whole epochs (0 before the first of them)."""
        raise TypeError(f"{type(self).__name__} declares no learning rate")

    def __call__(self, step: int, epoch: int = 0) -> float:
        """As ``at``, in Keras's form."""
        return self.at(step, epoch)
