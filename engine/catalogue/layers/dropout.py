"""Dropout: hides a random part of the numbers while training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component, setting
from engine.constraints import Number, Whole
from engine.kernels.random import drop


@component
class Dropout(Layer):
    """y = x · mask / (1 - rate) while training, y = x when predicting; mask is 0 with probability rate.

    The mask is hashed from seed, step, layer and the sample's place in the batch, so the number of
    threads does not change it, and it is drawn again backward instead of being stored.

    Shapes:
        output: as the input.
    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Dropout", "torch.nn.Dropout", "onnx.Dropout")
    differences: ClassVar[str] = "Which numbers are dropped is drawn by another generator."
    category: ClassVar[str] = "Regularization"
    icon: ClassVar[str] = "mdi6.water-off-outline"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((9,),)),
        Example({"rate": 0.2, "seed": 3}, ((3, 4),)),
        Example({"rate": 0.0}, ((3,),)),
    )

    rate: Annotated[float, Number(0, 1)] = setting(
        help="Share of the numbers set to 0 in each training step, against overfitting; 0.2 to 0.5 is usual."
    )
    seed: Annotated[int | None, Whole(0, 2**31 - 1, none="the run's seed")] = setting(
        None, "A number that fixes which elements are dropped; left out, the run's seed decides.", advanced=True
    )

    @property
    def badge(self) -> str:
        return f"{self.rate:g}"

    def forward(self, lane: Lane) -> None:
        if lane.training and self.rate:
            self._drop(lane, lane.x[0], lane.y[0])
        else:
            lane.copy(lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        if lane.training and self.rate:
            self._drop(lane, lane.dy[0], lane.dx[0])
        else:
            lane.copy(lane.dy[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.dropout(x[0], self.rate),)

    def _drop(self, lane: Lane, source: Array, target: Array) -> None:
        scale = lane.number_of(1 / (1 - self.rate) if self.rate < 1 else 0.0)
        edge = min(round(self.rate * 2**32) - 2**31, 2**31 - 1)
        seed = -1 if self.seed is None else self.seed
        flat = (source.reshape(lane.rows, -1), target.reshape(lane.rows, -1))
        lane.call(drop, *flat, lane.clock, seed, lane.number, lane.first, edge, scale)
