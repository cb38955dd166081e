"""Writing so that a crash, a full disk or a vanished folder never costs what was there before."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.data.files import reason, size_text
from engine.errors import FileError

if sys.platform != "win32":
    import fcntl

BLOCK = 2**20
#: Leftovers of a process that died while it wrote go after this many seconds, where nobody can be locked out.
STALE = 3600.0
_LEFTOVER = re.compile(r"(project\.json(\.bak-\d)?|weights-[0-9a-f]{32}\.h5)\.tmp-\d+")


class Disk:
    """The system calls that saving makes: one method each, so that tests can let any of them fail."""

    def create(self, path: Path) -> int:
        """Open a new or emptied file for writing."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)

    def write(self, handle: int, data: memoryview) -> int:
        """Write some bytes; returns how many."""
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        """Wait until the bytes are on the medium."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close a file."""
        os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """Rename in one step, over whatever stood there."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Delete a file."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make a folder in an existing one, unless it is there."""
        path.mkdir(exist_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the medium."""
        if sys.platform == "win32":
            return  # directories cannot be opened there; the file system keeps its own journal
        handle = os.open(path, os.O_RDONLY)
        try:
            self.sync(handle)
        finally:
            os.close(handle)


def stage(disk: Disk, path: Path, data: bytes | memoryview) -> Path:
    """Write bytes beside their final place and wait for the medium; returns the temporary file.

    Raises:
        OSError: nothing is left behind.
    """
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        handle = disk.create(temporary)
        try:
            left = memoryview(data)
            while left:
                left = left[disk.write(handle, left[:BLOCK]) :]
            disk.sync(handle)
        finally:
            disk.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def put(disk: Disk, path: Path, data: bytes | memoryview) -> None:
    """Write a file so that it is there completely or not at all.

    Raises:
        OSError: the old file, if any, still stands.
    """
    temporary = stage(disk, path, data)
    try:
        disk.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def remove_leftovers(disk: Disk, folder: Path, locked: bool) -> None:
    """Delete temporary files of savers that died, lest they fill the disk.

    Args:
        disk: the system calls.
        folder: the project's folder.
        locked: whether nobody else can be writing there now; if that is not certain, only those go that have
            not changed for long.
    """
    for path in folder.glob("*.tmp-*"):
        with contextlib.suppress(OSError):
            if _LEFTOVER.fullmatch(path.name) and (locked or time.time() - path.stat().st_mtime > STALE):
                disk.remove(path)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Keep other savers of the same folder out, in this process and in others; tells whether that is certain."""
    if sys.platform == "win32":
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        locked = False
        # Some network file systems have no locks; the renames keep each file whole there too.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
            locked = True
        yield locked
    finally:
        os.close(handle)


def write_error(error: OSError, folder: Path, size: int) -> FileError:
    """The sentence for a failed save."""
    kept = "What was saved before is unchanged."
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            text = f"The disk is full: '{folder.name}' needs about {size_text(size)}. Free some space and save again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            text = f"'{folder.name}' may not be written here. Save it under another name in a folder of your own."
        case errno.ENOENT | errno.ENOTDIR:
            text = (
                f"The folder for '{folder.name}' is gone: it was moved, deleted or unplugged. Save it in another place."
            )
        case errno.EEXIST:
            text = f"'{folder.name}' is a file, not a folder. Save under another name, or move the file away."
        case errno.ENAMETOOLONG:
            text = (
                f"The path to '{folder.name[:40]}' is too long for the disk. Save under a shorter name, or in a folder "
                "nearer to the top."
            )
        case errno.EFBIG:
            text = f"The disk takes no file of {size_text(size)}. Save '{folder.name}' on another disk."
        case _:
            text = f"'{folder.name}' could not be saved ({reason(error)}). Save it again, or in another place."
    return FileError(f"{text} {kept}")
