"""Minimum: the smallest number of several branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.extremes import Extreme
from engine.component import component


@component
class Minimum(Extreme):
    """y = min(x_1, x_2, ...), number by number.

    The gradient goes to the branch that won; where several are equal, to the first of them.

    Steps that the mask of a branch hides do not compete; where none counts, the first branch's number goes on.

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Minimum`` (which shares the gradient among equals in some backends).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Minimum", "torch.minimum", "onnx.Min")
    differences: ClassVar[str] = "Where several are equal, the gradient goes to the first of them; some peers share it."
    icon: ClassVar[str] = "mdi6.chevron-double-down"
    operation: ClassVar[str] = "minimum"
    sign: ClassVar[int] = -1
