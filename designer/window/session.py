"""One window's recovery folder and the lock that tells whether the window lives."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo

from designer.window.locking import Owner, taken
from engine.data.files import reason
from engine.errors import FileError
from engine.io import recovery
from engine.io.recovery import Kept, Note
from engine.project import Project
from engine.train.state import RunState


class Session:
    """Keeps the unsaved work of one window.

    The lock lies beside the folder and is taken before the folder is made, so a folder without a living owner is
    always one that was left behind. All methods are called on the writer's thread.

    Args:
        root: where all recovery folders lie.
        name: of this one; a new one unless given.
        lock: its lock, if it is held already.
    """

    def __init__(self, root: Path, name: str = "", lock: QLockFile | None = None) -> None:
        self.folder = root / (name or f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:12]}")
        self._lock = lock

    def keep(self, note: Note, project: Project, state: RunState | None, again: bool) -> None:
        """Write unsaved work.

        Args:
            note: where it belongs.
            project: the work.
            state: its run.
            again: this state was written before.

        Raises:
            FileError: it could not be written.
        """
        self._hold()
        try:
            recovery.keep(self.folder, note, project, state, again=again)
        except FileError:
            if not again:
                raise
            # What was written before is gone or damaged: somebody tidied up.
            recovery.keep(self.folder, note, project, state)

    def clear(self) -> None:
        """There is no unsaved work any more."""
        recovery.remove(self.folder)

    def close(self) -> None:
        """Leave nothing behind."""
        recovery.remove(self.folder)
        self.release()

    def release(self) -> None:
        """Leave the work to whoever takes it next."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.unlock()

    def _hold(self) -> None:
        if self._lock is not None:
            return
        try:
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"'{self.folder.parent}' could not be made: {reason(error)}.") from None
        found = taken(_lock_path(self.folder))
        if not isinstance(found, QLockFile):
            raise FileError(f"'{self.folder.parent}' may not be written.")
        self._lock = found


class Orphan:
    """Unsaved work whose window ended without a word.

    Attributes:
        session: its folder; its lock is held from the moment it was found.
        kept: what is known of it.
    """

    def __init__(self, session: Session, kept: Kept) -> None:
        self.session = session
        self.kept = kept


def orphans(root: Path) -> tuple[list[Orphan], list[Path]]:
    """What earlier windows left behind.

    Returns:
        The work that can be brought back, the latest first; and where damaged folders were moved.
    """
    found: list[Orphan] = []
    damaged: list[Path] = []
    try:
        names = sorted({path.name.removesuffix(".lock") for path in root.iterdir()})
    except OSError:
        return [], []
    for name in names:
        if name.startswith(recovery.DAMAGED):
            continue
        lock = taken(root / f"{name}.lock", local=name.startswith(f"{_machine()}-"))
        if lock is None or isinstance(lock, Owner):
            continue
        session = Session(root, name, lock)
        try:
            kept = recovery.found_in(session.folder)
        except FileError:
            damaged += aside(session)
            continue
        if kept is None:
            session.close()
        else:
            found.append(Orphan(session, kept))
    return sorted(found, key=lambda orphan: -orphan.kept.note.edited), damaged


def aside(session: Session) -> list[Path]:
    """Move a damaged folder out of the way; returns where it is now, or nothing when it cannot be moved."""
    try:
        return [recovery.put_aside(session.folder)]
    except OSError:
        return []
    finally:
        session.release()


def forget(orphan: Orphan) -> None:
    """Delete work for good."""
    orphan.session.close()


def _machine() -> str:
    """A short name of this computer that stays when its host name changes."""
    return hashlib.sha256(bytes(QSysInfo.machineUniqueId().data())).hexdigest()[:8]


def _lock_path(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
