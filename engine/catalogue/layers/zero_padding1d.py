"""ZeroPadding1D: steps of zeros before and after sequences."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import Moving, Places
from engine.catalogue.layers.sequences import check_sequence
from engine.component import component, setting
from engine.constraints import Wholes
from engine.tensor_spec import TensorSpec


@component
class ZeroPadding1D(Moving):
    """y[i] = x[i - before] within the sequence, 0 around it.

    Shapes:
        x: (batch, steps, features); output: (batch, before + steps + after, features).
    Source: Keras 3, ``keras.layers.ZeroPadding1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ZeroPadding1D", "torch.nn.ConstantPad1d", "onnx.Pad")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-expand-horizontal"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3, 2),)), Example({"padding": (2, 0)}, ((2, 5),)))

    padding: Annotated[tuple[int, ...], Wholes(0, 100_000, length=2)] = setting(
        (1, 1), "Steps of zeros before and after; one number for both ends."
    )

    @property
    def badge(self) -> str:
        return f"{self.padding[0]}+{self.padding[1]}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_sequence("ZeroPadding1D", x)
        return (x.with_shape((x.sizes[0] + sum(self.padding), x.sizes[1])),)

    def moved(self, places: Places) -> Places:
        return np.pad(places, (self._sides, (0, 0)), constant_values=-1)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.pad(x[0], (self._sides, (0, 0))),)

    @property
    def _sides(self) -> tuple[int, int]:
        return self.padding[0], self.padding[1]
