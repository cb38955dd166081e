"""UpSampling1D: every step several times."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.sequences import check_sequence
from engine.component import component, setting
from engine.constraints import Whole
from engine.tensor_spec import TensorSpec


@component
class UpSampling1D(Moving):
    """y[i] = x[i // size].

    Shapes:
        x: (batch, steps, features); output: (batch, steps · size, features).
    Source: Keras 3, ``keras.layers.UpSampling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.UpSampling1D", "torch.nn.Upsample", "onnx.Resize")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-split-vertical"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3, 2),)), Example({"size": 3}, ((2, 1),)))

    size: Annotated[int, Whole(1, 10_000)] = setting(2, "How often each step is repeated.")

    @property
    def badge(self) -> str:
        return f"{self.size}×"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_sequence("UpSampling1D", x)
        return (x.with_shape((x.sizes[0] * self.size, x.sizes[1])),)

    def moved(self, places: Places) -> Places:
        return np.repeat(places, self.size, axis=0)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.repeat(x[0], 1, self.size),)
