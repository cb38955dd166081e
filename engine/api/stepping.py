"""Single updates: what ``train_on_batch`` keeps from one call to the next."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.api.request import Request, build, make_job, rows_of
from engine.errors import DataError
from engine.plan.plan import Feed
from engine.train.control import Control
from engine.train.events import BatchEnd, Compiling, Failed
from engine.train.job import Job
from engine.train.loop import Loop

if TYPE_CHECKING:
    from engine.api.model import Model

KEPT = 8  # batch forms whose buffers are kept; the one used longest ago goes first


class Stepper(Loop):
    """A loop of one batch that is run again and again with other numbers in the same arrays."""

    def __init__(self, model: Model, job: Job) -> None:
        super().__init__(replace(job, feed=_copied(job.feed)), model.state(), parameters=model.require()[1])
        self._ready = False

    def prepare(self, control: Control) -> Iterator[Compiling]:
        """Compile what the update needs, the first time."""
        if not self._ready:
            yield from super().prepare(control)
            self._ready = not control.stopped

    def update(self, model: Model, feed: Feed) -> list[float]:
        """One update on a feed of the kept form.

        Raises:
            DataError: the loss is infinite or not a number.
        """
        _copy(feed, self.job.feed)
        self.epoch = self.batch = 0
        self.recorder.clear()  # nobody reads the curve of single updates
        self.step, self.iterations = model.step, model.iterations
        events = self.run(Control())
        try:
            for event in events:
                if isinstance(event, BatchEnd):
                    return [event.mean_loss, *event.metrics]
                if isinstance(event, Failed):
                    raise DataError(event.problem.text)
        finally:
            events.close()  # type: ignore[attr-defined]
            model.step, model.iterations = self.step, self.iterations
        raise DataError("The batch gave no update.")


def train_on_batch(model: Model, x: Any, y: Any, sample_weight: Any) -> list[float] | float:
    """One update.

    Raises:
        UsageError: the model was not compiled, or arrays are missing.
        DataError: the data do not fit.
    """
    build(model, x)
    rows = rows_of(model, x, y, sample_weight, "")
    feed = rows.feed(model)
    form = _form(feed)
    stepper: Stepper | None = model.steppers.pop(form, None)
    if stepper is None:
        request = Request(x, y, batch_size=rows.samples, shuffle=False, sample_weight=sample_weight)
        stepper = Stepper(model, make_job(model, request))
        while len(model.steppers) >= KEPT:
            del model.steppers[next(iter(model.steppers))]
    model.steppers[form] = stepper
    figures = stepper.update(model, feed)
    return figures if len(figures) > 1 else figures[0]


def _arrays(feed: Feed) -> list[Any]:
    return [*feed.inputs.values(), *feed.targets.values(), *(feed.weights or {}).values()]


def _form(feed: Feed) -> Hashable:
    """What a kept feed must share with a new one: kernels are bound to addresses, sizes and element types."""
    return (feed.weights is None, *((array.shape, array.dtype) for array in _arrays(feed)))


def _copied(feed: Feed) -> Feed:
    return Feed(
        {node: array.copy() for node, array in feed.inputs.items()},
        {node: array.copy() for node, array in feed.targets.items()},
        None if feed.weights is None else {node: array.copy() for node, array in feed.weights.items()},
    )


def _copy(source: Feed, target: Feed) -> None:
    for new, kept in zip(_arrays(source), _arrays(target), strict=True):
        np.copyto(kept, new)
