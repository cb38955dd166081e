"""The training loop as a generator of events."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from math import isfinite
from time import perf_counter

import numpy as np

from engine.catalogue.optimizers.base import AVERAGE
from engine.errors import DataError
from engine.plan.carried import States
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.plan.program import Program, compile_all
from engine.problems import Problem
from engine.train.carrying import check_rows, fitting_rows
from engine.train.companions import Companions
from engine.train.control import Control
from engine.train.events import (
    BatchEnd,
    Compiling,
    EpochEnd,
    Event,
    Failed,
    Finished,
    Paused,
    Probe,
    Resumed,
    Snapshot,
    Started,
    Told,
)
from engine.train.faults import not_finite
from engine.train.files import Files
from engine.train.fingerprint import epoch_key
from engine.train.ground import LoopGround
from engine.train.job import Job
from engine.train.reader import NO_ROWS
from engine.train.recorder import Recorder
from engine.train.scores import Scores
from engine.train.state import RunState
from engine.train.supply import Order, Rows, Supply
from engine.train.validation import validated

log = logging.getLogger(__name__)
PAUSE_LOOK = 0.05  # seconds between two looks at the control during a pause


class Loop:
    """Trains a job, optionally going on from a state.

    Everything random follows from (seed, epoch, step), so a run that was stopped, saved and
    opened again gives the same bits as one that never stopped.

    Args:
        job: what to train.
        state: where to go on.
        threads: worker threads (default: all cores).
        parameters: weights to train in place (default: new ones, drawn from the seed).
        files: where callbacks write (default: nowhere, which they say).

    Attributes:
        rate: the learning rate that somebody set while it runs; ``None`` for the optimizer's own.
        good: the weights at the start of the epoch.
        before_validation: what stateful layers had handed on when the validation under way began.
    """

    def __init__(
        self,
        job: Job,
        state: RunState | None = None,
        threads: int | None = None,
        parameters: Parameters | None = None,
        files: Files | None = None,
    ) -> None:
        self.job = job
        self.threads = threads
        if parameters is None:
            parameters = Parameters(job.graph, job.inference, np.dtype(job.dtype))
            parameters.initialize(job.seed)
        self.parameters = parameters
        capacity = max(1, min(job.batch_size, job.samples), min(job.val_batch_size, job.val_samples))
        check_rows(job)
        self.plan = self._planned(capacity)
        self.epoch = self.batch = self.step = 0
        self.scores = Scores(job.graph, job.inference, job.heads)
        self.epoch_key = epoch_key(job)
        self.iterations = 0
        self._order = Order(job)
        self._supplies = {"train": Supply(job.feed, job.reader, job.batch_size)}
        if job.val_feed is not None:
            self._supplies["evaluate"] = Supply(job.val_feed, job.val_reader, job.val_batch_size)
        self.rate: float | None = None
        self.sums = np.zeros(2 + self.plan.columns)
        self.before_validation: States | None = None
        self.recorder = Recorder(self.scores.names, state.history if state is not None else None)
        if state is not None:
            self.restore(state)
        self.ground = LoopGround(self, files)
        self.companions = Companions(job.callbacks, self.ground, state.callbacks if state is not None else ())
        self.good = self.parameters.flat.copy()
        self._batch_metrics: tuple[float, ...] = ()
        self._programs: dict[tuple[str, int], Program] = {}
        self._is_prepared = False

    def _planned(self, capacity: int) -> Plan:
        job = self.job
        return Plan(job.graph, job.inference, self.parameters, capacity, job.heads, job.optimizer)

    def restore(self, state: RunState) -> None:
        self.parameters.load(state.weights)
        self.iterations = state.step if state.iterations < 0 else state.iterations
        same = state.optimizer == self.job.optimizer.key
        if not (same and self.parameters.load_slots(state.slots)):
            # Another optimizer or new weights: what it remembers would not fit its count of updates.
            self.parameters.forget_slots()
            self.iterations = 0
        self.plan.carried.load(fitting_rows(state.carried, self.job.batch_size))
        self.epoch, self.step = state.epoch, state.step
        if state.rate >= 0 and state.declared_rate == self._declared_rate():
            self.rate = state.rate
        if state.epoch_key == self.epoch_key and len(state.sums) == len(self.sums):
            # In mid-epoch, and data, batches and metrics are those of the run: go on exactly there.
            self.batch = state.batch
            self.sums[:] = state.sums

    def _declared_rate(self) -> float:
        return self.job.optimizer.rate(1) if self.job.optimizer.has_plain_rate else -1.0

    def rate_now(self) -> float:
        """The learning rate of the next update."""
        return self.job.optimizer.rate(self.iterations + 1, self.epoch) if self.rate is None else self.rate

    # -- programs ----------------------------------------------------------------------------------

    def program(self, kind: str, rows: int) -> Program:
        """The program of ``train`` or ``evaluate`` for so many rows."""
        if (kind, rows) not in self._programs:
            feed = self._supplies[kind].feed
            made = self.plan.training(rows, feed) if kind == "train" else self.plan.evaluating(rows, feed)
            if self._is_prepared:  # a batch of a size that nobody could foresee
                made.bind()
            self._programs[kind, rows] = made
        return self._programs[kind, rows]

    def _sizes(self) -> list[tuple[str, int]]:
        """The batch sizes that will occur, training and validation."""
        found = []
        for kind, samples, size in (
            ("train", self.job.samples, self.job.batch_size),
            ("evaluate", self.job.val_rows, self.job.val_batch_size),
        ):
            if samples >= size:
                found.append((kind, size))
            if samples % size and not self._supplies[kind].is_open:
                found.append((kind, samples % size))
        return found

    def prepare(self, control: Control) -> Iterator[Compiling]:
        """Compile or load every kernel that the run will need; stops when told to."""
        programs = [self.program(kind, rows) for kind, rows in self._sizes()]
        for done, total, name in compile_all(programs):
            yield Compiling(done, total, name)
            if control.stopped:
                return
        self._is_prepared = True

    # -- the run -------------------------------------------------------------------------------------

    def run(self, control: Control) -> Iterator[Event]:
        """Train until the job's epochs are done, or until told to stop.

        A fault on the way (memory, a broken plug-in) ends the run with what was learnt so far.
        """
        try:
            yield from self.prepare(control)
            if control.stopped:
                yield Finished("stopped", self.state())
                return
            with Crew(self.threads) as crew:
                yield self._started(crew.threads)
                self.companions.begin()
                yield from self._news()
                outcome = yield from self._epochs_of(control, crew)
            if outcome == "done":
                self.conclude()
                self.companions.end()
                yield from self._news()
        except DataError as error:
            yield Failed(Problem(str(error)), self._state_if_possible())
            return
        except Exception as error:
            log.exception("the run ended by a fault")
            told = str(error) or type(error).__name__
            text = f"Training stopped because of a fault: {told}. What was learnt is kept."
            yield Failed(Problem(text), self._state_if_possible())
            return
        if outcome != "failed":
            yield Finished(outcome, self.state())

    def conclude(self) -> None:
        """At the end of all epochs the moving averages of the weights take their place, where the optimizer has any."""
        if self.job.optimizer.use_ema and self.iterations:
            self.parameters.flat[:] = self.parameters.slots[AVERAGE]

    def _epochs_of(self, control: Control, crew: Crew) -> Generator[Event, None, str]:
        began = perf_counter()
        while self.epoch < self.job.epochs:
            if control.attention and (yield from self.attend(control)):
                return "stopped"
            entered = perf_counter()
            if self.batch == 0 and self.companions.members:
                self.companions.begin_epoch(self.epoch)
                yield from self._news()
            outcome = yield from self._epoch(control, crew, began)
            if outcome == "done" and not self.ground.halted:
                outcome = yield from self._end_of_epoch(control, crew, entered)
            if outcome != "done":
                return outcome
            if self.ground.halted:
                break
        return "done"

    def _news(self) -> Iterator[Told]:
        """What callbacks have said since."""
        yield from self.ground.take()

    def _started(self, threads: int) -> Started:
        job = self.job
        now = (self.epoch, self.batch, self.step)
        return Started(*now, job.epochs, job.batches, job.samples, job.val_samples, job.metric_names, threads)

    def _epoch(self, control: Control, crew: Crew, began: float) -> Generator[Event, None, str]:
        job = self.job
        if self.batch == 0:
            self.sums[:] = 0
            self.good[:] = self.parameters.flat
        while self.batch < job.batches:
            if control.attention and (yield from self.attend(control)):
                return "stopped"
            here = self.epoch, self.batch
            loss = self._update(crew, self.supplied("train", self._order.wanted(*here), self._order.after(*here)))
            if not isfinite(loss):
                return (yield from self._fault(loss))
            self.batch += 1
            done = self.sums[1]
            figures = tuple(self.scores.metrics(self.sums[2:], done))
            mean, seconds = float(self.sums[0] / done), perf_counter() - began
            place = self.epoch + self.batch / job.batches
            self.recorder.update(self.step, place, seconds, loss, self._batch_metrics)
            yield BatchEnd(self.step, self.epoch, self.batch, loss, mean, figures, seconds, self._batch_metrics)
            if self.companions.every_batch:
                logs = dict(zip(("loss", *self.scores.names), (mean, *figures), strict=True))
                self.companions.end_batch(self.epoch, self.batch - 1, logs)
                yield from self._news()
            if self.ground.halted:
                return "done"
        return "done"

    def _fault(self, loss: float) -> Generator[Event, None, str]:
        """A loss that is not finite ends the run; whether with an error is for the callbacks to say."""
        problem = not_finite(self, loss)
        if not self.companions.end_on_fault:
            yield Failed(problem, self.state())
            return "failed"
        self.ground.halted = True
        yield Told(problem.text, warning=True)
        return "done"

    def supplied(self, kind: str, wanted: Rows, then: Rows = NO_ROWS) -> Rows:
        """Make a batch of ``train`` or ``evaluate`` ready; where its rows lie in the feed.

        Raises:
            DataError: there is no such batch.
        """
        index, changed = self._supplies[kind].place(wanted, then)
        if changed:
            self._programs.clear()
            if len(index) > self.plan.capacity:
                carried = self.plan.carried.copy()
                self.plan = self._planned(len(index))
                self.plan.carried.load(carried)
        return index

    def _update(self, crew: Crew, rows_of: Rows) -> float:
        """One step: the batch's loss; a loss that is not finite leaves the weights untouched."""
        plan, job, rows = self.plan, self.job, len(rows_of)
        program = self.program("train", rows)
        plan.carried.take(rows)
        plan.index[:rows] = rows_of
        plan.clock[0] = job.seed
        plan.clock[1] = self.step
        self.scale(rows)
        program.run_compute(crew)
        batch = plan.sums[: program.shards].sum(axis=0)
        loss = self.scores.loss(batch, rows)
        if not isfinite(loss):
            plan.carried.reset()
            return loss
        rate = self.rate_now()
        self.iterations += 1
        plan.tune(self.iterations, rate)
        program.run_update(crew)
        if len(plan.penalties):
            loss += float(plan.penalties.sum())
        self.step += 1
        self.sums[0] += rows * loss
        self.sums[1] += rows
        self.sums[2:] += batch
        self._batch_metrics = tuple(self.scores.metrics(batch, rows))
        return loss

    def scale(self, rows: int) -> None:
        """Tell the losses how many rows count."""
        for head in self.job.heads:
            self.plan.scale[head.node][0] = head.weight / (rows * self.scores.inner[head.node])

    def _end_of_epoch(self, control: Control, crew: Crew, entered: float) -> Generator[Event, None, str]:
        if not np.isfinite(self.parameters.flat).all():
            return (yield from self._fault(float("inf")))
        names = ("loss", *self.scores.names)
        done = self.sums[1]
        figures = [float(self.sums[0] / done), *self.scores.metrics(self.sums[2:], done)]
        logs = dict(zip(names, figures, strict=True))
        if self.job.judges(self.epoch):
            judged = yield from validated(self, control, crew)
            if judged is None:
                return "stopped"  # the epoch stays open; whoever goes on validates first
            logs |= {f"val_{name}": value for name, value in zip(names, judged, strict=True)}
        self.epoch += 1
        self.batch = 0
        self.sums[:] = 0  # between two epochs there is one state, whenever it is looked at
        self.recorder.end_epoch(self.epoch, self.step, logs)
        if self.companions.members:
            self.companions.end_epoch(self.epoch - 1, logs)  # it may add figures to them
            yield from self._news()
        yield EpochEnd(self.epoch, self.step, logs, perf_counter() - entered)
        return "done"

    # -- outside requests ------------------------------------------------------------------------------

    def attend(self, control: Control) -> Generator[Event, None, bool]:
        """Answer requests; returns whether to stop."""
        yield from self._answers(control)
        if control.paused and not control.stopped:
            yield Paused(self.step)
            while not control.wait(PAUSE_LOOK):
                yield from self._answers(control)
            if not control.stopped:
                yield Resumed(self.step)
        control.attended()
        return control.stopped

    def _answers(self, control: Control) -> Iterator[Event]:
        if control.take_snapshot_request():
            yield Snapshot(self.state())
        if control.take_probe_request():
            began = perf_counter()
            weights = self.parameters.copy()
            yield Probe(self.job.graph, weights, self.epoch, self.step, perf_counter() - began)

    def state(self) -> RunState:
        """A copy of everything needed to go on from here."""
        return RunState(
            graph=self.job.graph,
            weights=self.parameters.copy(),
            slots=self.parameters.copy_slots(),
            optimizer=self.job.optimizer.key,
            seed=self.job.seed,
            epoch=self.epoch,
            batch=self.batch,
            step=self.step,
            sums=tuple(float(v) for v in self.sums),
            history=self.recorder.history(self._running()),
            iterations=self.iterations,
            epoch_key=self.epoch_key,
            rate=-1.0 if self.rate is None else self.rate,
            declared_rate=self._declared_rate(),
            callbacks=self.companions.remembered(),
            carried=self.plan.carried.copy() if self.before_validation is None else self.before_validation,
        )

    def _running(self) -> dict[str, float]:
        """Means of the epoch under way."""
        done = self.sums[1]
        if not self.batch:
            return {}
        figures = self.scores.metrics(self.sums[2:], done)
        return {"loss": float(self.sums[0] / done), **dict(zip(self.scores.names, figures, strict=True))}

    def _state_if_possible(self) -> RunState | None:
        try:
            return self.state()
        except MemoryError:
            return None
