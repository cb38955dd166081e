"""Masking: steps that hold nothing but a chosen number are padding."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes, rows
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.masks import differs, keep_rows
from engine.tensor_spec import TensorSpec


@component
class Masking(Layer):
    """y = x where any feature of the step differs from mask_value, else 0.

    The other steps are marked as padding: recurrent layers skip them, averages and losses leave them out. The mark
    goes on through layers that keep the steps, such as Dense and Dropout, and ends at others.

    Shapes:
        x: (batch, ..., features); output: as the input; mask: (batch, ...).
    Source: Keras 3, ``keras.layers.Masking``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Masking",)
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.eye-off-outline"
    makes_mask: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3, 2),)), Example({"mask_value": -1.0}, ((4, 1),)))

    mask_value: Annotated[float, Number()] = setting(
        0.0, "Steps of which every feature has this value are padding and do not count."
    )

    @property
    def badge(self) -> str:
        return f"{self.mask_value:g}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axes("Masking", inputs[0])
        return inputs

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (True,)

    def forward(self, lane: Lane) -> None:
        value = lane.number_of(self.mask_value)
        mask = lane.mask_out[0]
        assert mask is not None, "the plan makes room for the mask"
        lane.call(differs, rows(lane.x[0]), value, rows(lane.y[0]), mask.reshape(-1))

    def backward(self, lane: Lane) -> None:
        mask = lane.mask_out[0]
        if lane.dx[0] is not None and mask is not None:
            lane.call(keep_rows, rows(lane.dy[0]), mask.reshape(-1), rows(lane.dx[0]))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.keep_steps(x[0], self.mask_value),)
