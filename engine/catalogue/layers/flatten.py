"""Flatten: all axes of a sample become one."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Example, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component
from engine.tensor_spec import TensorSpec


@component
class Flatten(Layer):
    """y = x written out as one row per sample.

    Shapes:
        x: (batch, a, b, ...); output: (batch, a·b·...).
    Source: Keras 3, ``keras.layers.Flatten`` (channels last).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Flatten", "torch.nn.Flatten", "onnx.Flatten")
    differences: ClassVar[str] = "Channels come last; PyTorch flattens channels first."
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-collapse-horizontal"
    view: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((4, 3, 2),)), Example({}, ((5,),)))

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        return (x.with_shape((x.size,) if x.known else (None,)),)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.flatten(x[0]),)
