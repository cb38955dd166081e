"""identity: a square matrix that passes its input through."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.component import component, setting
from engine.constraints import Number
from engine.errors import ParameterError


@component
class Identity(Initializer):
    """w = gain on the diagonal, 0 elsewhere.

    Source: Keras 3, ``keras.initializers.Identity``; Le et al. 2015 for recurrent layers of relu units.
    """

    key: ClassVar[str] = "identity"
    title: ClassVar[str] = "Identity"
    aliases: ClassVar[tuple[str, ...]] = ("Identity", "IdentityInitializer")

    gain: Annotated[float, Number()] = setting(1.0, "Factor on the whole matrix.")

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        if len(shape) != 2:
            raise ParameterError(self.key, None, f"needs a weight with exactly two axes; received shape {shape}")
        return self.gain * np.eye(*shape)
