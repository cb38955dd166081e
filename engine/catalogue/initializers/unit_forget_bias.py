"""unit_forget_bias: starts the bias of an LSTM with open forget gates."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.initializers.base import Initializer
from engine.component import Component, Slot, component, setting


@component
class UnitForgetBias(Initializer):
    """w = 1 in the second quarter of the last axis (the forget gates of an LSTM), elsewhere what ``others`` fills.

    Source: Jozefowicz et al. 2015, "An empirical exploration of recurrent network architectures"; Keras 3,
    ``unit_forget_bias`` of ``keras.layers.LSTM``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = "Keras does this in LSTM, by unit_forget_bias."
    key: ClassVar[str] = "unit_forget_bias"
    title: ClassVar[str] = "Unit forget bias"

    others: Annotated[Component, Slot("initializer")] = setting("zeros", "How all other numbers start.")

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        assert isinstance(self.others, Initializer)
        values = self.others.fill(shape, self.others.generator(random), fan_in, fan_out)
        quarter = shape[-1] // 4
        values[..., quarter : 2 * quarter] = 1
        return values
