"""What layers share that put branches together number by number."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.errors import Remedy, ShapeError
from engine.kernels.masks import copy_mask, union
from engine.tensor_spec import TensorSpec


class Merging(Layer):
    """A layer over branches of one shape.

    Class attributes:
        operation: its name for emitters.
        fewest, most: how many branches it takes.
    """

    category: ClassVar[str] = "Merge"
    makes_mask: ClassVar[bool] = True
    inputs: ClassVar[tuple[Port, ...]] = (Port("x", many=True, help="Two or more branches of one shape."),)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((4,), (4,))),
        Example({}, ((2, 3), (2, 3), (2, 3))),
    )
    operation: ClassVar[str] = ""
    most: ClassVar[int] = 1000

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) < 2:
            raise ShapeError(
                f"{self.key} needs at least two inputs, but {axis_text(inputs)} alone arrives. Wire another one."
            )
        if len(inputs) > self.most:
            raise ShapeError(f"{self.key} takes {self.most} inputs; received {len(inputs)}. Take the others off.")
        if len({spec.shape for spec in inputs}) > 1:
            raise ShapeError(
                f"{self.key} needs inputs of one shape, because it works number by number; received "
                f"{axis_text(inputs)}. Bring the branches to one shape, for example with a Dense or convolution layer.",
                _remedy(inputs),
            )
        return (inputs[0],)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (all(spec.masked for spec in inputs),)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return float((len(inputs) - 1) * inputs[0].size)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.merge(self.operation, x),)


def _remedy(inputs: tuple[TensorSpec, ...]) -> Remedy | None:
    """A Dense into each wire of which only the last axis differs from the first wire's."""
    first = inputs[0]
    if not first.shape or any(spec.shape[:-1] != first.shape[:-1] or spec.shape[-1:] == (None,) for spec in inputs):
        return None
    odd = tuple(place for place, spec in enumerate(inputs) if spec.shape != first.shape)
    return Remedy(f"Insert Dense with {first.shape[-1]} units", "Dense", (("units", first.shape[-1]),), odd)


def unite(lane: Lane) -> None:
    """List the mask of branches put together: a step counts where it counts in any branch."""
    total = lane.mask_out[0]
    if total is not None:
        given = [mask.reshape(-1) for mask in lane.masks if mask is not None]
        lane.call(copy_mask, given[0], total.reshape(-1))
        for mask in given[1:]:
            lane.call(union, mask, total.reshape(-1))


def flat(x: Array) -> Array:
    """One row per sample."""
    return x.reshape(x.shape[0], -1)
