"""What ``fit`` does."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any, cast

from engine.api import carrying
from engine.api.arguments import callbacks_of
from engine.api.callback import History, Logs
from engine.api.declared_callback import DeclaredCallback
from engine.api.hooks import Hooks
from engine.api.progress import ProgressLine
from engine.api.request import Request, make_job
from engine.errors import DataError, UsageError
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Event, Failed, Finished, Started, Validating
from engine.train.loop import Loop

if TYPE_CHECKING:
    from engine.api.model import Model


def fit(model: Model, request: Request) -> History:
    """Train a model and return its history."""
    given = callbacks_of(request.callbacks)
    history = next((item for item in given if isinstance(item, History)), History())
    callbacks = [*given, *(() if history in given else (history,))]
    verbose = loudness(request.verbose)
    job = make_job(model, request)
    carrying.begin(model, job.batch_size, request.shuffle if job.reader is None else False)
    hooks = Hooks(model, callbacks, {"epochs": job.epochs, "steps": job.batches, "verbose": verbose})
    job = replace(job, tells_validation=hooks.wants("on_test_batch_begin", "on_test_batch_end"))
    start = replace(model.state(), epoch=int(request.initial_epoch))
    loop = Loop(job, start, parameters=model.require()[1])
    model.stop_training, model.running, model.loop = False, True, loop
    try:
        Following(loop, hooks, verbose).follow()
    finally:
        model.running, model.loop = False, None
        model.step, model.iterations = loop.step, loop.iterations
        model.carried = loop.plan.carried.copy()
    return history


class Following:
    """Runs a loop, calling hooks and drawing progress.

    Args:
        loop: what runs.
        hooks: whom to call.
        verbose: 0, 1 or 2.
    """

    def __init__(self, loop: Loop, hooks: Hooks, verbose: int) -> None:
        self.loop, self.hooks, self.model = loop, hooks, hooks.model
        self.show = Show(loop, verbose)
        self.logs: Logs = {}  # the latest figures
        self.is_open = False  # an epoch has begun that is not over
        self.judged = -1  # batches of the validation under way

    def follow(self) -> None:
        """Run the loop to its end.

        Raises:
            DataError: the loss became infinite or not a number.
        """
        control = Control()
        self.hooks.call("on_train_begin")
        self._note()
        with closing(cast("Generator[Event, None, None]", self.loop.run(control))) as events:
            for event in events:
                if isinstance(event, Failed):
                    self._fail(event)
                    break
                if isinstance(event, Finished):
                    break
                # The loop stands still until the next event is asked for: what is announced here is yet to come.
                self._answer(event)
                if self.model.stop_training:
                    control.stop()
        if self.is_open:
            self.hooks.end_epoch(self.loop.epoch, self.logs)
        self.hooks.call("on_train_end", self.logs)

    def _note(self) -> None:
        # A callback may save the model, or have restored a state.
        self.model.step, self.model.iterations = self.loop.step, self.loop.iterations

    def _fail(self, event: Failed) -> None:
        quiet = [c for c in self.hooks.callbacks if isinstance(c, DeclaredCallback) and c.declaration.ends_on_fault]
        if not quiet or getattr(quiet[0].declaration, "raise_error", False):
            raise DataError(event.problem.text)
        print(f"\nBatch {self.loop.batch}: {event.problem.text}")
        self.model.stop_training = True
        self.logs = self.logs | {"loss": nan}

    def _answer(self, event: Event) -> None:
        """Call the hooks that belong between an event and what follows it."""
        hooks, job = self.hooks, self.loop.job
        if isinstance(event, BatchEnd):
            self._note()
            self.logs = self.show.batch(event)
            hooks.batch("on_train_batch_end", event.batch - 1, self.logs)
            if event.batch < job.batches and not self.model.stop_training:
                hooks.batch("on_train_batch_begin", event.batch)
        elif isinstance(event, Validating):
            self._judge(event.done)
        elif isinstance(event, EpochEnd):
            self.logs = dict(event.logs)
            if self.judged >= 0:
                judged = {name.removeprefix("val_"): v for name, v in self.logs.items() if name.startswith("val_")}
                hooks.batch("on_test_batch_end", self.judged, judged)
                hooks.call("on_test_end", judged)
                self.judged = -1
            self.show.end(event)
            self.is_open = False
            hooks.end_epoch(event.epoch - 1, self.logs)
        if isinstance(event, (Started, EpochEnd)) and event.epoch < job.epochs and not self.model.stop_training:
            self.is_open = True
            self.show.begin(event.epoch)
            hooks.begin_epoch(event.epoch)

    def _judge(self, batch: int) -> None:
        if self.judged < 0:
            self.hooks.call("on_test_begin")
        else:
            self.hooks.batch("on_test_batch_end", self.judged, {})
        self.judged = batch
        self.hooks.batch("on_test_batch_begin", batch)


class Show:
    """The printed progress of ``fit``."""

    def __init__(self, loop: Loop, verbose: int) -> None:
        self.job, self.verbose = loop.job, verbose
        self.names = ("loss", *self.job.metric_names)
        self.line = ProgressLine(self.job.batches, verbose)

    def begin(self, epoch: int) -> None:
        """An epoch begins."""
        if self.verbose:
            print(f"Epoch {epoch + 1}/{self.job.epochs}")
        self.line = ProgressLine(self.job.batches, self.verbose)

    def batch(self, event: BatchEnd) -> Logs:
        """A batch is over; returns the figures by name."""
        logs: Logs = dict(zip(self.names, (event.mean_loss, *event.metrics), strict=True))
        self.line.update(event.batch, logs)
        return logs

    def end(self, event: EpochEnd) -> None:
        """An epoch is over."""
        self.line.finish(event.logs)


def loudness(verbose: Any) -> int:
    """``auto`` is a growing line; everything else must be 0, 1 or 2."""
    if isinstance(verbose, str) and verbose == "auto":
        return 1 if sys.stdout is not None else 0
    if not isinstance(verbose, (int, bool)) or verbose not in (0, 1, 2):
        raise UsageError(f"verbose must be 0, 1, 2 or 'auto'; received {verbose!r}.")
    return int(verbose)
