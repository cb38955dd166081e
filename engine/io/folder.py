"""Project folders: ``project.json``, the weights it names, and the last three saves.

Two files are not one, so there is a single moment at which a save counts: the rename of
``project.json``. Weights are written before it under the name of their own content; what no
``project.json`` names any more is deleted after it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from engine.data.files import read_regular, reason, size_text
from engine.errors import FileError
from engine.infer import infer
from engine.io.disk import Disk, alone, put, remove_leftovers, stage, write_error
from engine.io.project_json import Manifest, ProjectFile, project_from_json, project_to_json
from engine.io.strict_json import JSON_LIMIT
from engine.io.weights import state_from_bytes, state_to_image
from engine.problems import Problem
from engine.project import Project
from engine.train.state import RunState

PROJECT = "project.json"
BACKUPS = 3
WEIGHTS_LIMIT = 8 * 2**30
#: Weights beyond this many bytes are reported when a project is opened.
WEIGHTS_BUDGET = 4 * 2**30
_NAMED = re.compile(rb"weights-[0-9a-f]{32}\.h5")


@dataclass(frozen=True)
class Opened:
    """What a project folder held.

    Attributes:
        project: the project; data outside the folder must be confirmed before they are read.
        state: weights and curves to go on from, or ``None`` when there are none or they are unusable.
        problems: what was found on the way, one sentence each; nothing of it prevents editing.
        digest: SHA-256 of the ``project.json`` that was read, for a later ``save_project``.
    """

    project: Project
    state: RunState | None = None
    problems: tuple[Problem, ...] = ()
    digest: str = ""


class DiskChanged(FileError):  # noqa: N818 (says what happened)
    """``project.json`` is not the one that was read or written last: somebody else saved there."""


class FolderGone(FileError):  # noqa: N818 (says what happened)
    """The folder that a project was read from or written to is not there any more."""


def save_project(
    folder: Path, project: Project, state: RunState | None, disk: Disk | None = None, expected: str = ""
) -> str:
    """Write a project and its weights into a folder, which is made when it is missing.

    The save before is kept as ``project.json.bak-1`` with its weights, up to three of them.

    Args:
        folder: the project's folder.
        project: what to write.
        state: its weights and curves, if it was trained.
        disk: the system calls.
        expected: digest of the ``project.json`` that may be replaced; empty for any.

    Returns:
        The digest of the ``project.json`` that stands now.

    Raises:
        DiskChanged: another ``project.json`` than the expected one stands there.
        FolderGone: the expected one's folder is gone.
        FileError: the disk is full, the folder may not be written or is gone; what was saved
            before still stands.
    """
    image = state_to_image(state) if state is not None else None
    manifest = _manifest(image) if image is not None else None
    return _save(folder, project, manifest, image, disk or Disk(), expected)


def save_again(folder: Path, project: Project, disk: Disk | None = None) -> str:
    """Write a project into the folder that holds it, which keeps the weights it has.

    Returns:
        The digest of the ``project.json`` that stands now.

    Raises:
        FileError: as ``save_project``, or there is no project that could be read.
    """
    found = project_from_json(_read(folder / PROJECT, JSON_LIMIT), PROJECT)
    return _save(folder, project, found.weights, None, disk or Disk(), "")


def _save(
    folder: Path, project: Project, manifest: Manifest | None, image: memoryview | None, disk: Disk, expected: str
) -> str:
    text = project_to_json(project, manifest, folder)
    _check_readable(text, project)
    try:
        if expected and not folder.is_dir():
            raise FolderGone(
                f"The folder '{folder.name}' is gone: it was moved, deleted or unplugged. Save the project in another "
                "place, or bring the folder back and save again."
            )
        if not folder.is_dir():
            disk.make_folder(folder)
            disk.sync_folder(folder.parent)
        with alone(folder) as locked:
            _check_expected(folder, expected)
            remove_leftovers(disk, folder, locked)
            _commit(disk, folder, text, manifest, image)
    except OSError as error:
        raise write_error(error, folder, len(text) + len(image or b"")) from None
    return _digest(text)


def _digest(text: bytes | memoryview) -> str:
    return hashlib.sha256(text).hexdigest()


def _check_expected(folder: Path, expected: str) -> None:
    # A project.json that vanished is no obstacle: nothing of anybody would be overwritten.
    target = folder / PROJECT
    if expected and target.is_file() and _digest(target.read_bytes()) != expected:
        raise DiskChanged(
            f"'{folder.name}' was changed by another program since it was opened or saved here. Overwrite it, or save "
            "under another name."
        )


def _manifest(image: memoryview) -> Manifest:
    digest = _digest(image)
    return Manifest(f"weights-{digest[:32]}.h5", digest, len(image))


def _check_readable(text: bytes, project: Project) -> None:
    """Refuse to write what could not be opened again."""
    again = project_from_json(text, PROJECT).project
    if tuple(again.graph.nodes) != tuple(project.graph.nodes) or again.graph.edges != project.graph.edges:
        raise FileError("The network cannot be saved: the name of a layer holds characters that no file can keep.")


def _commit(disk: Disk, folder: Path, text: bytes, manifest: Manifest | None, image: memoryview | None) -> None:
    target = folder / PROJECT
    old = target.read_bytes() if target.is_file() else None
    if manifest is not None and image is not None:
        weights = folder / manifest.file
        if not (weights.is_file() and weights.stat().st_size == manifest.size and text == old):
            put(disk, weights, image)
            disk.sync_folder(folder)
    if text != old:
        _rename(disk, folder, text, old)
    # From here on the new project stands, and only its company is still tidied up.
    _confirm(disk, folder)
    with contextlib.suppress(OSError):
        _collect(disk, folder)


def _rename(disk: Disk, folder: Path, text: bytes, old: bytes | None) -> None:
    """Put the new ``project.json`` in place of the old one, which becomes the first backup."""
    target = folder / PROJECT
    staged = stage(disk, target, text)
    try:
        if old is not None:
            _rotate(disk, folder, old)
        disk.replace(staged, target)
    except OSError:
        with contextlib.suppress(OSError):
            staged.unlink()
        raise


def _confirm(disk: Disk, folder: Path) -> None:
    try:
        disk.sync_folder(folder)
    except OSError as error:
        raise FileError(
            f"'{folder.name}' was saved, but the disk did not confirm it ({reason(error)}). "
            "Save it again, or in another place, before you switch off."
        ) from None


def backup_path(folder: Path, number: int) -> Path:
    """Where an earlier save is kept; 1 is the last but one."""
    return folder / f"{PROJECT}.bak-{number}"


def _rotate(disk: Disk, folder: Path, old: bytes) -> None:
    """Make the last save the first backup; a gap that a fault left is filled before the oldest one goes."""
    first = backup_path(folder, 1)
    if first.is_file() and first.read_bytes() == old:
        return  # a save that failed after this point has rotated already
    # What needs space comes first: on a full disk, saves that fail again and again must not push backups out.
    staged = stage(disk, first, old)
    try:
        gap = next((n for n in range(1, BACKUPS) if not backup_path(folder, n).is_file()), BACKUPS)
        for number in range(gap, 1, -1):
            disk.replace(backup_path(folder, number - 1), backup_path(folder, number))
        disk.replace(staged, first)
    except OSError:
        with contextlib.suppress(OSError):
            staged.unlink()
        raise


def _collect(disk: Disk, folder: Path) -> None:
    """Delete weights that neither the project nor a backup names."""
    named: set[bytes] = set()
    for path in (folder / PROJECT, *(backup_path(folder, number) for number in range(1, BACKUPS + 1))):
        if path.is_file():
            named.update(_NAMED.findall(path.read_bytes()))
    for path in folder.glob("weights-*.h5"):
        if _NAMED.fullmatch(os.fsencode(path.name)) and os.fsencode(path.name) not in named:
            with contextlib.suppress(OSError):
                disk.remove(path)


def load_project(folder: Path, backup: int = 0) -> Opened:
    """Read a project folder.

    Weights that are missing or unusable do not keep the project from opening; that and whatever
    else was found is told in ``problems``.

    Args:
        folder: the project's folder.
        backup: 0 for the last save, 1 to 3 for the ones before it.

    Raises:
        FileError: there is no project, or its ``project.json`` is damaged, hostile or newer.
    """
    text, found = _read_project(folder, backup)
    problems = [
        Problem(f"{entry} is not known to this version and will be gone after the next save.", severity="warning")
        for entry in found.unknown
    ]
    problems += _size_problems(found.project)
    state = None
    if found.weights is not None:
        try:
            state = _read_state(folder, found)
        except FileError as error:
            problems.append(Problem(f"{error} The network opens untrained.{_older_weights(folder, backup)}"))
    return Opened(_placed(found.project, folder), state, tuple(problems), _digest(text))


def load_network(folder: Path, backup: int = 0) -> Project:
    """Read a project folder without its weights: what is compared or looked at needs none.

    Args:
        folder: the project's folder.
        backup: 0 for the last save, 1 to 3 for the ones before it.

    Raises:
        FileError: as ``load_project``.
    """
    return _placed(_read_project(folder, backup)[1].project, folder)


def _placed(project: Project, folder: Path) -> Project:
    """A project whose data are marked where they lie outside its folder."""
    return project if project.source is None else replace(project, source=project.source.opened(folder))


def _read_project(folder: Path, backup: int) -> tuple[bytes, ProjectFile]:
    """The text of a save, and what it says."""
    path = folder / PROJECT if backup == 0 else backup_path(folder, backup)
    try:
        if folder.is_file():
            raise FileError(f"'{folder.name}' is a file, not a project. Choose a folder whose name ends in .loom.")
        missing = not path.exists() and not path.is_symlink()
    except OSError as error:
        raise FileError(f"'{folder.name[:40]}' cannot be opened: {reason(error)}. Choose another folder.") from None
    if missing:
        raise FileError(f"There is no project in '{folder.name}': it holds no {path.name}.{_rescue(folder, backup)}")
    try:
        text = _read(path, JSON_LIMIT)
        found = project_from_json(text, path.name)
    except FileError as error:
        raise FileError(f"{error}{_rescue(folder, backup)}") from None
    return text, found


def _read(path: Path, limit: int) -> bytes:
    if path.is_symlink():
        raise FileError(f"'{path.name}' is a symbolic link, which could lead anywhere. Put the file itself there.")
    return read_regular(path, limit)


def _read_state(folder: Path, found: ProjectFile) -> RunState:
    assert found.weights is not None
    image = _read(folder / found.weights.file, WEIGHTS_LIMIT)
    if hashlib.sha256(image).hexdigest() != found.weights.sha256:
        raise FileError(f"'{found.weights.file}' is damaged: its bytes are not those that were saved.")
    return state_from_bytes(image)


def _size_problems(project: Project) -> list[Problem]:
    size = 4 * sum(infer(project.graph).parameter_count())
    if size <= WEIGHTS_BUDGET:
        return []
    return [Problem(f"This network's weights alone would take {size_text(size)}. Make its layers smaller to train it.")]


def _older_weights(folder: Path, backup: int) -> str:
    """Which earlier save has weights that can be used."""
    for number in range(backup + 1, BACKUPS + 1):
        with contextlib.suppress(FileError):
            found = project_from_json(_read(backup_path(folder, number), JSON_LIMIT))
            if found.weights is not None:
                _read_state(folder, found)
                return f" Its earlier version {backup_path(folder, number).name} has usable weights; open that one."
    return ""


def _rescue(folder: Path, backup: int) -> str:
    """What else could be opened."""
    for number in range(backup + 1, BACKUPS + 1):
        with contextlib.suppress(FileError):
            project_from_json(_read(backup_path(folder, number), JSON_LIMIT))
            return f" An earlier save is kept beside it as {backup_path(folder, number).name}."
    return ""
