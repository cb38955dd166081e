"""Time and memory of a training before it begins, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from engine.estimate.rates import Rates
from engine.estimate.work import Work, work_of
from engine.graph import Graph
from engine.infer import Inference
from engine.plan.plan import MOST_SHARDS
from engine.project import TrainConfig

#: How much longer double precision takes: half as many numbers fit into a vector and into a cache line.
DOUBLE = 2.0
#: Gradients that every shard keeps for itself, in kernels: Winograd's are four times as large, in two places.
COPIES = {"sweeps": 1, "winograd": 5}


@dataclass(frozen=True)
class Cost:
    """What one layer takes.

    Attributes:
        seconds: of every update; ``None`` while this machine's rates are not known.
        bytes: of memory while training: weights with gradients and the optimizer's arrays, and what it puts out
            for a batch with the slopes of it.
    """

    seconds: float | None
    bytes: int


@dataclass(frozen=True)
class Estimate:
    """What a training takes.

    Attributes:
        layers: the cost of every node whose shapes are known.
        update: seconds of an update of a full batch; ``None`` while rates are not known.
        epoch: seconds of an epoch with its validation; ``None`` also while there are no data.
        bytes: memory of the arrays, without the data and the program itself.
    """

    layers: Mapping[str, Cost]
    update: float | None
    epoch: float | None
    bytes: int


def estimate(
    graph: Graph,
    inference: Inference,
    training: TrainConfig,
    rates: Rates | None = None,
    samples: int = 0,
    judged: int = 0,
) -> Estimate:
    """What training a network will take on this machine.

    Args:
        graph: the network.
        inference: its shapes.
        training: batch size, optimizer and element type.
        rates: what this machine does; without them only memory is told.
        samples: rows that train; 0 while there are none.
        judged: rows of validation after every epoch.
    """
    work = work_of(graph, inference)
    item = np.dtype(training.dtype).itemsize
    slow = DOUBLE if item == np.dtype(np.float64).itemsize else 1.0
    rows = max(1, min(training.batch_size, samples or training.batch_size))
    arrays = 1 + len(training.optimizer.slots())
    costs = {
        key: Cost(
            None if rates is None else slow * rates.of(one.terms(rows)),
            item * (one.weights * arrays + _slopes(one, rows) + rows * one.held_in_all),
        )
        for key, one in work.items()
    }
    memory = sum(cost.bytes for cost in costs.values())
    if rates is None:
        return Estimate(costs, None, None, memory)
    update = _seconds(work, rates, rows, True) * slow
    epoch = None
    if samples:
        beside = rates.seconds["batches"]
        epoch = update * samples / rows + beside * ceil(samples / rows)
        if judged:
            answers = _seconds(work, rates, min(rows, judged), False) * slow
            epoch += ceil(judged / rows) * (answers + beside)
    return Estimate(costs, update, epoch, memory)


def _slopes(work: Work, rows: int) -> int:
    """Numbers of a layer's gradients, those that shards keep for themselves among them."""
    return work.slopes * (1 + COPIES.get(work.pace, 0) * min(MOST_SHARDS, rows))


def _seconds(work: Mapping[str, Work], rates: Rates, rows: int, training: bool) -> float:
    return rates.seconds["updates"] + sum(rates.of(one.terms(rows, training)) for one in work.values())
