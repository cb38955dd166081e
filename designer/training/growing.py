"""Arrays that grow at the end at constant cost per number."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

S = TypeVar("S", bound=np.generic)
_SMALLEST = 64


class Growing(Generic[S]):
    """A one-dimensional array with room to grow; its capacity doubles when it is full.

    Args:
        dtype: element type.
    """

    def __init__(self, dtype: type[S]) -> None:
        self._room: npt.NDArray[S] = np.empty(_SMALLEST, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> npt.NDArray[S]:
        """What is there so far, as a read-only view without a copy."""
        view = self._room[: self._length]
        view.flags.writeable = False
        return view

    def extend(self, values: npt.ArrayLike) -> None:
        """Append numbers."""
        added: npt.NDArray[Any] = np.asarray(values, self._room.dtype)
        end = self._length + added.size
        if end > self._room.size:
            # Views handed out earlier keep the old memory, so nobody sees numbers change under them.
            room = np.empty(max(end, 2 * self._room.size), self._room.dtype)
            room[: self._length] = self._room[: self._length]
            self._room = room
        self._room[self._length : end] = added
        self._length = end

    def shorten(self, length: int) -> None:
        """Forget everything from ``length`` on."""
        # A copy, because views of the part that will be overwritten may be in use.
        self._room = self._room.copy()
        self._length = min(length, self._length)

    def keep(self, stays: npt.NDArray[np.bool_]) -> None:
        """Forget every number but the chosen ones."""
        values = self.values[stays]
        self._room = np.empty_like(self._room)
        self._room[: len(values)] = values
        self._length = len(values)
