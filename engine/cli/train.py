"""``train``: train a project, from where it was saved."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from engine.cli.opening import AsJson, OutsideData, ProjectPath, load_data, open_project, refuse_faults
from engine.cli.output import count, figures, say, show_json, tell
from engine.cli.progress import TrainingProgress
from engine.cli.saving import Saver, prepare
from engine.errors import FileError, UsageError
from engine.exchange.run_files import beside
from engine.project import Project
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Failed, Finished, Snapshot, Told
from engine.train.state import RunState
from engine.train.trainer import Trainer

EXAMPLES = (
    "python3 main.py train digits.loom",
    "python3 main.py train digits.loom --epochs 5",
    "python3 main.py train digits.loom --fresh --seed 7 --out other.loom",
)


def train(
    folder: ProjectPath,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How many more epochs; as many as the project wants if left out")
    ] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Samples per update; the project's if left out")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Start of every random choice; the project's if left out")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Save there and leave PROJECT as it is.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget earlier training and begin anew.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Save over another project in --out.")] = False,
    outside_data: OutsideData = False,
    as_json: AsJson = False,
) -> None:
    """Train a project, going on from where it was saved.

    Ctrl-C stops after the batch under way and saves; the next call goes on there.

    While it trains, it saves about once a minute.
    """
    opened = open_project(folder, outside_data)
    project = _changed(opened.project, batch_size, seed)
    dataset, parts = load_data(project, folder)
    refuse_faults(project, dataset)
    state = None if fresh else opened.state
    total = _total_epochs(project, state, epochs, folder)
    trainer = Trainer(project, parts, state, epochs=total, files=beside(out or folder, project))
    prepare(out or folder, folder, project, force)
    run = _Run(Saver(out or folder, project), as_json)
    end = run.train(trainer)
    if isinstance(end, Failed):
        raise UsageError(_ended(end, run.saver))
    run.saver.finish(end.state)
    _report(end, run)


def _changed(project: Project, batch_size: int | None, seed: int | None) -> Project:
    values: dict[str, Any] = {"batch_size": batch_size, "seed": seed}
    return project.with_training(project.training.changed(**{k: v for k, v in values.items() if v is not None}))


def _total_epochs(project: Project, state: RunState | None, more: int | None, folder: Path) -> int:
    done = state.epoch if state is not None else 0
    if more is not None:
        return done + more
    if done >= project.training.epochs:
        raise UsageError(
            f"'{folder.name}' has had its {count(project.training.epochs, 'epoch')}. Add --epochs N for N more, "
            "or --fresh to begin anew."
        )
    return project.training.epochs


class _Run:
    """One training with its display and its saves.

    Attributes:
        saver: where it is saved.
        last: the figures of the last finished epoch.
    """

    def __init__(self, saver: Saver, quiet: bool) -> None:
        self.saver, self.quiet = saver, quiet
        self.last: dict[str, float] = {}
        self.began = perf_counter()

    def train(self, trainer: Trainer) -> Finished | Failed:
        """Train to the end, or until Ctrl-C."""
        control = Control()
        with _stopping(control), TrainingProgress(self.quiet) as progress:
            for event in trainer.run(control):
                progress.show(event)
                match event:
                    case BatchEnd() if self.saver.due:
                        control.request_snapshot()
                    case EpochEnd():
                        self.last = dict(event.logs)
                    case Told() if not self.quiet:
                        say(event.text)
                    case Snapshot():
                        self.saver.keep(event.state)
                    case Finished() | Failed():
                        return event
        raise RuntimeError("the trainer ended without saying so")


@contextmanager
def _stopping(control: Control) -> Iterator[None]:
    """Let Ctrl-C stop the run after its batch; a second one ends the program at once."""

    def stop(number: int, frame: Any) -> None:
        control.stop()
        say("Stopping after this batch, then saving. Press Ctrl-C again to leave without saving.")
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ended(end: Failed, saver: Saver) -> str:
    """Why a run failed, and why what it had learned could not be saved where it should."""
    if end.state is None:
        return end.problem.text
    try:
        saver.finish(end.state)
    except FileError as error:
        return f"{end.problem.text} {error}"
    return end.problem.text


def _report(end: Finished, run: _Run) -> None:
    state, seconds = end.state, perf_counter() - run.began
    if run.quiet:
        told = {"project": str(run.saver.target), "reason": end.reason, "epochs": state.epoch, "batches": state.batch}
        show_json(told | {"updates": state.step, "seconds": round(seconds, 3), "figures": run.last})
        return
    word = "Stopped" if end.reason == "stopped" else "Done"
    part = f" and {count(state.batch, 'batch')}" if state.batch else ""
    done = f"{count(state.epoch, 'epoch')}{part}, {count(state.step, 'update')}, {seconds:.1f} s"
    tell(f"{word} after {done}. {figures(run.last)}")
    tell(f"Saved in {run.saver.target}")
