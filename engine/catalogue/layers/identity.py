"""Identity: hands on what it gets."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.base import Example, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component


@component
class Identity(Layer):
    """y = x.

    Shapes:
        output: as the input.
    Source: Keras 3, ``keras.layers.Identity``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Identity", "torch.nn.Identity", "onnx.Identity")
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.equal"
    view: ClassVar[bool] = True
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3,),)), Example({}, ((2, 3),)))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return x
