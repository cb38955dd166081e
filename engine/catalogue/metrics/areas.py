"""Areas under curves from counts at rising thresholds, as Keras adds them up."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.metrics.columns import ratio

Array = npt.NDArray[Any]


def area(true: Array, false: Array, curve: str, summation: str) -> float:
    """Area under a curve.

    Args:
        true: weight of the true targets by the interval that holds their prediction.
        false: the same of the false targets.
        curve: ``"ROC"``, ``"PR"`` or ``"PRGAIN"``.
        summation: ``"interpolation"``, ``"minoring"`` or ``"majoring"``.
    """
    right, wrong = (np.cumsum(side[::-1])[::-1] for side in (true, false))
    if curve == "PR" and summation == "interpolation":
        return _interpolated(right, wrong, float(true.sum()))
    x, y = _curve(right, wrong, float(true.sum()), float(false.sum()), curve)
    heights = {
        "interpolation": (y[:-1] + y[1:]) / 2,
        "minoring": np.minimum(y[:-1], y[1:]),
        "majoring": np.maximum(y[:-1], y[1:]),
    }[summation]
    return float(np.sum((x[:-1] - x[1:]) * heights))


def _curve(right: Array, wrong: Array, yes: float, no: float, curve: str) -> tuple[Array, Array]:
    """Places of the curve's points, threshold by threshold."""
    recall = ratio(right, yes)
    if curve == "ROC":
        return ratio(wrong, no), recall
    if curve == "PR":
        return recall, ratio(right, right + wrong)
    odds = float(ratio(yes, no))
    found = right != 0
    recall_gain = np.where(found, 1 - odds * ratio(yes - right, right), 0)
    precision_gain = np.where(found, 1 - odds * ratio(wrong, right), 1)
    return np.maximum(recall_gain, 0), precision_gain


def _interpolated(right: Array, wrong: Array, yes: float) -> float:
    """Between two thresholds right answers are taken to grow in proportion to all yes, not precision itself.

    Source: Davis and Goadrich 2006, The Relationship Between Precision-Recall and ROC Curves.
    """
    given = right + wrong
    gained = right[:-1] - right[1:]
    slope = ratio(gained, np.maximum(given[:-1] - given[1:], 0))
    start = right[1:] - slope * given[1:]
    both = (given[:-1] > 0) & (given[1:] > 0)
    growth = np.where(both, ratio(given[:-1], given[1:]), 1)
    return float(np.sum(ratio(slope * (gained + start * np.log(growth)), yes)))
