"""Cropping1D: takes steps off both ends of sequences."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.framing import Cropping, Frame
from engine.component import component, setting
from engine.constraints import Wholes


@component
class Cropping1D(Cropping):
    """y[i] = x[i + before].

    Shapes:
        x: (batch, steps, features); output: (batch, steps - before - after, features).
    Source: Keras 3, ``keras.layers.Cropping1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Cropping1D", "torch.narrow", "onnx.Slice")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.content-cut"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((4, 2),)), Example({"cropping": (2, 0)}, ((5, 3),)))
    places: ClassVar[int] = 1

    cropping: Annotated[tuple[int, ...], Wholes(0, 100_000, length=2)] = setting(
        (1, 1), "Steps taken off at the beginning and at the end; one number for both."
    )

    @property
    def frame(self) -> Frame:
        return ((self.cropping[0], self.cropping[1]),)
