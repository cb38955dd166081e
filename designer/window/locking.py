"""Who has something open: lock files that die with their owner."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True)
class Owner:
    """A living process that holds a lock.

    Attributes:
        pid: its number; 0 when it is not known.
        host: the computer it runs on.
    """

    pid: int
    host: str

    @property
    def is_here(self) -> bool:
        """Whether it is this very process: another window of it."""
        return self.pid == os.getpid() and self.host in ("", QSysInfo.machineHostName())


def taken(path: Path, local: bool = False) -> QLockFile | Owner | None:
    """Take a lock; one whose owner died counts as free, however old it is.

    Args:
        path: the lock file; its folder must exist.
        local: the lock is known to be of this computer, whatever name the computer had then.

    Returns:
        The lock, which is held until ``unlock`` or its deletion; its owner when somebody else holds it; ``None`` where
        no lock file can be made.
    """
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    if lock.tryLock(0):
        return lock
    if lock.error() != QLockFile.LockError.LockFailedError:
        return None
    owner = _owner(lock)
    if (local or _is_local(path, owner)) and _removed_if_dead(path) and lock.tryLock(0):
        return lock
    return owner


def _owner(lock: QLockFile) -> Owner:
    # Where the file vanishes or is being written at this moment there is nothing to read.
    found = lock.getLockInfo()
    if not isinstance(found, tuple) or len(found) != 3:
        return Owner(0, "")
    pid, host, _program = found
    return Owner(int(pid), str(host))


def _is_local(path: Path, owner: Owner) -> bool:
    """Whether a lock was made on this computer; its last line names the start of the system, if that has a name."""
    if owner.host == QSysInfo.machineHostName():
        return True
    boot = bytes(QSysInfo.bootUniqueId().data())
    with contextlib.suppress(OSError):
        return bool(boot) and boot in path.read_bytes().split()
    return False


def _removed_if_dead(path: Path) -> bool:
    """Remove a lock file that no process holds, although the number in it is some process's now.

    A living owner holds the system's own lock on its file, which the system frees with the process; where the file
    system has none, nothing is known and nothing is removed.
    """
    if sys.platform == "win32":
        return False
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_ino != os.stat(path).st_ino or not os.fstat(handle).st_size:
            return False  # somebody else has just made it anew
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
