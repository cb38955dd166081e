"""Measures this machine: small networks are trained for a few updates, and rates are found that explain their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from engine.data.split import Parts
from engine.estimate.rates import Rates
from engine.estimate.rehearsal import Rehearsal
from engine.estimate.work import TERMS, work_of
from engine.graph import Graph
from engine.infer import infer
from engine.plan.crew import cores
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control
from engine.train.events import EpochEnd
from engine.train.job import Job, job_of
from engine.train.loop import Loop

Step = tuple[str, dict[str, Any]]
#: How often every network has its turn, and for how long (s).
TURNS, PATIENCE = 5, 0.03
#: Batches of the epochs by which a run's own work is measured, short enough to fit into a quiet moment, and epochs
#: of which the fastest counts.
BATCHES, EPOCHS = 20, 40


@dataclass(frozen=True)
class Trial:
    """A small network to measure.

    Attributes:
        shape: of one sample.
        rows: samples of a batch.
        steps: its layers before a Dense of two units.
        words: how many different words samples are made of; 0 where they are numbers.
    """

    shape: tuple[int, ...]
    rows: int
    steps: tuple[Step, ...]
    words: int = 0


def _conv(filters: int) -> Step:
    return "Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}


def _dense(units: int, activation: str = "relu") -> Step:
    return "Dense", {"units": units, "activation": activation}


_POOL: Step = ("MaxPooling2D", {})
_MEAN: Step = ("GlobalAveragePooling2D", {})
TINY = Trial((4,), 10, (_dense(8, "tanh"), _dense(8, "tanh"), _dense(8, "tanh")))
#: Together they hold every term in different proportions.
TRIALS = (
    Trial((256,), 256, (_dense(512), _dense(512), _dense(512))),
    Trial((784,), 100, (_dense(500, "sigmoid"), _dense(500, "sigmoid"))),
    Trial((64,), 64, (_dense(1024), _dense(1024))),
    TINY,
    Trial((4,), 16, tuple(_dense(4) for _ in range(24))),
    Trial((48, 48, 3), 16, (_conv(32), _POOL, _MEAN)),
    Trial((24, 24, 8), 32, (_conv(8), _conv(8), _MEAN)),
    Trial((24, 24, 3), 32, (_conv(32), _conv(32), _conv(32), _MEAN)),
    Trial((14, 14, 64), 32, (_conv(64), _conv(128), _MEAN)),
    Trial((48, 48, 32), 16, (_conv(32), _conv(64), _POOL, _MEAN)),
    Trial((32, 32, 16), 32, (("BatchNormalization", {}), ("Activation", {"activation": "relu"}), _POOL, _MEAN)),
    Trial((32, 32, 32), 64, (("BatchNormalization", {}), ("Activation", {"activation": "relu"}), _MEAN)),
    Trial((64, 64, 16), 32, (("Activation", {"activation": "relu"}), _POOL, _MEAN)),
    Trial(
        (100,), 128, (("Embedding", {"input_dim": 10_000, "output_dim": 32}), ("GlobalAveragePooling1D", {})), 10_000
    ),
    Trial((80, 32), 64, (("LSTM", {"units": 32}),)),
    Trial((200, 32), 128, (("LSTM", {"units": 32}),)),
    Trial((100, 32), 64, (("GRU", {"units": 32}),)),
    Trial((20, 64), 64, (("GRU", {"units": 64}),)),
)


def network(trial: Trial) -> Graph:
    """What is measured."""
    return chain(("Input", {"shape": trial.shape}), *trial.steps, _dense(2, "softmax"))


def trial_job(graph: Graph, trial: Trial, batches: int = 1, epochs: int = 1) -> Job:
    """A training of a network on noise."""
    random, samples = np.random.default_rng(0), trial.rows * batches
    shape = (samples, *trial.shape)
    inputs = random.integers(0, trial.words, shape) if trial.words else random.random(shape, np.float32)
    labels = np.arange(samples, dtype=np.int64) % 2
    parts = Parts({"x": inputs}, {"y": labels}, {}, {}, {"y": ("0", "1")})
    return job_of(Project(graph, TrainConfig(batch_size=trial.rows, metrics=())), parts, epochs)


def seconds_of(jobs: Sequence[Job], control: Control | None = None) -> list[float] | None:
    """The fastest update of each of some trainings (s); ``None`` when it was stopped.

    They take turns, so that a busy or a slow moment of the machine harms all alike, and little.
    """
    rehearsals: list[Rehearsal] = []
    try:
        for job in jobs:
            if control is not None and control.stopped:
                return None
            rehearsals.append(Rehearsal(job))
        for rehearsal in rehearsals * TURNS:
            if control is not None and control.stopped:
                return None
            rehearsal.turn(PATIENCE)
        return [rehearsal.seconds for rehearsal in rehearsals]
    finally:
        for rehearsal in rehearsals:
            rehearsal.close()


def seconds_beside(trial: Trial = TINY, batches: int = BATCHES) -> float:
    """What a run does beside each of its updates: gathering rows, taking notes, telling (s)."""
    job = trial_job(network(trial), trial, batches, EPOCHS)
    rehearsal = Rehearsal(job)
    rehearsal.turn(PATIENCE)
    rehearsal.close()
    epoch = min(event.seconds for event in Loop(job).run(Control()) if isinstance(event, EpochEnd))
    return max(0.0, epoch / batches - rehearsal.seconds)


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
    graphs = [network(trial) for trial in trials]
    times = seconds_of([trial_job(graph, trial) for graph, trial in zip(graphs, trials, strict=True)], control)
    if times is None:
        return None
    terms = [terms_of(graph, trial.rows) for graph, trial in zip(graphs, trials, strict=True)]
    table = np.array([[amounts[term] for term in TERMS] for amounts in terms]) / np.array(times)[:, None]
    scale = np.maximum(table.max(axis=0), 1e-30)
    found, _ = nnls(table / scale, np.ones(len(times)))
    seconds = dict(zip(TERMS, (found / scale).tolist(), strict=True))
    return Rates(seconds | {"batches": seconds_beside()}, cores())
