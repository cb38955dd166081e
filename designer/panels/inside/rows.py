"""The rows of a data set that one can walk through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from designer.text import tr
from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import held_out
from engine.errors import LayerloomError
from engine.project import Split

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Part:
    """Rows that train, or rows that judge.

    Attributes:
        title: on the screen.
        inputs, targets: the fields.
        numbers: which of their rows belong to this part.
    """

    title: str
    inputs: Mapping[str, Field]
    targets: Mapping[str, Field]
    numbers: Array

    def of_class(self, chosen: int | None) -> Array:
        """Row numbers of one class, or of all."""
        labels = self.labels
        if chosen is None or labels is None:
            return self.numbers
        flat = np.asarray(labels.values).reshape(len(labels), -1)[:, 0]
        return self.numbers[flat[self.numbers] == chosen]

    @property
    def labels(self) -> Field | None:
        """The first target that names classes."""
        return next((field for field in self.targets.values() if field.classes), None)


def parts_of(dataset: Dataset, how: Split) -> tuple[Part, ...]:
    """What judges first, then what trains; the same rows as training divides them into."""
    everything = np.arange(dataset.samples, dtype=np.int64)
    if how.own_test_set and dataset.test_inputs:
        test = next(iter(dataset.test_inputs.values()))
        held = Part(tr("Validation"), dataset.test_inputs, dataset.test_targets, np.arange(len(test), dtype=np.int64))
        return held, Part(tr("Training"), dataset.inputs, dataset.targets, everything)
    try:
        train, judged = held_out(dataset, how)
    except LayerloomError:
        train, judged = everything, everything[:0]
    held = Part(tr("Validation"), dataset.inputs, dataset.targets, judged)
    rest = Part(tr("Training"), dataset.inputs, dataset.targets, train)
    return tuple(part for part in (held, rest) if len(part.numbers))
