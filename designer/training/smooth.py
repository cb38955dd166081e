"""Exponential moving average of a growing series."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

# Weights smaller than this change no float64 sum any more.
_NEGLIGIBLE = 1e-18


class Smoother:
    """A running average ``y_t = b y_(t-1) + (1 - b) x_t``, corrected for its start.

    The correction divides by ``1 - b^t``, so that the first values are honest averages and not drawn
    towards zero. Numbers that cannot be drawn (NaN, infinity) stay gaps and do not disturb the rest.

    Args:
        updates: how many of the latest numbers count, about; ``b = 1 - 1 / updates``. 1 changes nothing.
    """

    def __init__(self, updates: float) -> None:
        self.updates = max(float(updates), 1.0)
        self._keep = 1.0 - 1.0 / self.updates
        self._average = 0.0
        self._count = 0

    def extend(self, values: Numbers) -> Numbers:
        """The averages at the next numbers of the series."""
        finite = np.isfinite(values)
        smoothed = np.full(len(values), np.nan)
        smoothed[finite] = self._extend_finite(values[finite])
        return smoothed

    def _extend_finite(self, values: Numbers) -> Numbers:
        if not len(values) or self._keep == 0.0:
            return values
        averages = _filtered((1.0 - self._keep) * values, self._keep)
        ages = np.arange(1, len(values) + 1, dtype=np.float64)
        averages += self._average * self._keep**ages
        corrections = 1.0 - self._keep ** (self._count + ages)
        self._average = float(averages[-1])
        self._count += len(values)
        return averages / corrections


def _filtered(values: Numbers, keep: float) -> Numbers:
    """Solve ``y_t = keep y_(t-1) + x_t`` from ``y_0 = 0`` by doubling the reach of each sum."""
    total = values.copy()
    reach, factor = 1, keep
    while reach < len(total) and factor > _NEGLIGIBLE:
        # The right-hand side is a new array, so every sum uses the state before this step.
        total[reach:] += factor * total[:-reach]
        reach, factor = 2 * reach, factor * factor
    return total
