"""Batches that do not lie in memory as a whole."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.plan.plan import Feed


class Reader(Protocol):
    """Hands out one batch after the other.

    Attributes:
        numbered: whether it looks at the numbers of the wanted rows; a generator gives what comes next.
    """

    numbered: bool

    def batch(self, rows: npt.NDArray[np.int64]) -> Feed:
        """The rows of these numbers, checked; or the next batch.

        Raises:
            DataError: they do not fit the network, or there are no more.
        """


#: Numbers of rows for readers that do not look at them.
NO_ROWS: npt.NDArray[Any] = np.zeros(0, np.int64)
