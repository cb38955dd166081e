"""Single updates: what ``train_on_batch`` keeps from one call to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.api import carrying
from engine.api.request import Request, build, make_job
from engine.api.rows import rows_of, with_class_weight
from engine.errors import DataError
from engine.plan.plan import Feed
from engine.train.control import Control
from engine.train.events import BatchEnd, Compiling, Failed
from engine.train.job import Job
from engine.train.loop import Loop
from engine.train.tray import Tray, form

if TYPE_CHECKING:
    from engine.api.model import Model

KEPT = 8  # batch forms whose buffers are kept; the one used longest ago goes first


class Stepper(Loop):
    """A loop of one batch that is run again and again with other numbers in the same arrays."""

    def __init__(self, model: Model, job: Job) -> None:
        self._batch = Tray(job.feed, job.samples)
        super().__init__(replace(job, feed=self._batch.feed), model.state(), parameters=model.require()[1])
        self._ready = False

    def prepare(self, control: Control) -> Iterator[Compiling]:
        """Compile what the update needs, the first time."""
        if not self._ready:
            yield from super().prepare(control)
            self._ready = not control.stopped

    def conclude(self) -> None:
        """A single update is not the end of the training: averages of weights go on."""

    def update(self, model: Model, feed: Feed) -> dict[str, float]:
        """One update on a feed of the kept form.

        Raises:
            DataError: the loss is infinite or not a number.
        """
        self._batch.put(feed)
        carrying.begin(model, self.job.samples, shuffle=False)
        self.plan.carried.load(model.carried)
        self.epoch = self.batch = 0
        self.recorder.clear()  # nobody reads the curve of single updates
        self.step, self.iterations = model.step, model.iterations
        events = self.run(Control())
        try:
            for event in events:
                if isinstance(event, BatchEnd):
                    return dict(zip(("loss", *self.job.metric_names), (event.mean_loss, *event.metrics), strict=True))
                if isinstance(event, Failed):
                    raise DataError(event.problem.text)
        finally:
            events.close()  # type: ignore[attr-defined]
            model.step, model.iterations = self.step, self.iterations
            model.carried = self.plan.carried.copy()
        raise DataError("The batch gave no update.")


def train_on_batch(model: Model, x: Any, y: Any, sample_weight: Any, class_weight: Any) -> dict[str, float]:
    """One update; loss and metrics of the batch.

    Raises:
        UsageError: the model was not compiled, or arrays are missing.
        DataError: the data do not fit.
    """
    build(model, x)
    rows = with_class_weight(rows_of(model, x, y, sample_weight, ""), class_weight)
    feed = rows.feed(model)
    key = form(feed), rows.samples
    stepper: Stepper | None = model.steppers.pop(key, None)
    if stepper is None:
        request = Request(
            x, y, batch_size=rows.samples, shuffle=False, sample_weight=sample_weight, class_weight=class_weight
        )
        stepper = Stepper(model, make_job(model, request))
        while len(model.steppers) >= KEPT:
            del model.steppers[next(iter(model.steppers))]
    model.steppers[key] = stepper
    return stepper.update(model, feed)
