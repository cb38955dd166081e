"""TimeDistributed: one layer for every step of a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.inner import InnerLane
from engine.component import Component, Slot, component, setting
from engine.errors import ParameterError, ShapeError
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class TimeDistributed(Layer):
    """y[:, t] = layer(x[:, t]) for every step t, with the same weights.

    What the wrapped layer does with the batch as a whole (BatchNormalization) it does with all steps of all samples.

    Shapes:
        x: (batch, steps, ...); output: (batch, steps, ...), with what the layer makes of a step.
    Source: Keras 3, ``keras.layers.TimeDistributed``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.TimeDistributed",)
    category: ClassVar[str] = "Recurrent"
    icon: ClassVar[str] = "mdi6.timeline-outline"
    supports_masking: ClassVar[bool] = True
    pairs: ClassVar[bool] = False
    starts: ClassVar[Mapping[str, object]] = {"layer": {"type": "Dense", "units": 32}}
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"layer": {"type": "Dense", "units": 4, "activation": "tanh"}}, ((3, 5),)),
        Example({"layer": {"type": "Conv2D", "filters": 2, "kernel_size": [2, 2]}}, ((2, 4, 3, 2),)),
        Example({"layer": "Flatten"}, ((3, 2, 2),)),
        Example({"layer": "BatchNormalization"}, ((3, 2),)),
        Example({"layer": {"type": "Dropout", "rate": 0.4}}, ((3, 4),)),
        Example({"layer": {"type": "LSTM", "units": 3, "return_sequences": True}}, ((2, 3, 4),)),
    )

    layer: Annotated[Component, Slot("layer")] = setting(help="The layer that each step passes through.")

    def __post_init__(self) -> None:
        """Refuse what cannot be wrapped."""
        inner = self.inner
        if len([port for port in inner.inputs if not port.optional]) != 1 or inner.inputs[0].many:
            raise ParameterError(
                self.key,
                "layer",
                f"layer must take one input; {inner.key} is not usable here: put it beside, not inside",
            )
        if len(inner.outputs) != 1:
            raise ParameterError(self.key, "layer", f"layer must put out one tensor; {inner.key} puts out several")
        if any(inner.masked((TensorSpec((1, 1)),))):
            raise ParameterError(
                self.key, "layer", f"layer must not make a mask; {inner.key} does: put it in front of TimeDistributed"
            )

    @property
    def inner(self) -> Layer:
        """The wrapped layer."""
        assert isinstance(self.layer, Layer)
        return self.layer

    @property
    def carries(self) -> bool:
        return self.inner.carries

    @property
    def index_range(self) -> int | None:
        """Numbers that the wrapped layer looks up have its range."""
        return self.inner.index_range

    @property
    def view(self) -> bool:  # type: ignore[override]
        """What only counts axes differently does so here, too."""
        return self.inner.view

    @property
    def shard_rows(self) -> int:  # type: ignore[override]
        """A row holds many of the wrapped layer's."""
        return max(1, self.inner.shard_rows // 8)

    @property
    def badge(self) -> str:
        return f"{self.inner.title} {self.inner.badge}".strip()

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if len(x.shape) < 2:
            raise ShapeError(f"TimeDistributed needs steps and what each step holds; received {x}.")
        (y,) = self.inner.infer(self._steps(inputs))
        return (y.with_shape((x.shape[0], *y.shape)),)

    def _steps(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        """What enters the wrapped layer."""
        return tuple(replace(spec, shape=spec.shape[1:], masked=False) for spec in inputs)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return self.inner.weights(self._steps(inputs))

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return self.inner.pace(self._steps(inputs))

    def waste(self, inputs: tuple[TensorSpec, ...]) -> float:
        return self.inner.waste(self._steps(inputs))

    def remembered(self, inputs: tuple[TensorSpec, ...]) -> int:
        return int(inputs[0].shape[0] or 1) * self.inner.remembered(self._steps(inputs))

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return int(inputs[0].shape[0] or 1) * self.inner.cost(self._steps(inputs))

    def forward(self, lane: Lane) -> None:
        self.inner.forward(self._lane(lane))

    def backward(self, lane: Lane) -> None:
        self.inner.backward(self._lane(lane))

    def gradient(self, lane: Lane) -> None:
        self.inner.gradient(self._lane(lane))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        whole = out.specs
        out.specs = self._steps(whole)
        (y,) = self.inner.export(out, (out.join(x[0]),))
        out.specs = whole
        return (out.part(y, whole[0].sizes[0]),)

    def _lane(self, lane: Lane) -> InnerLane:
        times = int(lane.specs[0].shape[0] or 1)

        def split(array: Array) -> Array:
            return array.reshape(lane.rows * times, *array.shape[2:])

        dx = tuple(None if array is None else split(array) for array in lane.dx)
        x, y, dy = (tuple(split(array) for array in arrays) for arrays in (lane.x, lane.y, lane.dy))
        return InnerLane(lane, "", self._steps(lane.specs), x, y, dx, dy, times)
