"""What becomes of a run whose loss is no number any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.problems import Problem

if TYPE_CHECKING:
    from engine.train.loop import Loop


def not_finite(loop: Loop, loss: float) -> Problem:
    """What is told of a loss that is no number; weights that are none either become those before this epoch."""
    kept = "The weights from before this update are kept."
    if not np.isfinite(loop.parameters.flat).all():
        loop.parameters.flat[:] = loop.good
        loop.parameters.forget_slots()
        loop.iterations = 0
        kept = "The weights from the start of this epoch are kept."
    what = "not a number" if np.isnan(loss) else "infinite"
    return Problem(
        f"Training stopped at update {loop.step + 1}: the loss became {what}. {kept} "
        "Lower the learning rate, or look for missing or huge values in the data."
    )
