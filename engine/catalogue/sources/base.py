"""What every data source declares, and what loading one gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy.typing as npt

from engine.component import Component
from engine.tensor_spec import TensorSpec


@dataclass(frozen=True)
class Field:
    """One named array of a data set, a row per sample.

    Attributes:
        values: shape (samples, ...).
        classes: names of the classes when the values are class indexes, else empty.
    """

    values: npt.NDArray[Any]
    classes: tuple[str, ...] = ()

    @property
    def spec(self) -> TensorSpec:
        """Shape of one sample and its element type."""
        return TensorSpec(tuple(self.values.shape[1:]), str(self.values.dtype))

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Dataset:
    """What a source gives.

    Attributes:
        inputs: fields that feed Input layers, in order.
        targets: fields that judge outputs, in order.
        test_inputs, test_targets: the source's own held-out part, empty when it has none.
        notes: licence, origin, warnings; plain sentences.
    """

    inputs: dict[str, Field]
    targets: dict[str, Field]
    test_inputs: dict[str, Field] = field(default_factory=dict)
    test_targets: dict[str, Field] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        """Number of rows outside the held-out part."""
        return len(next(iter(self.inputs.values())))


class Source(Component):
    """Where data come from."""

    kind: ClassVar[str] = "source"
    category: ClassVar[str] = "Data"

    def load(self, folder: Path | None) -> Dataset:
        """Read the data.

        Args:
            folder: the project's folder; relative paths stay inside it.

        Raises:
            FileError: the file is damaged or missing.
            DataError: its contents do not fit together.
        """
        raise TypeError(f"{type(self).__name__} loads nothing")

    def summary(self) -> str:
        """One line for the data panel, without loading."""
        return self.title
