"""RepeatVector: one row becomes a sequence of equal steps."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.component import component, setting
from engine.constraints import Whole
from engine.errors import Remedy, ShapeError
from engine.tensor_spec import TensorSpec


@component
class RepeatVector(Moving):
    """y[i] = x for i from 1 to n.

    Shapes:
        x: (batch, features); output: (batch, n, features).
    Source: Keras 3, ``keras.layers.RepeatVector``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.RepeatVector", "torch.Tensor.repeat", "onnx.Expand")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.content-duplicate"
    examples: ClassVar[tuple[Example, ...]] = (Example({"n": 3}, ((4,),)), Example({"n": 1}, ((2,),)))

    n: Annotated[int, Whole(1, 1_000_000)] = setting(help="How many steps the sequence has.")

    @property
    def badge(self) -> str:
        return f"{self.n}×"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if len(x.shape) != 1:
            raise ShapeError(
                f"RepeatVector needs one row of numbers per sample, but {x} arrives. Flatten it first.",
                Remedy("Insert Flatten", "Flatten"),
            )
        return (x.with_shape((self.n, x.shape[0])),)

    def moved(self, places: Places) -> Places:
        return np.repeat(places[None], self.n, axis=0)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (size,) = out.specs[0].sizes
        return (out.repeat(out.reshape(x[0], (1, size)), 1, self.n),)
