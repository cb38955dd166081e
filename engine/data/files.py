"""Opening files that may be anything: regular ones only, and never more than was agreed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from engine.errors import FileError

#: The most that one data file may hold once unpacked.
DATA_LIMIT = 4 * 2**30


def open_regular(path: Path, limit: int) -> BinaryIO:
    """Open a file for reading.

    Raises:
        FileError: it is missing, unreadable, larger than ``limit`` bytes, or not a file (a pipe
            or a device would block or never end).
    """
    try:
        # Non-blocking, because opening a pipe would otherwise wait for a writer that never comes.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise FileError(f"'{path.name}' cannot be opened: {reason(error)}.") from None
    state = os.fstat(handle)
    fault = None
    if not stat.S_ISREG(state.st_mode):
        fault = f"'{path.name}' is not a file. Choose a file."
    elif state.st_size > limit:
        fault = f"'{path.name}' holds {size_text(state.st_size)}; at most {size_text(limit)} are read."
    if fault is not None:
        os.close(handle)
        raise FileError(fault)
    return os.fdopen(handle, "rb")


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        FileError: as ``open_regular``, or reading fails.
    """
    with open_regular(path, limit) as file:
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise FileError(f"'{path.name}' cannot be read: {reason(error)}.") from None
    if len(data) > limit:
        raise FileError(f"'{path.name}' grew past {size_text(limit)} while it was read. Try again.")
    return data


def reason(error: Exception) -> str:
    """The system's own words without its numbers and paths."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error) or type(error).__name__


def size_text(size: int) -> str:
    """A number of bytes as people read it: ``1.5 MB``."""
    if size < 1000:
        return f"{size} bytes"
    units = ("kB", "MB", "GB", "TB", "PB")
    value, place = size / 1000, 0
    while value >= 999.5 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    return f"{value:,.3g} {units[place]}" if value < 1e6 else f"more than 1,000,000 {units[place]}"
