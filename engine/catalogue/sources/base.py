"""What every data source declares, and what loading one gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.data.paths import MARK, confirmed, opened, written
from engine.tensor_spec import TensorSpec

#: Numbers of a field that its extent is taken from.
LOOKED_AT = 1_000_000


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

    @cached_property
    def extent(self) -> tuple[float, float]:
        """The smallest and the largest finite number, of every n-th sample where there are many; zeros without any."""
        rows = max(1, LOOKED_AT // max(1, self.values[:1].size))
        seen = self.values[:: max(1, -(-len(self.values) // rows))]
        if seen.dtype.kind not in "biuf":
            return 0.0, 0.0
        finite = seen[np.isfinite(seen)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)

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
    """Where data come from.

    A source that reads files keeps their paths as texts, by the rule of ``engine.data.paths``:
    those the user chose are absolute; in a saved project they are relative where they lie in its
    folder; and one that leads out of the folder of an *opened* project is refused by ``load``
    until ``confirmed`` was called, so that a stranger's project opens nothing by itself.

    Class attributes:
        hidden: not offered for choosing.
        drops: what ``accepts`` takes, for a sentence: ``an .npz file``; empty for nothing.
    """

    kind: ClassVar[str] = "source"
    category: ClassVar[str] = "Data"
    hidden: ClassVar[bool] = False
    drops: ClassVar[str] = ""

    def load(self, folder: Path | None) -> Dataset:
        """Read the data.

        Args:
            folder: the project's folder; relative paths stay inside it. ``None`` for a project
                that has none yet.

        Raises:
            FileError: the file is damaged or missing.
            DataError: its contents do not fit together, or its path must be confirmed first.
        """
        raise TypeError(f"{type(self).__name__} loads nothing")

    @classmethod
    def accepts(cls, paths: list[Path]) -> Self | None:
        """The source that reads exactly these files (dropped or chosen), or ``None``.

        Looks at names and the first bytes only; ``load`` finds what is wrong inside.
        """
        return None

    def paths(self) -> tuple[str, ...]:
        """The names of the parameters that hold paths."""
        return ()

    def written(self, folder: Path) -> Self:
        """As it is saved in a project's folder."""
        return self._with_paths(lambda text: written(text, folder))

    def opened(self, folder: Path) -> Self:
        """As it is held after opening a project: paths out of its folder must be confirmed."""
        return self._with_paths(lambda text: opened(text, folder))

    def confirmed(self) -> Self:
        """With every path allowed: the user said so."""
        return self._with_paths(confirmed)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The paths that the user must confirm before they are read."""
        texts = (getattr(self, name) for name in self.paths())
        return tuple(confirmed(text) for text in texts if text.startswith(MARK))

    def _with_paths(self, change: Callable[[str], str]) -> Self:
        return self.changed(**{name: change(getattr(self, name)) for name in self.paths()})

    def summary(self) -> str:
        """One line for the data panel, without loading."""
        return self.title
