"""Small tools as in Keras."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError, UsageError
from engine.train.feeds import numbers


def to_categorical(x: Any, num_classes: int | None = None) -> npt.NDArray[np.float64]:
    """Class indexes as vectors with a single 1.

    Args:
        x: integers of any shape; a last axis of 1 is dropped, as in Keras.
        num_classes: length of the vectors (default: the largest index + 1).

    Raises:
        DataError: an index is no whole number, negative, or not below ``num_classes``.
        UsageError: ``num_classes`` is no count.
    """
    single = x is None or np.isscalar(x) or getattr(x, "ndim", 1) == 0
    labels: Any = numbers([x], "to_categorical", "float64")[0] if single else numbers(x, "to_categorical", "float64")
    whole = labels.dtype.kind in "iub" or (np.isfinite(labels).all() and np.array_equal(labels, np.floor(labels)))
    if not whole:
        raise DataError("to_categorical needs whole numbers (class indexes); received fractions.")
    labels = labels.astype(np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    count: Any = int(labels.max(initial=-1)) + 1 if num_classes is None else num_classes
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0:
        raise UsageError(f"num_classes must be a whole number from 0 upwards; received {num_classes!r}.")
    if labels.size and (labels.min() < 0 or labels.max() >= count):
        raise DataError(
            f"to_categorical with num_classes={count} needs indexes from 0 to {count - 1}; "
            f"received {labels.min()} to {labels.max()}."
        )
    vectors: npt.NDArray[np.float64] = np.eye(int(count))[labels]
    return vectors


#: Keras 2 kept ``to_categorical`` in ``keras.utils.np_utils``; scripts of that time find it here.
np_utils = sys.modules[__name__]

__all__ = ["np_utils", "to_categorical"]
