"""Dropout: hides a random part of the numbers while training."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.noise import SEED_HELP, Seed, edge_of
from engine.catalogue.layers.noise_shape import HELP, NoiseShape, Patterned
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.random import drop


@component
class Dropout(Patterned):
    """y = x · mask / (1 - rate) while training, y = x when predicting; mask is 0 with probability rate.

    The mask is hashed from seed, step, layer and the sample's place in the batch, so the number of
    threads does not change it, and it is drawn again backward instead of being stored.

    Shapes:
        output: as the input.
    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Dropout", "torch.nn.Dropout", "onnx.Dropout")
    differences: ClassVar[str] = "Which numbers are dropped is drawn by another generator."
    icon: ClassVar[str] = "mdi6.water-off-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((9,),)),
        Example({"rate": 0.2, "seed": 3}, ((3, 4),)),
        Example({"rate": 0.0}, ((3,),)),
        Example({"rate": 0.4, "noise_shape": (None, 1, None)}, ((3, 4),)),
        Example({"rate": 0.4, "noise_shape": (1, 3, 1)}, ((3, 4),)),
    )

    rate: Annotated[float, Number(0, 1)] = setting(
        help="Share of the numbers set to 0 in each training step, against overfitting; 0.2 to 0.5 is usual."
    )
    noise_shape: NoiseShape = setting(None, HELP, advanced=True)
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        scale = 1 / (1 - self.rate) if self.rate < 1 else 0.0
        if self.noise_shape is None:
            self.draw(lane, drop, x, y, edge_of(self.rate), lane.number_of(scale))
        else:
            self.choose(lane, x, y, scale, 0.0, 0.0)

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        self.change(lane, dy, dx)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        # A pattern that repeats has no counterpart; what it does to answers is nothing.
        return (out.dropout(x[0], self.rate),) if self.noise_shape is None else x
