"""SinePositionEncoding: waves of many lengths that tell the places of a sequence apart."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.attending import check_places
from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component, setting
from engine.constraints import Number
from engine.errors import ShapeError
from engine.kernels.activity import clear
from engine.kernels.attention import repeat_table
from engine.tensor_spec import TensorSpec


@component
class SinePositionEncoding(Layer):
    """y[i, 2c] = sin(i / max_wavelength^(2c / features)), y[i, 2c+1] = cos of the same, for place i.

    Add it to the sequence, so that attention can tell places apart: ``Add()([x, SinePositionEncoding()(x)])``.

    Shapes:
        x: (batch, steps, features); output: as the input.
    Source: KerasHub, ``keras_hub.layers.SinePositionEncoding``; Vaswani et al. 2017, "Attention is all you need".
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = (
        "The name and the meaning are those of keras_hub.layers.SinePositionEncoding; Keras itself has none."
    )
    category: ClassVar[str] = "Attention"
    icon: ClassVar[str] = "mdi6.sine-wave"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4, 6),)),
        Example({"max_wavelength": 50.0}, ((3, 5),)),
    )

    max_wavelength: Annotated[float, Number(0, open_low=True)] = setting(
        10000.0, "The longest wave, in steps divided by 2π; longer than the sequences."
    )

    @property
    def badge(self) -> str:
        return f"{self.max_wavelength:g}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_places(self.key, inputs)
        if len(inputs[0].shape) != 2:
            raise ShapeError(f"{self.key} needs steps × features; received {inputs[0]}. Reshape the data first.")
        return inputs

    def forward(self, lane: Lane) -> None:
        steps, features = lane.x[0].shape[1:]
        table = lane.shared("waves", (steps * features,))
        table[:] = waves(steps, features, self.max_wavelength).reshape(-1)
        lane.call(repeat_table, table, lane.y[0].reshape(lane.rows, -1))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:  # the numbers that arrive change nothing
            lane.call(clear, lane.dx[0].reshape(-1))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.line(x[0], np.zeros((1, 1)), waves(*out.specs[0].sizes, self.max_wavelength)),)


@lru_cache(16)
def waves(steps: int, features: int, longest: float) -> npt.NDArray[np.float64]:
    """The table: a row for every place."""
    column = np.arange(features)
    angle = np.arange(steps)[:, None] * longest ** -(2 * (column // 2) / features)
    found: npt.NDArray[np.float64] = np.where(column % 2, np.cos(angle), np.sin(angle))
    return found
