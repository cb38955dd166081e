"""UpSampling1D: every step several times."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.enlarging import Enlarging
from engine.component import component, setting
from engine.constraints import Whole


@component
class UpSampling1D(Enlarging):
    """y[i] = x[i // size].

    Shapes:
        x: (batch, steps, features); output: (batch, steps · size, features).
    Source: Keras 3, ``keras.layers.UpSampling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.UpSampling1D", "torch.nn.Upsample", "onnx.Resize")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.arrow-split-vertical"
    examples: ClassVar[tuple[Example, ...]] = (Example({}, ((3, 2),)), Example({"size": 3}, ((2, 1),)))
    places: ClassVar[int] = 1

    size: Annotated[int, Whole(1, 10_000)] = setting(2, "How often each step is repeated.")
