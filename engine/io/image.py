"""An HDF5 file in memory whose bytes are moved without holding up other threads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Room beyond the arrays for what HDF5 writes besides them (bytes).
SLACK = 2**20


class Image:
    """A file object for h5py.

    HDF5's own driver for memory hands its bytes out in one copy that keeps Python's lock: half a second for
    a large network, in which the window stands still. NumPy lets go of the lock while it copies.

    Args:
        room: bytes that are expected.
    """

    def __init__(self, room: int) -> None:
        self._bytes: npt.NDArray[np.uint8] = np.zeros(room + SLACK, np.uint8)
        self._size = 0
        self._place = 0

    def view(self) -> memoryview:
        """The bytes written so far, without a copy."""
        return self._bytes[: self._size].data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place; counted from the start, from here (1) or from the end (2)."""
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def write(self, data: memoryview) -> int:
        """Put bytes at the place."""
        given = np.frombuffer(data, np.uint8)
        end = self._place + len(given)
        if end > len(self._bytes):
            grown = np.zeros(max(end, len(self._bytes) * 5 // 4 + SLACK), np.uint8)
            grown[: self._size] = self._bytes[: self._size]
            self._bytes = grown
        self._bytes[self._place : end] = given
        self._place, self._size = end, max(self._size, end)
        return len(given)

    def read(self, size: int = -1) -> bytes:
        """Bytes from the place on."""
        end = self._size if size < 0 else min(self._size, self._place + size)
        found = self._bytes[self._place : end].tobytes()
        self._place += len(found)
        return found

    def readinto(self, target: memoryview) -> int:
        """Fill a buffer from the place on; returns how many bytes there were."""
        filled = np.frombuffer(target, np.uint8)
        count = max(0, min(len(filled), self._size - self._place))
        filled[:count] = self._bytes[self._place : self._place + count]
        self._place += count
        return count

    def truncate(self, size: int | None = None) -> int:
        """Set where the file ends; what is new there is zero."""
        size = self._place if size is None else size
        if size > len(self._bytes):
            grown = np.zeros(size, np.uint8)
            grown[: self._size] = self._bytes[: self._size]
            self._bytes = grown
        self._bytes[size : max(self._size, size)] = 0
        self._size = size
        return size

    def flush(self) -> None:
        """Nothing waits."""
