"""Jobs for the engine thread: generators of events, and what guards them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from designer.text import tr
from engine.catalogue.sources.base import Dataset
from engine.data.split import split
from engine.errors import LayerloomError
from engine.exchange.run_files import beside
from engine.problems import Problem
from engine.project import Project
from engine.train.control import Control
from engine.train.events import Event, Failed
from engine.train.state import RunState
from engine.train.trainer import Trainer

log = logging.getLogger(__name__)

Job = Callable[[Control], Iterator[Event]]


@dataclass(frozen=True)
class Ended:
    """The last thing an engine thread says."""


def training(
    project: Project, dataset: Dataset, state: RunState | None, epochs: int | None, folder: Path | None = None
) -> Job:
    """The job that trains a project; its callbacks write beside the project's folder.

    Dividing the data and planning take time, so they happen when the job runs, not here.
    """

    def job(control: Control) -> Iterator[Event]:
        files = beside(folder, project) if folder is not None else None
        trainer = Trainer(project, split(dataset, project.split), state, epochs=epochs, files=files)
        yield from trainer.run(control)

    return job


def perform(job: Job, control: Control, put: Callable[[object], None]) -> None:
    """Run a job to its end and put its events; whatever goes wrong becomes a ``Failed`` event."""
    try:
        for event in job(control):
            put(event)
    except LayerloomError as error:
        put(Failed(Problem(str(error))))
    except MemoryError:
        log.exception("training ran out of memory")
        sentence = tr("Training needs more memory than there is. Choose a smaller batch or a smaller network.")
        put(Failed(Problem(sentence)))
    except BaseException as error:
        # Nothing may end this thread silently, not even SystemExit out of a library.
        log.exception("training stopped by an internal fault")
        put(Failed(Problem(_fault(error))))
    finally:
        put(Ended())


def _fault(error: BaseException) -> str:
    said = " ".join(str(error).split())[:200]
    return tr(
        "Training stopped because of an internal fault ({told}). "
        "Your project is unharmed. Please report it together with the log.",
        told=f"{type(error).__name__}{': ' if said else ''}{said}",
    )
