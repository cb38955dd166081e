"""Training a project."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.split import Parts
from engine.project import Project
from engine.train.control import Control
from engine.train.events import Event
from engine.train.files import Files
from engine.train.job import job_of
from engine.train.loop import Loop
from engine.train.state import RunState


class Trainer:
    """Trains a project's network; knows nothing of threads, windows or files.

    Args:
        project: what to train; the run keeps this graph while the user edits on.
        parts: rows that train and rows that judge.
        state: where to go on; weights carry over by node id where their shapes agree.
        epochs: epochs done in total at the end (default: the project's).
        threads: worker threads (default: all cores). The result does not depend on it.
        files: where callbacks write (default: nowhere, which they say).

    Raises:
        UsageError: the network has faults.
        DataError: the data do not fit it.
    """

    def __init__(
        self,
        project: Project,
        parts: Parts,
        state: RunState | None = None,
        *,
        epochs: int | None = None,
        threads: int | None = None,
        files: Files | None = None,
    ) -> None:
        self.loop = Loop(job_of(project, parts, epochs), state, threads, files=files)

    def run(self, control: Control) -> Iterator[Event]:
        """Train, yielding what happens."""
        yield from self.loop.run(control)
