"""Measures this machine: small networks are trained for a few updates, and rates are found that explain their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from engine.data.split import Parts
from engine.estimate.rates import Rates
from engine.estimate.rehearsal import update_seconds
from engine.estimate.work import TERMS, work_of
from engine.graph import Graph
from engine.infer import infer
from engine.plan.crew import cores
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control
from engine.train.job import job_of

Step = tuple[str, dict[str, Any]]
#: Updates of each network that are timed; the fastest counts, so a busy moment does little harm.
TURNS = 6


@dataclass(frozen=True)
class Trial:
    """A small network to measure.

    Attributes:
        shape: of one sample.
        rows: samples of a batch.
        steps: its layers before a Dense of two units.
    """

    shape: tuple[int, ...]
    rows: int
    steps: tuple[Step, ...]


def _conv(filters: int) -> Step:
    return "Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}


def _dense(units: int, activation: str = "relu") -> Step:
    return "Dense", {"units": units, "activation": activation}


_POOL: Step = ("MaxPooling2D", {})
_MEAN: Step = ("GlobalAveragePooling2D", {})
#: Together they hold every term in different proportions.
TRIALS = (
    Trial((256,), 256, (_dense(512), _dense(512), _dense(512))),
    Trial((784,), 100, (_dense(500, "sigmoid"), _dense(500, "sigmoid"))),
    Trial((64,), 64, (_dense(1024), _dense(1024))),
    Trial((4,), 10, (_dense(8, "tanh"), _dense(8, "tanh"), _dense(8, "tanh"))),
    Trial((4,), 16, tuple(_dense(4) for _ in range(24))),
    Trial((48, 48, 3), 16, (_conv(32), _POOL, _MEAN)),
    Trial((24, 24, 8), 32, (_conv(8), _conv(8), _MEAN)),
    Trial((24, 24, 3), 32, (_conv(32), _conv(32), _conv(32), _MEAN)),
    Trial((14, 14, 64), 32, (_conv(64), _conv(128), _MEAN)),
    Trial((32, 32, 16), 32, (("BatchNormalization", {}), ("Activation", {"activation": "relu"}), _POOL, _MEAN)),
    Trial((40, 32), 64, (("LSTM", {"units": 32}),)),
    Trial((20, 64), 64, (("GRU", {"units": 64}),)),
)


def network(trial: Trial) -> Graph:
    """What is measured."""
    return chain(("Input", {"shape": trial.shape}), *trial.steps, _dense(2, "softmax"))


def seconds_of(graph: Graph, trial: Trial) -> float:
    """The fastest update of a network on noise (s)."""
    rows = trial.rows
    inputs = np.random.default_rng(0).random((rows, *trial.shape), np.float32)
    labels = np.arange(rows, dtype=np.int64) % 2
    parts = Parts({"x": inputs}, {"y": labels}, {}, {}, {"y": ("0", "1")})
    return update_seconds(job_of(Project(graph, TrainConfig(batch_size=rows, metrics=())), parts), TURNS)


def terms_of(graph: Graph, rows: int) -> dict[str, float]:
    """How much of every term an update of a whole network has."""
    total = dict.fromkeys(TERMS, 0.0)
    for work in work_of(graph, infer(graph)).values():
        for term, amount in work.terms(rows).items():
            total[term] += amount
    total["updates"] = 1.0
    return total


def calibrate(control: Control | None = None, trials: Sequence[Trial] = TRIALS) -> Rates | None:
    """Measure the trials and fit the rates; takes a few seconds once kernels are compiled.

    The rates minimize the sum of squares of relative errors and are never negative.

    Args:
        control: stops it between two trials.
        trials: what is measured.

    Returns:
        the rates; ``None`` when it was stopped.
    """
    amounts, times = [], []
    for trial in trials:
        if control is not None and control.stopped:
            return None
        graph = network(trial)
        terms = terms_of(graph, trial.rows)
        amounts.append([terms[term] for term in TERMS])
        times.append(seconds_of(graph, trial))
    table = np.array(amounts) / np.array(times)[:, None]
    scale = np.maximum(table.max(axis=0), 1e-30)
    found, _ = nnls(table / scale, np.ones(len(times)))
    return Rates(dict(zip(TERMS, (found / scale).tolist(), strict=True)), cores())
