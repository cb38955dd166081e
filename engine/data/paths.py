"""Where a project's data may lie, and how their paths are written.

The rule: a project that was opened is a stranger's until its user says otherwise. A path inside
its folder is read; symbolic links, ``..`` and anything outside are not, and are not even looked
at (on some systems, looking at a network path already sends one's password hash away). So, when
a project is opened, ``opened`` marks a path that leads outside; ``resolve`` refuses marked
paths; choosing the file, or confirming it, removes the mark. The mark is never written to disk.
"""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from engine.errors import DataError, FileError

#: Stands before a path outside the folder of an opened project until its user confirms it.
MARK = "unconfirmed: "


def resolve(text: str, folder: Path | None) -> Path:
    """The file that a source's path names.

    Args:
        text: the path as the source holds it.
        folder: the project's folder, in which relative paths begin.

    Raises:
        DataError: no path, one that must be confirmed first, or a relative one without a folder.
        FileError: it leads out of the folder, or through a symbolic link.
    """
    if not text:
        raise DataError("No file is chosen yet. Choose one in the Data panel.")
    if text.startswith(MARK):
        raise DataError(
            f"The project names the file '{text.removeprefix(MARK)}', which lies outside its folder, so it is not "
            "opened by itself. Click Locate… to confirm it or to choose another one."
        )
    if is_outside(text):
        return Path(text)
    if folder is None:
        raise DataError(f"'{text}' is a path inside a project, but the project has no folder yet. Click Locate….")
    return _inside(text, folder)


def _inside(text: str, folder: Path) -> Path:
    root = Path(os.path.realpath(folder))
    place = root
    for part in Path(text).parts:
        place /= part
        if part == ".." or place.is_symlink():
            raise FileError(
                f"'{text}' leads out of the project's folder, so it is not opened. Copy the file into the folder, "
                "or click Locate… to choose it."
            )
    return place


def is_outside(text: str) -> bool:
    """Whether a path is absolute, on this system or on another."""
    return os.path.isabs(text) or bool(PureWindowsPath(text).drive) or text.startswith(("/", "\\"))


def written(text: str, folder: Path) -> str:
    """The path as it is saved: relative with forward slashes inside the folder, else as it is."""
    text = text.removeprefix(MARK)
    if not os.path.isabs(text):
        return text
    for root, place in ((folder.absolute(), Path(text)), (folder.resolve(), Path(os.path.realpath(text)))):
        if place.is_relative_to(root):
            return place.relative_to(root).as_posix()
    return text


def opened(text: str, folder: Path) -> str:
    """The path as it is held after opening: absolute inside the folder, marked outside it."""
    if not text:
        return text
    root = folder.absolute()
    if is_outside(text.removeprefix(MARK)):
        text = text.removeprefix(MARK)
        if not Path(text).is_relative_to(root):
            return MARK + text
        text = str(Path(text).relative_to(root))
    try:
        _inside(text, folder)
    except FileError:
        return text  # shown as it is; loading it says what is wrong
    return str(root / text)


def confirmed(text: str) -> str:
    """The path after its user said that it may be read."""
    return text.removeprefix(MARK)
