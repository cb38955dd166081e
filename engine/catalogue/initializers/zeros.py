"""zeros: everything starts at 0."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.component import component


@component
class Zeros(Initializer):
    """w = 0.

    Source: Keras 3, ``keras.initializers.Zeros``.
    """

    key: ClassVar[str] = "zeros"
    title: ClassVar[str] = "Zeros"
    aliases: ClassVar[tuple[str, ...]] = ("Zeros", "zero")

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return np.zeros(shape)
