"""GlobalMaxPooling1D: the strongest answer of each feature anywhere in the sequence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example
from engine.catalogue.layers.global_pooling import GlobalPooling
from engine.component import component, setting
from engine.constraints import Flag


@component
class GlobalMaxPooling1D(GlobalPooling):
    """y[c] = max over all steps of x[i, c].

    Shapes:
        x: (batch, steps, features); output: (batch, features), or (batch, 1, features) with keepdims.
    Source: Keras 3, ``keras.layers.GlobalMaxPooling1D``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.GlobalMaxPooling1D",
        "torch.nn.AdaptiveMaxPool1d",
        "onnx.GlobalMaxPool",
    )
    category: ClassVar[str] = "Pooling"
    icon: ClassVar[str] = "mdi6.format-align-middle"
    aliases: ClassVar[tuple[str, ...]] = ("GlobalMaxPool1D",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5, 3),)),
        Example({"keepdims": True}, ((4, 1),)),
    )
    places: ClassVar[int] = 1
    operation: ClassVar[str] = "max"

    keepdims: Annotated[bool, Flag()] = setting(False, "Leave the steps as an axis of size 1.", advanced=True)
