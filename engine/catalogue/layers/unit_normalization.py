"""UnitNormalization: brings every sample to length 1."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.trailing import axis_list, check_axis, places_of, put_back, room, table, terms
from engine.component import component, setting
from engine.constraints import Wholes
from engine.kernels.rows import unit_rows, unit_rows_back
from engine.tensor_spec import TensorSpec


@component
class UnitNormalization(Layer):
    """y = x / max(sqrt(sum of x²), 1e-12), the sum taken along the axis.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.UnitNormalization``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.UnitNormalization",
        "torch.nn.functional.normalize",
        "onnx.LpNormalization",
    )
    category: ClassVar[str] = "Normalization"
    icon: ClassVar[str] = "mdi6.arrow-up-right"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"axis": 1}, ((3, 4),)),
        Example({"axis": (1, 2)}, ((2, 3, 2),)),
    )

    axis: Annotated[tuple[int, ...], Wholes(-8, 8)] = setting(
        (-1,), "The axis along which the length is taken; -1 is the last one."
    )

    @property
    def badge(self) -> str:
        return "" if self.axis == (-1,) else f"axis {axis_list(self.axis)}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axis("UnitNormalization", self.axis, inputs[0])
        return inputs

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 3.0 * inputs[0].size

    def forward(self, lane: Lane) -> None:
        x, y = table(lane, "x", lane.x[0], self.axis), room(lane, "y", lane.y[0], self.axis)
        lane.call(unit_rows, x, y, self._inverse(lane))
        put_back(lane, y, lane.y[0], self.axis)

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            y, dy = (table(lane, name, array, self.axis) for name, array in (("y", lane.y[0]), ("dy", lane.dy[0])))
            dx = room(lane, "dx", lane.dx[0], self.axis)
            lane.call(unit_rows_back, y, self._inverse(lane), dy, dx)
            put_back(lane, dx, lane.dx[0], self.axis)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.unit(x[0], tuple(place + 1 for place in places_of(self.axis, out.specs[0].rank))),)

    def _inverse(self, lane: Lane) -> Array:
        return lane.buffer("inverse", (lane.specs[0].size // terms(lane, self.axis),)).reshape(-1)
