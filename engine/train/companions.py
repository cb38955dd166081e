"""The callbacks of a run: called at their moments, with what they remember and what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.catalogue.callbacks.base import Callback, Logs, Memory
from engine.errors import LayerloomError, UsageError
from engine.train.files import Files
from engine.train.state import Arrays, Remembered, RunState


class Ground(Protocol):
    """What a run offers its callbacks."""

    files: Files | None

    @property
    def epochs(self) -> int:
        """Epochs done in total at the end."""

    @property
    def step(self) -> int:
        """Updates so far."""

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""

    def set_rate(self, value: float) -> None:
        """Choose it.

        Raises:
            UsageError: it follows a schedule.
        """

    def stop(self) -> None:
        """End the run."""

    def tell(self, text: str) -> None:
        """Say something to whoever watches."""

    def warn(self, text: str) -> None:
        """Say that something was not possible."""

    def copied(self) -> Arrays:
        """All weights, copied."""

    def load(self, weights: Arrays) -> None:
        """Bring weights back."""

    def state(self) -> RunState:
        """A copy of everything needed to go on from here."""


class Companion:
    """One callback of a run; to its declaration it is the run.

    Args:
        declaration: what it does.
        ground: the run it belongs to.
        before: what it remembers of that run.

    Attributes:
        memory: what it remembers.
    """

    def __init__(self, declaration: Callback, ground: Ground, before: Remembered | None = None) -> None:
        self.declaration, self.ground = declaration, ground
        self.memory: Memory = declaration.start()
        self._kept: Arrays | None = None
        self._warned: set[str] = set()
        self._stopped = False
        if before is not None:
            self._recall(before)

    def _recall(self, before: Remembered) -> None:
        for name, first in self.memory.items():
            value = before.memory.get(name, first)
            if isinstance(value, str) == isinstance(first, str) or first is None:
                self.memory[name] = value
        self._kept = before.kept

    def remembered(self) -> Remembered:
        """What must survive until the run goes on."""
        monitor = str(getattr(self.declaration, "monitor", ""))
        return Remembered(self.declaration.key, monitor, dict(self.memory), self._kept)

    # -- the run, as its declaration sees it ---------------------------------------------------------

    @property
    def epochs(self) -> int:
        """Epochs done in total at the end."""
        return self.ground.epochs

    @property
    def step(self) -> int:
        """Updates so far."""
        return self.ground.step

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        return self.ground.rate

    @rate.setter
    def rate(self, value: float) -> None:
        self.ground.set_rate(value)

    def stop(self) -> None:
        """End the run after what is under way."""
        self._stopped = True
        self.ground.stop()

    def close(self) -> None:
        """Forget what led to the end, where it was this one that ended the run."""
        if self._stopped:
            self.memory, self._kept, self._stopped = self.declaration.start(), None, False

    def tell(self, text: str) -> None:
        """Say something to whoever watches."""
        self.ground.tell(text)

    def warn(self, text: str) -> None:
        """Say once that something was not possible."""
        if text not in self._warned:
            self._warned.add(text)
            self.ground.warn(text)

    def keep(self) -> None:
        """Remember all weights as they are now."""
        self._kept = self.ground.copied()

    @property
    def keeps(self) -> bool:
        """Whether weights are remembered."""
        return self._kept is not None

    def restore(self) -> None:
        """Bring the remembered weights back."""
        if self._kept is not None:
            self.ground.load(self._kept)

    def save(self, name: str, weights_only: bool) -> bool:
        """Write the model; a fault is told and the run goes on."""
        try:
            self._files().save(name, self.ground.state(), weights_only)
        except LayerloomError as error:
            self.warn(f"'{name}' was not written: {error}")
            return False
        return True

    def read(self, name: str) -> bytes:
        """The content of a file; nothing where there is none or it cannot be read."""
        try:
            return self._files().read(name)
        except LayerloomError as error:
            self.warn(f"'{name}' could not be read: {error}")
            return b""

    def write(self, name: str, content: bytes) -> bool:
        """Replace a file; a fault is told and the run goes on."""
        try:
            self._files().write(name, content)
        except LayerloomError as error:
            self.warn(f"'{name}' was not written: {error}")
            return False
        return True

    def append(self, name: str, content: bytes) -> bool:
        """Write at the end of a file; a fault is told and the run goes on."""
        try:
            self._files().append(name, content)
        except LayerloomError as error:
            self.warn(f"'{name}' was not written: {error}")
            return False
        return True

    def _files(self) -> Files:
        if self.ground.files is None:
            raise UsageError("the project has no folder yet. Save it first; files are written beside it.")
        return self.ground.files


class Companions:
    """All callbacks of a run, in their order.

    Args:
        declarations: what they do.
        ground: the run.
        before: what callbacks of an earlier part of the run remember.
    """

    def __init__(self, declarations: Sequence[Callback], ground: Ground, before: Sequence[Remembered] = ()) -> None:
        waiting = list(before)
        self.members: list[Companion] = []
        self._fresh: list[Companion] = []
        for declaration in declarations:
            known = next((item for item in waiting if _is_of(item, declaration)), None)
            if known is not None:
                waiting.remove(known)
            self.members.append(Companion(declaration, ground, known))
            if known is None:
                self._fresh.append(self.members[-1])
        self._every_batch = [member for member in self.members if member.declaration.every_batch]
        #: Whether updates are to be told at all.
        self.every_batch = bool(self._every_batch)

    def begin(self) -> None:
        """The run begins, for those callbacks that did not take part in it before."""
        fresh, self._fresh = self._fresh, []
        for member in fresh:
            member.declaration.begin(member, member.memory)

    def begin_epoch(self, epoch: int) -> None:
        """An epoch begins."""
        for member in self.members:
            member.declaration.begin_epoch(member, member.memory, epoch)

    def end_batch(self, epoch: int, batch: int, logs: Logs) -> None:
        """An update was made."""
        for member in self._every_batch:
            member.declaration.end_batch(member, member.memory, epoch, batch, logs)

    def end_epoch(self, epoch: int, logs: Logs) -> None:
        """An epoch is over; figures may be added to ``logs``."""
        for member in self.members:
            member.declaration.end_epoch(member, member.memory, epoch, logs)

    def end(self) -> None:
        """The run is over. A callback that ended it begins anew when it is trained on."""
        for member in self.members:
            member.declaration.end(member, member.memory)
            member.close()

    @property
    def end_on_fault(self) -> bool:
        """Whether a loss that is not finite ends the run without an error."""
        found: Mapping[bool, Any] = {m.declaration.ends_on_fault: m.declaration for m in self.members}
        return True in found and not getattr(found[True], "raise_error", False)

    def remembered(self) -> tuple[Remembered, ...]:
        """What must survive until the run goes on."""
        return tuple(member.remembered() for member in self.members)


def _is_of(known: Remembered, declaration: Callback) -> bool:
    return known.type == declaration.key and known.monitor == str(getattr(declaration, "monitor", ""))
