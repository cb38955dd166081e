"""Where a project lies: who has it open, and whether its folder is still as it was left."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile

from designer.window.locking import Owner, taken
from engine.io import Opened, load_project, save_project
from engine.project import Project
from engine.train.state import RunState


class InUse(Exception):  # noqa: N818 (says what is the case)
    """Another window or process has the project open.

    Attributes:
        owner: who.
    """

    def __init__(self, owner: Owner) -> None:
        super().__init__(f"process {owner.pid} on {owner.host}")
        self.owner = owner


class Place:
    """A project's folder, as one window holds it.

    What touches the lock or the project's files is called on the writer's thread, one after another.

    Args:
        folder: the project's folder.
        digest: of its ``project.json`` as this window knows it; empty when it knows none.

    Attributes:
        folder: the project's folder.
        digest: as above; follows what is read and written here.
    """

    def __init__(self, folder: Path, digest: str = "") -> None:
        self.folder = folder
        self.digest = digest
        self._lock: QLockFile | None = None

    @property
    def is_held(self) -> bool:
        """Whether this window holds the lock."""
        return self._lock is not None

    def is_at(self, folder: Path) -> bool:
        """Whether a path, however it is written, leads to this folder."""
        if folder == self.folder:
            return True
        try:
            return os.path.samefile(folder, self.folder)
        except OSError:
            return False

    def claim(self, insist: bool = False) -> None:
        """Hold the project, so that others are told; where no lock can be kept, do without.

        Args:
            insist: go on when somebody else holds it.

        Raises:
            InUse: somebody else holds it.
        """
        if self._lock is None:
            found = taken(lock_path(self.folder))
            if isinstance(found, Owner):
                if not insist:
                    raise InUse(found)
            else:
                self._lock = found

    def read(self, backup: int = 0) -> Opened:
        """Read the project; ``settle`` makes it the one that is known.

        Raises:
            FileError: as ``load_project``.
        """
        return load_project(self.folder, backup)

    def settle(self, opened: Opened) -> None:
        """What was read is what the window shows now."""
        self.digest = opened.digest

    def write(self, project: Project, state: RunState | None, overwrite: bool = False) -> None:
        """Save the project.

        Args:
            project: what to save.
            state: its run.
            overwrite: replace whatever is there now.

        Raises:
            DiskChanged: somebody else saved there.
            FolderGone: the folder is not there any more.
            FileError: as ``save_project``.
        """
        self.digest = save_project(self.folder, project, state, expected="" if overwrite else self.digest)

    def release(self) -> None:
        """Let others have it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.unlock()


def lock_path(folder: Path) -> Path:
    """The lock file, beside the project: in it, a copy of the folder would carry it along."""
    real = Path(os.path.realpath(folder))
    return real.with_name(f".{real.name}.lock")
