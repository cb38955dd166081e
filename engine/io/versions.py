"""The earlier saves that a project's folder still keeps."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from engine.data.files import read_regular
from engine.errors import FileError
from engine.io.folder import BACKUPS, backup_path
from engine.io.project_json import project_from_json
from engine.io.strict_json import JSON_LIMIT


@dataclass(frozen=True)
class Version:
    """One earlier save.

    Attributes:
        number: for ``load_project``; 1 is the last but one save.
        until: when a newer save took its place (seconds since 1970).
        layers: how many layers its network has.
        trained: whether weights were saved with it.
    """

    number: int
    until: float
    layers: int
    trained: bool


def versions(folder: Path) -> tuple[Version, ...]:
    """The earlier saves that can be opened, the latest first."""
    found = []
    for number in range(1, BACKUPS + 1):
        path = backup_path(folder, number)
        with contextlib.suppress(FileError, OSError):
            held = project_from_json(read_regular(path, JSON_LIMIT), path.name)
            layers = len(held.project.graph.nodes)
            found.append(Version(number, path.stat().st_mtime, layers, held.weights is not None))
    return tuple(found)
