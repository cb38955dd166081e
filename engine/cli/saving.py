"""Where a training is saved: looked at before it begins, and never the end of what was learned."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from time import perf_counter

from engine.cli.opening import logic
from engine.cli.output import say
from engine.errors import FileError, UsageError
from engine.io import load_project, save_project
from engine.io.disk import write_error
from engine.io.folder import PROJECT
from engine.kernels.jit import user_cache
from engine.project import Project
from engine.train.state import RunState

#: Seconds between two saves while training goes on.
SAVE_EVERY = 60.0


def prepare(target: Path, folder: Path, project: Project, force: bool) -> None:
    """Make the target and write to it on trial, before hours are spent on what could not be kept.

    Args:
        target: where the training is to be saved.
        folder: where the project was opened.
        project: what is to be trained.
        force: save over another project.

    Raises:
        UsageError: something else stands there.
        FileError: nothing can be written there.
    """
    if target.resolve() != folder.resolve() and not force:
        _refuse_others(target, project)
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder '{target.parent}' to save in. Make it first, or choose another --out.")
    trial = target / f"trial.tmp-{os.getpid()}"
    try:
        target.mkdir(exist_ok=True)
        trial.touch()
        trial.unlink()
    except FileExistsError:
        raise UsageError(f"'{target}' is a file, not a folder. Choose another name after --out.") from None
    except OSError as error:
        raise write_error(error, target, 0) from None


def _refuse_others(target: Path, project: Project) -> None:
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not (target / PROJECT).exists():
        raise UsageError(
            f"'{target}' holds files that are no project. Choose another name after --out, or add --force."
        )
    try:
        same = logic(load_project(target).project.graph) == logic(project.graph)
    except FileError:
        same = False  # a damaged project may still be worth something to its owner
    if not same:
        raise UsageError(
            f"'{target}' holds another project already. Choose another name after --out, "
            "or add --force to save over it."
        )


class Saver:
    """Saves one training, now and then and at its end.

    Attributes:
        target: the folder it is saved in.
    """

    def __init__(self, target: Path, project: Project) -> None:
        self.target = target
        self._project = project
        self._saved = perf_counter()
        self._warned = False

    @property
    def due(self) -> bool:
        """Whether the last save, or the last attempt, is long ago."""
        return perf_counter() - self._saved > SAVE_EVERY

    def keep(self, state: RunState) -> None:
        """Save on the way; a failure is told once, and training goes on."""
        try:
            save_project(self.target, self._project, state)
        except FileError as error:
            if not self._warned:
                say(f"Note: {error} Training goes on and tries again every minute.")
                self._warned = True
        self._saved = perf_counter()

    def finish(self, state: RunState) -> None:
        """Save the end; where that fails, in the user's cache folder.

        Raises:
            FileError: it stands elsewhere or nowhere, as the sentence says.
        """
        try:
            save_project(self.target, self._project, state)
        except FileError as error:
            raise FileError(f"{error} {self._rescued(state)}") from None

    def _rescued(self, state: RunState) -> str:
        name = f"{self.target.stem}-{datetime.now():%Y%m%d-%H%M%S}.loom"
        folder = user_cache() / "rescued" / name
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            save_project(folder, self._project, state)
        except (OSError, FileError) as error:
            return f"It could not be kept in '{folder}' either ({error})."
        return f"What was learned is kept in '{folder}': move it where you want it."
