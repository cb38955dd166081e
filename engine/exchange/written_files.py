"""What a project's callbacks have written, so that they replace nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from engine.data.files import open_regular, read_regular
from engine.errors import FileError
from engine.io.disk import Disk, put
from engine.io.folder import PROJECT, WEIGHTS_LIMIT
from engine.io.strict_json import JSON_LIMIT, dump, parse

#: In the project's folder: name of every file and the SHA-256 of its content as it was written.
RECORD = "written.json"
#: Beyond that many the oldest are forgotten; the record is written anew with every file.
_MOST = 10_000
_BLOCK = 2**20


class WrittenFiles:
    """Names and contents of the files that callbacks wrote, in this run and in earlier ones of the project.

    A file counts as written by them only while its content is the one of the record. A record may come from a
    stranger together with the project, but whoever made it up cannot know what the files of this computer hold.

    Args:
        folder: where the names begin.
        own: the project's folder, which keeps the record; while it is missing, only this run is remembered.
    """

    def __init__(self, folder: Path, own: Path | None) -> None:
        self._folder, self._own = folder, own
        self._digests = _read(own / RECORD) if own is not None else {}

    def check(self, place: Path) -> None:
        """Let only be replaced what was written here.

        Raises:
            FileError: something else stands there.
        """
        if os.path.lexists(place) and self._digests.get(self._name(place), "") != _digest(place):
            raise FileError(
                "something stands there already that this project's callbacks did not write as it is now, and they "
                "replace only files of their own. Move it away, or give another name."
            )

    def add(self, place: Path) -> None:
        """Remember what stands there after it was written."""
        name, digest = self._name(place), _digest(place)
        self._digests.pop(name, None)
        if digest is not None:
            self._digests[name] = digest
        for oldest in list(self._digests)[:-_MOST]:
            del self._digests[oldest]
        # What was written stands all the same; without a record it is merely not replaced by a later run.
        with contextlib.suppress(OSError):
            if self._own is not None and self._own.is_dir():
                put(Disk(), self._own / RECORD, dump(self._digests))

    def _name(self, place: Path) -> str:
        return place.relative_to(self._folder).as_posix()


def _digest(place: Path) -> str | None:
    """SHA-256 of a file, or of what a project's folder says of itself; ``None`` where neither can be read."""
    try:
        with open_regular(place / PROJECT if place.is_dir() else place, WEIGHTS_LIMIT) as file:
            found = hashlib.sha256()
            while block := file.read(_BLOCK):
                found.update(block)
            return found.hexdigest()
    except (OSError, FileError):
        return None


def _read(record: Path) -> dict[str, str]:
    """The names and digests of a record; none where there is no good one."""
    try:
        found = {} if record.is_symlink() else parse(read_regular(record, JSON_LIMIT), record.name)
    except (OSError, FileError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()) else {}
