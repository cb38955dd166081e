"""The loop as its callbacks see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.train.events import Told
from engine.train.files import Files
from engine.train.state import Arrays, RunState

if TYPE_CHECKING:
    from engine.train.loop import Loop


class LoopGround:
    """Lends a loop to its callbacks.

    Attributes:
        files: where they write.
        halted: whether one of them wants the run to end.
    """

    def __init__(self, loop: Loop, files: Files | None) -> None:
        self._loop, self.files = loop, files
        self.halted = False
        self._news: list[Told] = []

    @property
    def epochs(self) -> int:
        """Epochs done in total at the end."""
        return self._loop.job.epochs

    @property
    def step(self) -> int:
        """Updates so far."""
        return self._loop.step

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        return self._loop.rate_now()

    def set_rate(self, value: float) -> None:
        """Choose it.

        Raises:
            UsageError: it follows a schedule.
        """
        if not self._loop.job.optimizer.has_plain_rate:
            raise UsageError(
                "The learning rate follows a schedule, so no callback can set it. Give the optimizer a number instead."
            )
        self._loop.rate = float(value)

    def stop(self) -> None:
        """End the run after what is under way."""
        self.halted = True

    def tell(self, text: str) -> None:
        """Say something to whoever watches."""
        self._news.append(Told(text))

    def warn(self, text: str) -> None:
        """Say that something was not possible."""
        self._news.append(Told(text, warning=True))

    def take(self) -> list[Told]:
        """What was said since the last call."""
        news, self._news = self._news, []
        return news

    def copied(self) -> Arrays:
        """All weights, copied."""
        return self._loop.parameters.copy()

    def load(self, weights: Arrays) -> None:
        """Bring weights back."""
        self._loop.parameters.load(weights)

    def state(self) -> RunState:
        """A copy of everything needed to go on from here."""
        return self._loop.state()
