"""What was estimated beside what is measured: updates, and whole epochs with their validation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.bench.engine_side import training
from engine.bench.workloads import WORKLOADS
from engine.data.split import Parts
from engine.estimate.cost import estimate
from engine.estimate.rates import Rates
from engine.estimate.rehearsal import Rehearsal
from engine.infer import infer
from engine.train.control import Control
from engine.train.events import EpochEnd
from engine.train.job import job_of
from engine.train.trainer import Trainer

#: Seconds for which updates are measured, and updates that are measured at least.
PATIENCE, FEWEST = 0.6, 6
#: Batches of an epoch that train and that judge, and epochs of which the fastest counts.
TRAINING, JUDGING, EPOCHS = 16, 4, 3


@dataclass(frozen=True)
class Foretold:
    """An estimate and what became of it (ms).

    Attributes:
        estimated_ms: an update.
        measured_ms: the fastest update.
        undisturbed_ms: the fastest as the processor time of its tasks tells, whatever else the machine did.
        ratio: estimated by measured.
        epoch_estimated_ms: a short epoch with its validation.
        epoch_measured_ms: the fastest such epoch of a run.
        epoch_ratio: estimated by measured.
    """

    estimated_ms: float
    measured_ms: float
    undisturbed_ms: float
    ratio: float
    epoch_estimated_ms: float
    epoch_measured_ms: float
    epoch_ratio: float


def foretold(name: str, rates: Rates) -> Foretold:
    """Estimate a workload and measure it.

    Args:
        name: a workload that is trained.
        rates: this machine's.
    """
    project, parts = training(name)
    parts = _short(parts, WORKLOADS[name].batch)
    project = replace(project, training=replace(project.training, epochs=EPOCHS))
    guess = estimate(
        project.graph, infer(project.graph), project.training, rates, parts.samples, parts.validation_samples
    )
    assert guess.update is not None
    assert guess.epoch is not None
    rehearsal = Rehearsal(job_of(project, parts))
    rehearsal.turn(PATIENCE, FEWEST)
    rehearsal.close()
    epoch = min(event.seconds for event in Trainer(project, parts).run(Control()) if isinstance(event, EpochEnd))
    return Foretold(
        guess.update * 1e3, rehearsal.wall * 1e3, rehearsal.seconds * 1e3, guess.update / rehearsal.wall,
        guess.epoch * 1e3, epoch * 1e3, guess.epoch / epoch,
    )  # fmt: skip


def _short(parts: Parts, batch: int) -> Parts:
    """The first batches of some samples to train with, and the next to judge by."""
    samples = min(TRAINING * batch, parts.samples - JUDGING * batch)
    judging = slice(samples, samples + JUDGING * batch)
    return replace(
        parts,
        inputs={key: values[:samples] for key, values in parts.inputs.items()},
        targets={key: values[:samples] for key, values in parts.targets.items()},
        val_inputs={key: values[judging] for key, values in parts.inputs.items()},
        val_targets={key: values[judging] for key, values in parts.targets.items()},
    )
