"""What layers share that change numbers by chance while training, and do nothing when predicting."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Kernel, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.constraints import Whole

Seed = Annotated[int | None, Whole(0, 2**31 - 1, none="the run's seed")]
SEED_HELP = "A number that fixes what chance does; left out, the run's seed decides."


class Chance(Layer):
    """y = x when predicting; a subclass says when it acts and what it does then."""

    category: ClassVar[str] = "Regularization"
    supports_masking: ClassVar[bool] = True
    seed: int | None

    @property
    def acts(self) -> bool:
        """Whether its settings make it do anything while training."""
        raise TypeError(f"{type(self).__name__} does not say whether it acts")

    def change(self, lane: Lane, x: Array, y: Array) -> None:
        """List what turns x into y while training."""
        raise TypeError(f"{type(self).__name__} changes nothing")

    def change_back(self, lane: Lane, dy: Array, dx: Array) -> None:
        """List what turns dy into dx while training."""
        raise TypeError(f"{type(self).__name__} has no way back")

    def forward(self, lane: Lane) -> None:
        if lane.training and self.acts:
            self.change(lane, lane.x[0], lane.y[0])
        else:
            lane.copy(lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is None:
            return
        if lane.training and self.acts:
            self.change_back(lane, lane.dy[0], lane.dx[0])
        else:
            lane.copy(lane.dy[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return x

    def draw(self, lane: Lane, kernel: Kernel, x: Array, y: Array, *rest: Any) -> None:
        """List a kernel that draws one number for every element of a row."""
        seed = -1 if self.seed is None else self.seed
        flat = (x.reshape(lane.rows, -1), y.reshape(lane.rows, -1))
        lane.call(kernel, *flat, lane.clock, seed, lane.number, lane.first, *rest)


class RatedChance(Chance):
    """A layer whose chance has one number, its rate; it is shown, and at 0 nothing happens."""

    rate: float

    @property
    def badge(self) -> str:
        return f"{self.rate:g}"

    @property
    def acts(self) -> bool:
        return self.rate > 0


def edge_of(rate: float) -> int:
    """The signed 32-bit number below which a share of ``rate`` of all lie."""
    return min(round(rate * 2**32) - 2**31, 2**31 - 1)
