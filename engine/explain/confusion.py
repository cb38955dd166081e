"""Which classes a network takes for which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError, UsageError
from engine.explain.batches import Progress, Stop, batches
from engine.explain.classes import class_output
from engine.tensor_spec import shape_text
from engine.train.predictor import Predictor

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Confusion:
    """True and predicted classes of judged samples.

    Attributes:
        counts: int64 (classes, classes): samples by true class (row) and predicted class (column).
        true: int64 (n,): the labels.
        predicted: int64 (n,): the network's classes.
        confidence: float64 (n,): how probable the network finds its class.
        rows: int64 (n,): places of the samples in the arrays that were given.
    """

    counts: Array
    true: Array
    predicted: Array
    confidence: Array
    rows: Array

    def cell(self, true: int, predicted: int) -> Array:
        """Rows of the samples of one class that were taken for another, the most confident first."""
        chosen = np.flatnonzero((self.true == true) & (self.predicted == predicted))
        return self._ranked(chosen)

    def mistakes(self) -> Array:
        """Rows of all samples with a wrong answer, the most confident first."""
        return self._ranked(np.flatnonzero(self.true != self.predicted))

    def _ranked(self, chosen: Array) -> Array:
        ranked: Array = self.rows[chosen[np.argsort(-self.confidence[chosen], kind="stable")]]
        return ranked

    @property
    def accuracy(self) -> float:
        """Share of right answers; not a number without samples."""
        return float(np.trace(self.counts) / self.counts.sum()) if self.counts.sum() else float("nan")

    @property
    def precision(self) -> Array:
        """By class: right answers among those that name it; not a number if none does."""
        return _shares(self.counts.diagonal(), self.counts.sum(axis=0))

    @property
    def recall(self) -> Array:
        """By class: right answers among its samples; not a number if it has none."""
        return _shares(self.counts.diagonal(), self.counts.sum(axis=1))


def _shares(part: Array, whole: Array) -> Array:
    shares: Array = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return shares


def confusions(
    predictor: Predictor,
    inputs: Mapping[str, Array],
    labels: Array,
    output: str | None = None,
    batch_size: int = 256,
    stop: Stop | None = None,
) -> Iterator[Progress | Confusion]:
    """Judge samples, telling how far it is after every batch; the confusion comes last.

    Args:
        predictor: the trained network.
        inputs: by Input node, (samples, ...).
        labels: class of each sample: whole numbers, or one vector per sample with its largest number there.
        output: id of the output node, ``None`` for the first.
        batch_size: samples at a time.
        stop: asked before every batch; once it says yes, the iteration ends without a confusion.

    Raises:
        DataError: inputs or labels do not fit.
        UsageError: the output tells no classes.
    """
    key = output if output is not None else predictor.graph.outputs[0]
    if key not in predictor.graph.outputs:
        raise UsageError(f"'{key}' is no output of this network; there is {', '.join(predictor.graph.outputs)}.")
    told = class_output(predictor.graph, predictor.inference, key)
    if not told.count:
        raise UsageError(
            f"The output '{key}' ({predictor.inference.outputs[key][0]}) tells no classes. They need one number for "
            "each class, or a single number with a sigmoid for two."
        )
    true = _classes(np.asarray(labels), told.count, key)
    for name, values in inputs.items():
        if len(values) != len(true):
            raise DataError(f"There must be one label per sample: '{name}' has {len(values)} for {len(true)} labels.")
    predicted, confidence = np.zeros(len(true), np.int64), np.zeros(len(true))
    done = 0
    for batch in batches(predictor, inputs, (key,), batch_size, stop):
        found = told.verdicts(batch.values[key])
        part = slice(done, done + len(found.classes))
        predicted[part], confidence[part] = found.classes, found.confidence
        done = part.stop
        yield Progress(done, batch.total)
    if done == len(true):
        counts = np.bincount(true * told.count + predicted, minlength=told.count**2)
        yield Confusion(
            counts.reshape(told.count, told.count).astype(np.int64), true, predicted, confidence, np.arange(len(true))
        )


def _classes(labels: Array, count: int, output: str) -> Array:
    """Labels as int64 (samples,), whatever form they came in."""
    if labels.dtype.kind not in "fiub" or labels.ndim == 0:
        raise DataError("Labels must be an array of numbers with one row per sample.")
    flat = labels.reshape(len(labels), -1) if labels.size else np.zeros((0, 1), np.int64)
    if flat.shape[1] > 1:
        if flat.shape[1] != count:
            raise DataError(
                f"Labels must be one class or {count} numbers per sample for the output '{output}'; received "
                f"{shape_text(labels.shape[1:])}."
            )
        if flat.min() < 0 or not np.allclose(flat.sum(axis=1), 1.0, atol=1e-3):
            raise DataError(
                f"Labels of {count} numbers must be 0 or more and add up to 1, as shares of classes do. "
                "These are other numbers, so there are no classes to confuse."
            )
        found: Array = np.argmax(flat, axis=1).astype(np.int64)
        return found
    column = flat[:, 0]
    if not (np.isfinite(column).all() and (column == np.floor(column)).all()):
        raise DataError("Labels must be whole numbers; some have a fraction or are missing.")
    if column.size and (column.min() < 0 or column.max() >= count):
        raise DataError(
            f"Labels must lie from 0 to {count - 1} for the output '{output}'; "
            f"received {column.min():g} to {column.max():g}."
        )
    whole: Array = column.astype(np.int64)
    return whole
