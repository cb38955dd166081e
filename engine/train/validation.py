"""Judging on the validation rows, between two epochs of a loop."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan.crew import Crew
from engine.train.control import Control
from engine.train.events import Event, Validating

if TYPE_CHECKING:
    from engine.train.loop import Loop

#: Batches between two events, where nobody asked for each.
SPACING = 16


def validated(loop: Loop, control: Control, crew: Crew) -> Generator[Event, None, list[float] | None]:
    """Loss and metrics on the validation rows, or ``None`` when told to stop on the way."""
    plan, job = loop.plan, loop.job
    samples, size = job.val_rows, job.val_batch_size
    spacing = 1 if job.tells_validation else SPACING
    sums, seen = np.zeros(plan.columns), 0
    # Whoever stops here validates anew later: what goes on to the next batch must be as it was before.
    loop.before_validation = plan.carried.copy()
    batches = -(-samples // size)
    for place in range(batches):
        if control.attention and (yield from loop.attend(control)):
            loop.plan.carried.load(loop.before_validation)
            return None
        if place % spacing == 0:
            yield Validating(place, batches)
        rows_of = [np.arange(n * size, min((n + 1) * size, samples), dtype=np.int64) for n in (place, place + 1)]
        index = loop.supplied("evaluate", *rows_of)
        plan, rows = loop.plan, len(index)  # a larger batch than all before it needs another plan
        plan.index[:rows] = index
        seen += rows
        loop.scale(rows)
        program = loop.program("evaluate", rows)
        plan.carried.take(rows)
        program.run_compute(crew)
        sums += plan.sums[: program.shards].sum(axis=0)
    loop.before_validation = None
    return [loop.scores.loss(sums, seen) + plan.penalty(), *loop.scores.metrics(sums, seen)]
