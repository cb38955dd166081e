"""Input: where data enter the network."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Layer, Port
from engine.component import component, setting
from engine.constraints import Wholes
from engine.tensor_spec import TensorSpec, shape_text


@component
class Input(Layer):
    """y = the data, one sample per row of the batch.

    Shapes:
        output: (batch, *shape).
    Source: Keras 3, ``keras.Input``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.Input",)
    differences: ClassVar[str] = "The batch size is never part of the shape."
    category: ClassVar[str] = "Input"
    icon: ClassVar[str] = "mdi6.login-variant"
    inputs: ClassVar[tuple[Port, ...]] = ()
    view: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (Example({"shape": (3,)}, ()), Example({"shape": (5, 4, 2)}, ()))

    shape: Annotated[tuple[int, ...], Wholes(1, 1_000_000)] = setting(
        help="Size of one sample without the batch: 784 for a flat picture, 28, 28, 1 for a grey one."
    )

    @property
    def badge(self) -> str:
        return shape_text(self.shape)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        return (TensorSpec(self.shape),)
