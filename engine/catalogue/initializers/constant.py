"""constant: everything starts at one number."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.component import component, setting
from engine.constraints import Number


@component
class Constant(Initializer):
    """w = value.

    Source: Keras 3, ``keras.initializers.Constant``.
    """

    key: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    aliases: ClassVar[tuple[str, ...]] = ("Constant",)

    value: Annotated[float, Number()] = setting(0.0, "The number.")

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        return np.full(shape, self.value)
