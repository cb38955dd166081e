"""Unsaved work, kept aside for the case that the program ends before it is saved.

A recovery folder holds a project folder of the usual kind (``work.loom``) and ``note.json``, which says
where the work belongs. The note is written after the work, so it never promises more than there is; where
none names the same place yet, also before it, so that no work is without one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from engine.data.files import read_regular
from engine.errors import FileError
from engine.io.disk import Disk, put, write_error
from engine.io.folder import BACKUPS, PROJECT, Opened, backup_path, load_project, save_again, save_project
from engine.io.project_json import project_from_json
from engine.io.section import Section
from engine.io.strict_json import JSON_LIMIT, dump, parse
from engine.project import Project
from engine.train.state import RunState

WORK, NOTE = "work.loom", "note.json"
FORMAT = "layerloom recovery"
DAMAGED = "damaged-"
NOTE_LIMIT = 2**20


@dataclass(frozen=True)
class Note:
    """What is known of unsaved work besides the work itself.

    Attributes:
        original: the folder it belongs to; ``None`` when it was never saved.
        edited: when it was written last (seconds since 1970).
        epoch: completed epochs of its run; -1 when there is none.
        digest: of the original's ``project.json`` when it was last read or written.
        confirmed: whether its user allowed all data that it names.
    """

    original: Path | None = None
    edited: float = 0.0
    epoch: int = -1
    digest: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Kept:
    """Unsaved work that was found.

    Attributes:
        folder: its recovery folder.
        note: where it belongs.
        layers: how many layers its network has.
    """

    folder: Path
    note: Note
    layers: int


def keep(
    folder: Path, note: Note, project: Project, state: RunState | None, disk: Disk | None = None, again: bool = False
) -> None:
    """Write unsaved work into its recovery folder.

    Args:
        folder: the recovery folder.
        note: where the work belongs.
        project: the work.
        state: its run.
        disk: the system calls.
        again: the folder holds this ``state`` already; only the project is written.

    Raises:
        FileError: the work could not be written; what was kept before still stands.
    """
    disk = disk or Disk()
    work = folder / WORK
    if not _names(folder, note.original):
        _write_note(folder, note, disk)
    # Of earlier states the last one is enough here; each may hold the weights once more.
    for number in range(1, BACKUPS + 1):
        with contextlib.suppress(OSError):
            disk.remove(backup_path(work, number))
    if again:
        save_again(work, project, disk)
    else:
        save_project(work, project, state, disk)
    _write_note(folder, note, disk)


def _names(folder: Path, original: Path | None) -> bool:
    """Whether the note in a folder names this place."""
    try:
        return _note_from_json(folder / NOTE).original == original
    except FileError:
        return False


def _write_note(folder: Path, note: Note, disk: Disk) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(disk, folder / NOTE, _note_to_json(note))
    except OSError as error:
        raise write_error(error, folder, 0) from None


def found_in(folder: Path) -> Kept | None:
    """What a recovery folder holds; ``None`` when nothing was written into it, or it is being removed.

    Raises:
        FileError: it is damaged.
    """
    file = folder / WORK / PROJECT
    if not file.exists():
        return None
    try:
        note = _note_from_json(folder / NOTE)
        return Kept(folder, note, _layers(folder / WORK))
    except FileError:
        if file.exists():
            raise
        # A deletion takes the project first: its owner saved the work while this looked at it.
        return None


def _layers(work: Path) -> int:
    """How many layers the kept network has, or the one kept before it when that cannot be read."""
    try:
        read = project_from_json(read_regular(work / PROJECT, JSON_LIMIT), PROJECT)
    except FileError:
        read = project_from_json(read_regular(backup_path(work, 1), JSON_LIMIT), PROJECT)
    return len(read.project.graph.nodes)


def brought_back(kept: Kept) -> Opened:
    """The work as it was when it was kept, with the original's digest.

    When its weights are damaged, those of the time before are taken.

    Raises:
        FileError: it is damaged.
    """
    work, note = kept.folder / WORK, kept.note
    try:
        opened, file = load_project(work), work / PROJECT
    except FileError:
        opened, file = load_project(work, 1), backup_path(work, 1)
    written = project_from_json(read_regular(file, JSON_LIMIT), PROJECT)
    if opened.state is None and written.weights is not None:
        with contextlib.suppress(FileError):
            before = load_project(work, 1)
            if before.state is not None:
                opened = replace(opened, state=before.state, problems=before.problems)
    # Paths are taken as they were written: they belong to the original folder, not to this one.
    source = written.project.source
    if source is not None and not note.confirmed:
        source = source.opened(note.original or work)
    return replace(opened, project=replace(opened.project, source=source), digest=note.digest)


def remove(folder: Path) -> None:
    """Delete a recovery folder; its project goes first, so that half a deletion leaves nothing to bring back."""
    for path in (folder / WORK / PROJECT, *(backup_path(folder / WORK, n) for n in range(1, BACKUPS + 1))):
        with contextlib.suppress(OSError):
            path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def put_aside(folder: Path) -> Path:
    """Move a damaged recovery folder where nobody looks for work; returns its new place.

    Raises:
        OSError: it cannot be moved.
    """
    target = folder.with_name(f"{DAMAGED}{folder.name}-{time.time_ns()}")
    os.replace(folder, target)
    return target


def _note_to_json(note: Note) -> bytes:
    original = quote(os.fsencode(note.original)) if note.original is not None else ""
    found: dict[str, Any] = {"format": FORMAT, "original": original, "edited": note.edited, "epoch": note.epoch}
    return dump(found | {"digest": note.digest, "confirmed": int(note.confirmed)})


def _note_from_json(path: Path) -> Note:
    section = Section(parse(read_regular(path, NOTE_LIMIT), NOTE), f"'{NOTE}'")
    if section.text("format", "") != FORMAT:
        raise FileError(f"'{NOTE}' is not a note about unsaved work.")
    original = section.text("original", "", 100_000)
    try:
        place = Path(os.fsdecode(unquote_to_bytes(original))) if original else None
    except (UnicodeDecodeError, ValueError):
        raise FileError(f"'{NOTE}' names a folder that cannot be read.") from None
    return Note(
        original=place,
        edited=section.number("edited", 0.0),
        epoch=section.whole("epoch", -1, -1),
        digest=section.text("digest", ""),
        confirmed=bool(section.whole("confirmed", 1)),
    )
