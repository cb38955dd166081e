"""Permute: axes in another order."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.component import component, setting
from engine.constraints import Wholes
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec


@component
class Permute(Moving):
    """y[..., i_n, ...] = x[...] with axis n of y being axis dims[n] of x.

    Shapes:
        x: (batch, a, b, ...); with dims (2, 1) the output is (batch, b, a).
    Source: Keras 3, ``keras.layers.Permute``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Permute", "torch.permute", "onnx.Transpose")
    differences: ClassVar[str] = "PyTorch's and ONNX's dims count the batch as axis 0."
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.swap-horizontal"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"dims": (2, 1)}, ((3, 4),)),
        Example({"dims": (2, 1, 3)}, ((2, 3, 4),)),
        Example({"dims": (3, 1, 2)}, ((2, 3, 4),)),
    )

    dims: Annotated[tuple[int, ...], Wholes(1, 8)] = setting(
        help="The axes in their new order, counted from 1 without the batch: 2, 1 swaps two axes."
    )

    @property
    def badge(self) -> str:
        return " ".join(map(str, self.dims))

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        axes = tuple(range(1, x.rank))
        if tuple(sorted(self.dims)) != axes:
            wanted = ", ".join(map(str, axes)) or "no axis"
            raise ShapeError(
                f"Permute's dims must hold each of {wanted} once for the input {x}; received "
                f"{', '.join(map(str, self.dims))}. Name every axis after the batch once."
            )
        return (x.with_shape(tuple(x.shape[place - 1] for place in self.dims)),)

    def moved(self, places: Places) -> Places:
        return places.transpose([place - 1 for place in self.dims])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.transpose(x[0], self.dims),)
