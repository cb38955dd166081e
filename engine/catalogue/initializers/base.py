"""What every initializer declares."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.constraints import Whole
from engine.expression.tracing import Weight

#: Standard deviation of a normal distribution cut off at two standard deviations.
CUT_WIDTH = 0.87962566103423978

Seed = Annotated[int | None, Whole(0, 2**31 - 1, none="the run's seed")]
SEED_HELP = "A number that fixes the start by itself; left out, the run's seed, the layer and the weight decide."


class Initializer(Component):
    """Fills a weight from a seeded generator, so the same seed gives the same start."""

    kind: ClassVar[str] = "initializer"
    category: ClassVar[str] = "Initializers"

    def __call__(self, shape: Any, name: str | None = None, **_: Any) -> Weight:
        """A trained parameter that starts so, for a layer written in Python (Keras 1); numpy sees its values."""
        return Weight(shape, self, name)

    def generator(self, given: np.random.Generator) -> np.random.Generator:
        """What ``fill`` draws from: a generator of its own seed, where it has one, else the given one."""
        seed: int | None = getattr(self, "seed", None)
        return given if seed is None else np.random.Generator(np.random.Philox(key=seed))

    def fill(self, shape: tuple[int, ...], random: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[Any]:
        """Values in float64.

        Args:
            shape: shape of the weight.
            random: the weight's own generator (counter-based, from seed, node and weight name).
            fan_in: inputs per output unit; 0 means from the shape, as :func:`fans` does.
            fan_out: outputs per input unit, likewise.
        """
        raise TypeError(f"{type(self).__name__} fills nothing")


def fans(shape: tuple[int, ...], fan_in: int, fan_out: int) -> tuple[int, int]:
    """Inputs per output unit and outputs per input unit; 0 is replaced by what the shape says.

    The last two axes are inputs and outputs, all before them a window (of a convolution).
    """
    window = prod(shape[:-2])
    from_shape = (window * shape[-2], window * shape[-1]) if len(shape) > 1 else (prod(shape), prod(shape))
    return max(1, fan_in or from_shape[0]), max(1, fan_out or from_shape[1])


def truncated(random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Standard normal numbers; those beyond ±2 are drawn again."""
    values = random.normal(size=shape)
    outside = np.abs(values) > 2
    while outside.any():
        values[outside] = random.normal(size=int(outside.sum()))
        outside = np.abs(values) > 2
    return values
