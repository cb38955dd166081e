"""Reshape: the same numbers under other axes."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component, setting
from engine.constraints import Wholes
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec, shape_text


@component
class Reshape(Layer):
    """y = x in the shape target_shape; the last axis varies fastest.

    Shapes:
        x: (batch, ...); output: (batch, *target_shape); one size may be -1.
    Source: Keras 3, ``keras.layers.Reshape``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Reshape", "torch.reshape", "onnx.Reshape")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.vector-square-edit"
    view: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"target_shape": (3, 4)}, ((12,),)),
        Example({"target_shape": (-1, 2)}, ((3, 4),)),
    )

    target_shape: Annotated[tuple[int, ...], Wholes(1, 1_000_000, wildcard=True)] = setting(
        help="New sizes after the batch, for example 28, 28, 1. One may be -1: whatever is left."
    )

    @property
    def badge(self) -> str:
        return shape_text(self.target_shape)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if not x.known:
            raise ShapeError(f"Reshape needs to know the whole incoming shape; received {x}.")
        fixed = prod(n for n in self.target_shape if n != -1)
        if -1 in self.target_shape and fixed and x.size % fixed == 0:
            return (x.with_shape(tuple(x.size // fixed if n == -1 else n for n in self.target_shape)),)
        if fixed != x.size or -1 in self.target_shape:
            multiple = "a multiple of " if -1 in self.target_shape else ""
            raise ShapeError(
                f"Reshape must keep the number of values: {x} has {x.size:,}, but the target "
                f"{shape_text(self.target_shape)} needs {multiple}{fixed:,}. Change target_shape."
            )
        return (x.with_shape(self.target_shape),)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = self.infer(out.specs)
        return (out.reshape(x[0], spec.sizes),)
