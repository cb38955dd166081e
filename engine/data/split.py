"""Which samples train and which judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.sources.base import Dataset, Field
from engine.errors import DataError
from engine.project import Split


@dataclass(frozen=True)
class Parts:
    """Training and validation rows, as arrays by field name.

    Attributes:
        inputs, targets: rows that train.
        val_inputs, val_targets: rows that judge; empty when there are none.
        classes: class names by target field.
    """

    inputs: dict[str, npt.NDArray[Any]]
    targets: dict[str, npt.NDArray[Any]]
    val_inputs: dict[str, npt.NDArray[Any]]
    val_targets: dict[str, npt.NDArray[Any]]
    classes: dict[str, tuple[str, ...]]

    @property
    def samples(self) -> int:
        """Rows that train."""
        return len(next(iter(self.inputs.values())))

    @property
    def validation_samples(self) -> int:
        """Rows that judge."""
        return len(next(iter(self.val_inputs.values()))) if self.val_inputs else 0


def split(dataset: Dataset, how: Split) -> Parts:
    """Divide a data set.

    Raises:
        DataError: nothing would be left to train on.
    """
    classes = {name: field.classes for name, field in dataset.targets.items()}
    inputs = {name: field.values for name, field in dataset.inputs.items()}
    targets = {name: field.values for name, field in dataset.targets.items()}
    if how.own_test_set and dataset.test_inputs:
        val_inputs = {name: field.values for name, field in dataset.test_inputs.items()}
        val_targets = {name: field.values for name, field in dataset.test_targets.items()}
        return Parts(inputs, targets, val_inputs, val_targets, classes)
    train, held = held_out(dataset, how)
    if len(train) == 0:
        raise DataError(
            f"No sample is left to train on: {dataset.samples} samples with a validation share of "
            f"{how.validation:g}. Use more data or a smaller share."
        )
    if len(held) == 0:
        return Parts(inputs, targets, {}, {}, classes)

    def take(arrays: dict[str, npt.NDArray[Any]], rows: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
        return {name: values[rows] for name, values in arrays.items()}

    return Parts(take(inputs, train), take(targets, train), take(inputs, held), take(targets, held), classes)


def counts(dataset: Dataset, how: Split) -> tuple[int, int]:
    """About how many rows train and how many judge, without dividing anything (classes round each for itself)."""
    if how.own_test_set and dataset.test_inputs:
        return dataset.samples, len(next(iter(dataset.test_inputs.values())).values)
    judged = round(dataset.samples * how.validation)
    return dataset.samples - judged, judged


def held_out(dataset: Dataset, how: Split) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row numbers that train and row numbers that judge, both sorted."""
    random = np.random.Generator(np.random.Philox(key=how.seed))
    groups = [np.arange(dataset.samples)]
    labels = next((f for f in dataset.targets.values() if f.classes), None)
    if how.stratified and labels is not None:
        groups = _by_class(labels)
    held = [random.permutation(rows)[: round(len(rows) * how.validation)] for rows in groups]
    judged = np.sort(np.concatenate(held)).astype(np.int64)
    return np.setdiff1d(np.arange(dataset.samples, dtype=np.int64), judged), judged


def _by_class(labels: Field) -> list[npt.NDArray[np.int64]]:
    flat = np.asarray(labels.values).reshape(len(labels), -1)[:, 0]
    return [np.flatnonzero(flat == value) for value in np.unique(flat)]
