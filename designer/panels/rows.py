"""How many samples train and how many judge, and what follows for the updates."""

from __future__ import annotations

from designer.text import tr
from engine.catalogue.sources.base import Dataset
from engine.data.split import held_out
from engine.project import Split, TrainConfig

#: Beyond this many samples the division is estimated instead of made.
EXACT = 500_000


def divided(dataset: Dataset, how: Split) -> tuple[int, int]:
    """Samples that train, samples that judge."""
    if how.own_test_set and dataset.test_inputs:
        return dataset.samples, len(next(iter(dataset.test_inputs.values())))
    if dataset.samples > EXACT:
        judged = round(dataset.samples * how.validation)
        return dataset.samples - judged, judged
    train, judge = held_out(dataset, how)
    return len(train), len(judge)


def division_text(dataset: Dataset, how: Split) -> str:
    """The division as a sentence."""
    train, judge = divided(dataset, how)
    if judge == 0:
        return tr("All {n} samples train; nothing judges.", n=f"{train:,}")
    if how.own_test_set and dataset.test_inputs:
        return tr("{n} samples train; the data's own {m} judge.", n=f"{train:,}", m=f"{judge:,}")
    return tr("{n} samples train, {m} judge.", n=f"{train:,}", m=f"{judge:,}")


def updates_text(samples: int, how: TrainConfig) -> str:
    """What batch size and epochs mean for these samples."""
    batch = how.batch_size
    steps = -(-samples // batch)
    text = tr(
        "{samples} samples / {batch} per batch = {steps} updates an epoch",
        samples=f"{samples:,}",
        batch=f"{batch:,}",
        steps=f"{steps:,}",
    )
    rest = samples % batch
    if rest and steps > 1:
        text += tr(" (the last batch has {n})", n=f"{rest:,}")
    return text + tr(", {n} in all.", n=f"{steps * how.epochs:,}")
