"""ZeroPadding1D: steps of zeros before and after sequences."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Frame, Padding
from engine.component import component, setting
from engine.constraints import Wholes


@component
class ZeroPadding1D(Padding):
    """y[i] = x[i - before] within the sequence, 0 around it.

    Shapes:
        x: (batch, steps, features); output: (batch, before + steps + after, features).
    Source: Keras 3, ``keras.layers.ZeroPadding1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.ZeroPadding1D", "torch.nn.ConstantPad1d", "onnx.Pad")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-expand-horizontal"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3, 2),)), Example({"padding": (2, 0)}, ((2, 5),)))
    places: ClassVar[int] = 1

    padding: Annotated[tuple[int, ...], Wholes(0, 100_000, length=2)] = setting(
        (1, 1), "Steps of zeros before and after; one number for both ends."
    )

    @property
    def frame(self) -> Frame:
        return ((self.padding[0], self.padding[1]),)
