"""ActivityRegularization: a penalty on what flows through."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component, component, resolved, setting
from engine.constraints import Number


@component
class ActivityRegularization(Layer):
    """y = x; loss += (l1 · sum of abs(x) + l2 · sum of x²) / samples in the batch.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.ActivityRegularization``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ActivityRegularization",)
    category: ClassVar[str] = "Regularization"
    icon: ClassVar[str] = "mdi6.weight"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"l1": 0.1}, ((5,),)),
        Example({"l1": 0.05, "l2": 0.2}, ((3, 4),)),
        Example({}, ((3,),)),
    )

    l1: Annotated[float, Number(0)] = setting(
        0.0, "Strength of the pull that makes most of the numbers 0: few neurons answer to each sample."
    )
    l2: Annotated[float, Number(0)] = setting(0.0, "Strength of the pull that acts on large numbers most.")

    @property
    def badge(self) -> str:
        return " ".join(f"{name} {value:g}" for name, value in (("l1", self.l1), ("l2", self.l2)) if value)

    @property
    def activity_penalty(self) -> Component | None:
        return resolved("regularizer", {"type": "L1L2", "l1": self.l1, "l2": self.l2}) if self.l1 or self.l2 else None

    def forward(self, lane: Lane) -> None:
        lane.copy(lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            lane.copy(lane.dy[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return x
