"""A run on the terminal: a bar for the epoch under way, a line for each that is over."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.cli.output import console, figures
from engine.train.events import BatchEnd, Compiling, EpochEnd, Event, Started, Validating


class TrainingProgress:
    """Shows events; without a terminal only the lines of finished epochs appear.

    Args:
        quiet: show nothing.
    """

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._out = console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            console=self._out,
            transient=True,
            disable=quiet or not self._out.is_terminal,
        )
        self._compile = self._bars.add_task("Preparing", total=None, visible=False, figures="")
        self._epoch = self._bars.add_task("Epoch", total=None, visible=False, figures="")
        self._run: Started | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Compiling():
                text = f"compiling {event.name}" if event.name else ""
                self._bars.update(self._compile, total=event.total, completed=event.done, visible=True, figures=text)
            case Started():
                self._run = event
                self._bars.update(self._compile, visible=False)
                self._begin(event.epoch, event.batch)
            case BatchEnd() if self._run is not None:
                known = {"loss": event.mean_loss} | dict(zip(self._run.metrics, event.metrics, strict=True))
                self._bars.update(self._epoch, completed=event.batch, figures=figures(known))
            case Validating():
                self._bars.update(self._epoch, figures=f"validating {event.done} of {event.total}")
            case EpochEnd() if self._run is not None:
                if not self.quiet:
                    speed = f"{1000 * event.seconds / self._run.batches:.1f} ms a batch"
                    told = f"Epoch {event.epoch}/{self._run.epochs}  {figures(event.logs)}  {speed}"
                    self._bars.console.print(told, soft_wrap=True)
                self._begin(event.epoch, 0)

    def _begin(self, epoch: int, batch: int) -> None:
        if self._run is not None and epoch < self._run.epochs:
            name = f"Epoch {epoch + 1}/{self._run.epochs}"
            self._bars.reset(
                self._epoch, total=self._run.batches, completed=batch, visible=True, description=name, figures=""
            )
