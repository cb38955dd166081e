"""UpSampling3D: larger volumes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.enlarging import Enlarging
from engine.component import component, setting
from engine.constraints import Wholes


@component
class UpSampling3D(Enlarging):
    """y[h, i, j] = x[h // size_1, i // size_2, j // size_3].

    Shapes:
        x: (batch, depth, height, width, channels);
        output: (batch, depth · size_1, height · size_2, width · size_3, channels).
    Source: Keras 3, ``keras.layers.UpSampling3D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.UpSampling3D", "torch.nn.Upsample", "onnx.Resize")
    category: ClassVar[str] = "Reshape"
    icon: ClassVar[str] = "mdi6.cube-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((2, 3, 2, 3),)),
        Example({"size": (1, 3, 2)}, ((2, 1, 2, 1),)),
    )
    places: ClassVar[int] = 3

    size: Annotated[tuple[int, ...], Wholes(1, 1000, length=3)] = setting(
        (2, 2, 2), "How many times deeper, higher and wider the volume becomes."
    )
