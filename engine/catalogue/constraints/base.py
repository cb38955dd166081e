"""What every constraint of weights declares, and the one of those that hold norms within bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Annotated, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.component import Component, setting
from engine.constraints import Wholes
from engine.errors import ShapeError
from engine.kernels.norms import rescale, rescale_groups

Array = npt.NDArray[Any]
Calls = list[tuple[Callable[..., None], tuple[Any, ...]]]
#: Keras's ``backend.epsilon()``.
EPSILON = 1e-7
Axes = Annotated[tuple[int, ...], Wholes(-8, 7)]


class WeightConstraint(Component):
    """A rule that a weight is brought back to after every update."""

    kind: ClassVar[str] = "constraint"
    category: ClassVar[str] = "Constraints"

    def check(self, name: str, shape: tuple[int, ...]) -> None:
        """Refuse a weight that the rule cannot hold for.

        Raises:
            ShapeError: with a sentence.
        """

    def calls(self, weight: Array) -> Calls:
        """The kernel calls that bring a weight back to the rule, in place."""
        raise TypeError(f"{type(self).__name__} lists no calls")

    def value(self, weight: Array) -> Array:
        """The weight after the rule in plain numpy: the reference for tests."""
        raise TypeError(f"{type(self).__name__} declares no reference")


def axis() -> Any:
    """The parameter ``axis``: along which axes the norm is taken."""
    return setting(
        (0,),
        "Axes whose numbers make one norm: 0 for each neuron of Dense, 0, 1, 2 for each filter of Conv2D.",
        advanced=True,
    )


class NormConstraint(WeightConstraint):
    """w *= (rate · clip(norm, low, high) + (1 - rate) · norm) / (epsilon + norm), norms taken along ``axis``."""

    axis: tuple[int, ...]

    def bounds(self) -> tuple[float, float, float]:
        """low, high and rate."""
        raise TypeError(f"{type(self).__name__} declares no bounds")

    def check(self, name: str, shape: tuple[int, ...]) -> None:
        places = [place + len(shape) if place < 0 else place for place in self.axis]
        if not all(0 <= place < len(shape) for place in places) or len(set(places)) != len(places):
            raise ShapeError(
                f"The constraint {self.title} takes norms along the axes {', '.join(map(str, self.axis))}, but the "
                f"weight '{name}' has {len(shape)} axes. Choose different axes from 0 to {len(shape) - 1}."
            )

    def calls(self, weight: Array) -> Calls:
        shape = weight.shape
        places = sorted(place % len(shape) for place in self.axis)
        scalars = tuple(weight.dtype.type(value) for value in (*self.bounds(), EPSILON))
        if places == list(range(places[0], places[-1] + 1)):
            before, along, after = (
                prod(part) for part in (shape[: places[0]], shape[places[0] : places[-1] + 1], shape[places[-1] + 1 :])
            )
            squares = np.zeros(after, np.float64)
            return [(rescale, (weight.reshape(before, along, after), squares, *scalars))]
        kept = tuple(1 if place in places else size for place, size in enumerate(shape))
        group = np.broadcast_to(np.arange(prod(kept), dtype=np.int64).reshape(kept), shape).reshape(-1)
        return [(rescale_groups, (weight.reshape(-1), group, np.zeros(prod(kept), np.float64), *scalars))]

    def value(self, weight: Array) -> Array:
        low, high, rate = self.bounds()
        norm = np.sqrt(np.sum(np.square(weight), axis=self.axis, keepdims=True))
        found: Array = weight * (rate * np.clip(norm, low, high) + (1 - rate) * norm) / (EPSILON + norm)
        return found
