"""Facts about a run, in the order in which they happen.

Events are immutable and carry no live arrays: whoever receives one may keep it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.graph import Graph
from engine.problems import Problem
from engine.train.state import Arrays, RunState


@dataclass(frozen=True)
class Compiling:
    """Kernels are being compiled (or loaded): ``done`` of ``total``; ``name`` is the next one."""

    done: int
    total: int
    name: str


@dataclass(frozen=True)
class Started:
    """Training begins or goes on.

    Attributes:
        epoch, batch, step: where it starts (0 for a new run).
        epochs: epochs it will have done at the end.
        batches: batches of one epoch.
        samples, validation_samples: rows that train and rows that judge.
        metrics: names of the metrics, as in ``BatchEnd.metrics``.
        threads: worker threads.
    """

    epoch: int
    batch: int
    step: int
    epochs: int
    batches: int
    samples: int
    validation_samples: int
    metrics: tuple[str, ...]
    threads: int


class BatchEnd(NamedTuple):
    """One update was made.

    Attributes:
        step: updates so far, this one included.
        epoch: epochs completed before this one (0 for the first).
        batch: batches done in this epoch, this one included.
        loss: loss of this batch alone.
        mean_loss: mean loss of the epoch so far (what Keras prints).
        metrics: metrics of the epoch so far.
        seconds: time since the run (this start) began.
        batch_metrics: metrics of this batch alone.
    """

    step: int
    epoch: int
    batch: int
    loss: float
    mean_loss: float
    metrics: tuple[float, ...]
    seconds: float
    batch_metrics: tuple[float, ...] = ()


@dataclass(frozen=True)
class Validating:
    """Validation of an epoch is under way: ``done`` of ``total`` batches."""

    done: int
    total: int


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over.

    Attributes:
        epoch: epochs completed, this one included.
        step: updates so far.
        logs: ``loss``, metrics, and ``val_...`` of each when there are validation samples.
        seconds: duration of this epoch.
    """

    epoch: int
    step: int
    logs: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Told:
    """A callback has something to say.

    Attributes:
        text: one sentence.
        warning: whether something was not possible.
    """

    text: str
    warning: bool = False


@dataclass(frozen=True)
class Snapshot:
    """A copy of everything needed to go on from here, as requested through ``Control``."""

    state: RunState


@dataclass(frozen=True)
class Probe:
    """A copy of the weights for whoever looks inside, as requested through ``Control``.

    The trainer hands over numbers only; what is computed from them happens elsewhere, so a look never
    changes the run.

    Attributes:
        graph: the network they belong to.
        weights: arrays by node id and weight name.
        epoch, step: when they were so.
        seconds: how long the copying held the run up.
    """

    graph: Graph
    weights: Arrays
    epoch: int
    step: int
    seconds: float


@dataclass(frozen=True)
class Paused:
    """The run waits between two batches."""

    step: int


@dataclass(frozen=True)
class Resumed:
    """The run goes on after a pause."""

    step: int


@dataclass(frozen=True)
class Finished:
    """The run is over.

    Attributes:
        reason: ``"done"`` or ``"stopped"``.
        state: weights, optimizer memory and history at the end.
    """

    reason: str
    state: RunState


@dataclass(frozen=True)
class Failed:
    """The run could not go on.

    Attributes:
        problem: what happened and what to do.
        state: the last good state, or ``None`` when nothing was trained.
    """

    problem: Problem
    state: RunState | None = None


Event = (
    Compiling | Started | BatchEnd | Validating | EpochEnd | Told
    | Snapshot | Probe | Paused | Resumed | Finished | Failed
)  # fmt: skip
