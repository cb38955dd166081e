"""AlphaDropout: dropout that keeps mean and variance, for networks of selu neurons."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.noise import SEED_HELP, Seed, edge_of
from engine.catalogue.layers.noise_shape import HELP, NoiseShape, Patterned
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.normal import replace

#: What selu tends to for very negative numbers.
FLOOR = -1.6732632423543772 * 1.0507009873554805


@component
class AlphaDropout(Patterned):
    """y = a · (x where kept, α' elsewhere) + b while training, y = x when predicting; α' = -1.7581.

    a = 1 / √((1 - rate)(1 + rate · α'²)) and b = -a · rate · α' keep mean 0 and variance 1. What is kept is
    hashed from seed, step, layer and the sample's place in the batch, and drawn again backward.

    Shapes:
        output: as the input.
    Source: Klambauer et al. 2017, "Self-normalizing neural networks"; Keras 3, ``keras.layers.AlphaDropout``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.AlphaDropout", "torch.nn.AlphaDropout")
    differences: ClassVar[str] = "Which numbers are dropped is drawn by another generator."
    icon: ClassVar[str] = "mdi6.alpha"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"rate": 0.5}, ((9,),)),
        Example({"rate": 0.2, "seed": 3}, ((3, 4),)),
        Example({"rate": 0.0}, ((3,),)),
        Example({"rate": 0.4, "noise_shape": (None, 1, None)}, ((3, 4),)),
    )

    rate: Annotated[float, Number(0, 1, open_high=True)] = setting(
        help="Share of the numbers set to selu's lowest value in each step; 0.05 to 0.1 is usual after selu."
    )
    noise_shape: NoiseShape = setting(None, HELP, advanced=True)
    seed: Seed = setting(None, SEED_HELP, advanced=True)

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        a = self._scale
        b = -a * self.rate * FLOOR
        self._list(lane, x, y, a, b, a * FLOOR + b)

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        self._list(lane, dy, dx, self._scale, 0.0, 0.0)

    def _list(self, lane: Lane, x: Array, y: Array, scale: float, shift: float, instead: float) -> None:
        if self.noise_shape is None:
            numbers = map(lane.number_of, (scale, shift, instead))
            self.draw(lane, replace, x, y, edge_of(self.rate), *numbers)
        else:
            self.choose(lane, x, y, scale, shift, instead)

    @property
    def _scale(self) -> float:
        return float(((1 - self.rate) * (1 + self.rate * FLOOR**2)) ** -0.5)
