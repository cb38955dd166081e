"""Everything that must survive between two batches for a run to go on exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.graph import Graph

Arrays = Mapping[str, Mapping[str, npt.NDArray[Any]]]


@dataclass(frozen=True)
class RunHistory:
    """The curves of a run; long ones are thinned as :mod:`engine.train.recorder` says.

    Attributes:
        steps: (n, 2 + k) float64: update number, loss and k metrics of the batch alone, one row per
            update; NaN where a metric was not watched.
        epochs: one mapping of names to figures per completed epoch.
        metrics: names of the k metrics.
        axes: (n, 2) float64: epochs done (with their fraction) and seconds trained when each update was
            over; NaN or no rows at all where that was not kept (files of version 1).
        ends: (epochs, 3) float64: number, last update and its seconds of each completed epoch; no rows
            where that was not kept.
        running: loss and metrics of the epoch under way, as means of its updates so far.
    """

    steps: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    epochs: tuple[Mapping[str, float], ...] = ()
    metrics: tuple[str, ...] = ()
    axes: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    ends: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    running: Mapping[str, float] = field(default_factory=dict)

    def series(self, name: str) -> list[float]:
        """One figure over the epochs."""
        return [logs[name] for logs in self.epochs if name in logs]


@dataclass(frozen=True)
class Remembered:
    """What a callback remembers between two batches.

    Attributes:
        type: key of its declaration.
        monitor: the figure that it watches, if any; what it knows of one says nothing of another.
        memory: numbers, texts and ``None`` by name.
        kept: weights that it keeps, if any.
    """

    type: str
    monitor: str = ""
    memory: Mapping[str, Any] = field(default_factory=dict)
    kept: Arrays | None = None


@dataclass(frozen=True)
class RunState:
    """A run between two batches.

    Random numbers and the order of samples need no arrays: they follow from seed, epoch and step.

    Attributes:
        graph: the graph the weights belong to.
        weights: arrays by node id and weight name.
        slots: the optimizer's memory: by slot name, then node id, then weight name.
        optimizer: key of the optimizer the slots belong to.
        seed: seed of the run.
        epoch: completed epochs.
        batch: completed batches of the epoch under way.
        step: updates so far.
        sums: running sums of loss and metrics of the epoch under way.
        iterations: updates since the optimizer began; -1 when as many as ``step``.
        epoch_key: fingerprint of what ``batch`` and ``sums`` depend on (data, batch size, seed,
            losses, metrics); another fingerprint begins the epoch anew.
        history: the curves so far.
        rate: the learning rate that a callback has set; -1 when none has.
        declared_rate: the optimizer's own learning rate then; another one counts anew.
        callbacks: what the callbacks remember, in their order.
        carried: states that layers hand on to the next batch, a row of them for every row of a batch.
    """

    graph: Graph
    weights: Arrays
    slots: Mapping[str, Arrays] = field(default_factory=dict)
    optimizer: str = ""
    seed: int = 0
    epoch: int = 0
    batch: int = 0
    step: int = 0
    sums: tuple[float, ...] = ()
    history: RunHistory = field(default_factory=RunHistory)
    iterations: int = -1
    epoch_key: str = ""
    rate: float = -1.0
    declared_rate: float = -1.0
    callbacks: tuple[Remembered, ...] = ()
    carried: Arrays = field(default_factory=dict)
