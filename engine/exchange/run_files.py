"""The files that callbacks of a run write."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from engine.data.files import reason
from engine.errors import FileError
from engine.exchange.model_files import save_model, save_weights, write_file
from engine.exchange.written_files import WrittenFiles
from engine.project import Project
from engine.train.state import RunState

#: What a project of a stranger may write as a whole: nothing that anything would run.
TABLES = (".csv", ".tsv", ".txt", ".log")
#: How the names of event files begin that TensorBoard reads.
EVENTS = "events.out.tfevents."
#: What is read again to be written on.
_LARGEST = 256 * 2**20


class RunFiles:
    """Files in a folder.

    Args:
        folder: where names begin.
        project: how the model is trained.
        inside: whether every file must lie in the folder. A project may come from anyone, and what it names must
            not be written elsewhere, nor over what its callbacks did not write themselves.
        own: the project's own folder, which no checkpoint may replace.
    """

    def __init__(self, folder: Path, project: Project, inside: bool = False, own: Path | None = None) -> None:
        self._folder, self._project, self._inside, self._own = folder, project, inside, own
        self._written = WrittenFiles(folder, own) if inside else None

    def place(self, name: str) -> Path:
        """Where a file of that name lies.

        Raises:
            FileError: outside of the folder, which is not allowed.
        """
        target = self._folder / name
        if self._inside:
            parts = PureWindowsPath(name).parts  # they part at both kinds of slashes
            leads_out = ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor
            if leads_out or not target.resolve().is_relative_to(self._folder.resolve()):
                raise FileError("it must lie beside the project. Give a name without folders above it.")
            if any(part.startswith(".") for part in parts) or any(part.endswith(".loom") for part in parts[:-1]):
                raise FileError("it must be neither a hidden file nor part of a project. Give another name.")
        return target

    def read(self, name: str) -> bytes:
        """The content of a file; nothing where there is none.

        Raises:
            FileError: it cannot be read.
        """
        try:
            with self.place(name).open("rb") as file:
                content = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise FileError(f"{reason(error)}.") from None
        if len(content) > _LARGEST:
            raise FileError("it is too large to be written on. Choose another name.")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Replace a file in one step.

        Raises:
            FileError: that is not possible.
        """
        place = self.place(name)
        if self._inside and place.suffix.lower() not in TABLES:
            raise FileError(f"its name must end in {', '.join(TABLES)}.")
        self._replace(place, lambda: write_file(place, content))

    def append(self, name: str, content: bytes) -> None:
        """Write at the end of a file.

        Raises:
            FileError: that is not possible.
        """
        place = self.place(name)
        if self._inside and not place.name.startswith(EVENTS):
            raise FileError(f"its name must begin with {EVENTS}, as those of TensorBoard do.")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("ab") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileError(f"{reason(error)}.") from None

    def save(self, name: str, state: RunState, weights_only: bool) -> None:
        """Write a model, or its weights alone.

        Raises:
            FileError, UsageError: that is not possible.
        """
        place = self.place(name)
        if weights_only:
            self._replace(place, lambda: save_weights(place, state))
        elif self._own is not None and place.resolve() == self._own.resolve():
            raise FileError("this is the project itself, which keeps its weights anyway. Give another name.")
        else:
            self._replace(place, lambda: save_model(place, self._project, state))

    def _replace(self, place: Path, write: Callable[[], None]) -> None:
        if self._written is None:
            write()
            return
        self._written.check(place)
        try:
            write()
        finally:  # a write that fails late, such as at the disk's last word, has replaced it all the same
            self._written.add(place)


def beside(folder: Path, project: Project) -> RunFiles:
    """The files of a project's callbacks: beside its folder, and nowhere else."""
    return RunFiles(folder.absolute().parent, project, inside=True, own=folder)
