"""What a model that is gone leaves to layers that live on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from engine.tensor_spec import WeightSpec


@dataclass(frozen=True)
class Estate:
    """The newest numbers of a layer whose model is gone, until another model takes them over.

    Attributes:
        arrays: its weights by name.
        specs: their descriptions, in the same order.
    """

    arrays: dict[str, npt.NDArray[Any]]
    specs: tuple[WeightSpec, ...]
