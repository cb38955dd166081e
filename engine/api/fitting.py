"""What ``fit``, ``evaluate`` and ``predict`` do."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from engine.api.arguments import batch_size_of, callbacks_of
from engine.api.callback import History
from engine.api.hooks import Hooks
from engine.api.progress import ProgressLine
from engine.api.request import Request, build, by_name, make_job, rows_of
from engine.errors import DataError, UsageError
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Event, Failed, Finished, Started
from engine.train.loop import Loop
from engine.train.predictor import Predictor
from engine.train.scores import metric_names

if TYPE_CHECKING:
    from engine.api.model import Model


def fit(model: Model, request: Request) -> History:
    """Train a model and return its history."""
    history = History()
    callbacks = [history, *callbacks_of(request.callbacks)]
    verbose = loudness(request.verbose)
    job = make_job(model, request)
    start = replace(model.state(), epoch=int(request.initial_epoch))
    loop = Loop(job, start, parameters=model.require()[1])
    hooks = Hooks(model, callbacks, {"epochs": job.epochs, "steps": job.batches, "verbose": verbose})
    model.stop_training, model.running = False, True
    try:
        follow(loop, hooks, verbose)
    finally:
        model.running = False
        model.step, model.iterations = loop.step, loop.iterations
    return history


def follow(loop: Loop, hooks: Hooks, verbose: int) -> None:
    """Run the loop, calling hooks and drawing progress.

    Raises:
        DataError: the loss became infinite or not a number.
    """
    control = Control()
    show = Show(loop, verbose)
    hooks.begin()
    with closing(cast("Generator[Event, None, None]", loop.run(control))) as events:
        for event in events:
            if isinstance(event, Failed):
                raise DataError(event.problem.text)
            if isinstance(event, Finished):
                break
            # The loop stands still until the next event is asked for: what is announced here is yet to come.
            answer(event, loop, hooks, show)
            if hooks.model.stop_training:
                control.stop()
    hooks.end()


def answer(event: Event, loop: Loop, hooks: Hooks, show: Show) -> None:
    """Call the hooks that belong between an event and what follows it."""
    model, job = hooks.model, loop.job
    if isinstance(event, BatchEnd):
        # A callback may save the model.
        model.step, model.iterations = loop.step, loop.iterations
        hooks.end_batch(event, show.batch(event))
        if event.batch < job.batches and not model.stop_training:
            hooks.begin_batch(event.batch)
    elif isinstance(event, EpochEnd):
        show.end(event)
        hooks.end_epoch(event.epoch - 1, event.logs)
    if isinstance(event, (Started, EpochEnd)) and event.epoch < job.epochs and not model.stop_training:
        show.begin(event.epoch)
        hooks.begin_epoch(event.epoch)


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

    def batch(self, event: BatchEnd) -> dict[str, float]:
        """A batch is over; returns the figures by name."""
        logs = dict(zip(self.names, (event.mean_loss, *event.metrics), strict=True))
        self.line.update(event.batch, logs)
        return logs

    def end(self, event: EpochEnd) -> None:
        """An epoch is over."""
        self.line.finish(event.logs)


def evaluate(model: Model, x: Any, y: Any, batch_size: int | None, verbose: int | str) -> list[float] | float:
    """Loss and metrics on data."""
    size, loud = batch_size_of(batch_size), loudness(verbose)
    build(model, x)
    rows, heads = rows_of(model, x, y, None, ""), model.heads()
    feed, samples = rows.feed(model), rows.samples
    line = ProgressLine(-(-samples // size), loud)
    weights = model.require()[1].copy()
    logs = Predictor(model.graph, weights, model.dtype).judge(heads, feed, samples, size)
    line.finish(logs)
    figures = [logs["loss"], *(logs[name] for name in metric_names(model.graph, heads))]
    return figures if len(figures) > 1 else figures[0]


def predict(model: Model, x: Any, batch_size: int | None, verbose: int | str) -> Any:
    """Outputs for data."""
    size, loud = batch_size_of(batch_size), loudness(verbose)
    build(model, x)
    _, parameters = model.require()
    inputs = by_name(model.graph.inputs, x, "input", model.dtype)
    names = model.output_names or list(model.graph.outputs)
    samples = len(next(iter(inputs.values())))
    line = ProgressLine(-(-samples // size), loud)
    found = Predictor(model.graph, parameters.copy(), model.dtype).predict(inputs, size, names)
    line.finish({})
    return found[names[0]] if len(names) == 1 else [found[name] for name in names]


def loudness(verbose: Any) -> int:
    """``auto`` is a growing line; everything else must be 0, 1 or 2."""
    if isinstance(verbose, str) and verbose == "auto":
        return 1 if sys.stdout is not None else 0
    if not isinstance(verbose, (int, bool)) or verbose not in (0, 1, 2):
        raise UsageError(f"verbose must be 0, 1, 2 or 'auto'; received {verbose!r}.")
    return int(verbose)
