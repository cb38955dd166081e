"""Layers that hand states on from batch to batch: what they ask of the batches."""

from __future__ import annotations

from engine.errors import DataError
from engine.infer import carriers
from engine.plan.carried import States
from engine.train.job import Job


def check_rows(job: Job) -> None:
    """See to it that all batches of a training, and of its validation, have as many rows.

    Raises:
        DataError: a layer is stateful and they do not.
    """
    found = carriers(job.graph)
    if not found:
        return
    rule = f"'{found[0]}' is stateful: every row of a batch hands its state on to the same row of the next"
    size = job.batch_size
    if job.samples % size and not _is_open(job.reader):
        raise DataError(
            f"{rule}, so all batches need as many rows; but {job.samples} samples in batches of {size} end with a "
            f"batch of {job.samples % size}. Choose a batch size that divides {job.samples}, or leave "
            f"{job.samples % size} samples out."
        )
    rows = {job.val_batch_size, job.val_rows % job.val_batch_size or job.val_batch_size}
    if job.val_feed is not None and not _is_open(job.val_reader) and rows != {size}:
        raise DataError(
            f"{rule}, and validation goes on with these states, so its batches need {size} rows, too; but there are "
            f"{job.val_rows} samples in batches of {job.val_batch_size}. Validate on a multiple of {size} samples, in "
            f"batches of {size}."
        )


def _is_open(reader: object) -> bool:
    """Whether nobody knows the sizes of batches beforehand."""
    return reader is not None and not getattr(reader, "numbered", False)


def fitting_rows(states: States, rows: int) -> States:
    """The states if they are those of batches of so many rows, else none: another batch size begins anew."""
    fits = all(len(array) == rows for named in states.values() for array in named.values())
    return states if fits else {}
