"""ones: everything starts at 1."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.component import component


@component
class Ones(Initializer):
    """w = 1.

    Source: Keras 3, ``keras.initializers.Ones``.
    """

    key: ClassVar[str] = "ones"
    title: ClassVar[str] = "Ones"
    aliases: ClassVar[tuple[str, ...]] = ("Ones", "one")

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return np.ones(shape)
