"""Where a run writes what its callbacks want; how that is done arrives from outside."""

from __future__ import annotations

from typing import Protocol

from engine.train.state import RunState


class Files(Protocol):
    """Reads and writes files for callbacks; every name is told as the callback has it."""

    def read(self, name: str) -> bytes:
        """The content of a file; nothing where there is none.

        Raises:
            FileError: it cannot be read.
        """

    def write(self, name: str, content: bytes) -> None:
        """Replace a file in one step.

        Raises:
            FileError: that is not possible.
        """

    def append(self, name: str, content: bytes) -> None:
        """Write at the end of a file.

        Raises:
            FileError: that is not possible.
        """

    def save(self, name: str, state: RunState, weights_only: bool) -> None:
        """Write a model, or its weights alone.

        Raises:
            FileError, UsageError: that is not possible.
        """
