"""What the place within an epoch depends on, as a short text."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from engine.train.job import Job


def epoch_key(job: Job) -> str:
    """Fingerprint of what the place within an epoch and its sums depend on.

    Of the data, a spread of rows is looked at: enough to notice other data, cheap for large ones.
    """
    heads = [
        (head.node, head.weight, head.loss.to_json(), [metric.to_json() for metric in head.metrics])
        for head in job.heads
    ]
    seen = sha256(repr((job.batch_size, job.samples, job.shuffle, job.seed, job.dtype, heads)).encode())
    rows = np.unique(np.linspace(0, max(0, job.samples - 1), 64).astype(np.int64))
    weights = job.feed.weights or {}
    for values in (*job.feed.inputs.values(), *job.feed.targets.values(), *weights.values()):
        # Of what a reader hands out, only the first batch is there.
        seen.update(np.ascontiguousarray(values[rows[rows < len(values)]]).tobytes())
    return seen.hexdigest()[:16]
