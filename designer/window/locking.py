"""Who has something open: lock files that die with their owner."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo


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


def taken(path: Path) -> QLockFile | Owner | None:
    """Take a lock; one whose owner died counts as free, however old it is.

    Args:
        path: the lock file; its folder must exist.

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
    known, pid, host = _info(lock)
    return Owner(pid, host) if known else Owner(0, "")


def _info(lock: QLockFile) -> tuple[bool, int, str]:
    # Where the file vanishes or is being written at this moment there is nothing to read.
    found = lock.getLockInfo()
    if not isinstance(found, tuple) or len(found) != 3:
        return False, 0, ""
    pid, host, _program = found
    return True, int(pid), str(host)
