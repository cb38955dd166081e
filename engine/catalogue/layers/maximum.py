"""Maximum: the largest number of several branches."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers.extremes import Extreme
from engine.component import component


@component
class Maximum(Extreme):
    """y = max(x_1, x_2, ...), number by number.

    The gradient goes to the branch that won; where several are equal, to the first of them.

    Steps that the mask of a branch hides do not compete; where none counts, the first branch's number goes on.

    Shapes:
        all inputs: the same, or 1 along axes that repeat; output: the largest of them.
    Source: Keras 3, ``keras.layers.Maximum`` (which shares the gradient among equals in some backends).
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Maximum", "torch.maximum", "onnx.Max")
    differences: ClassVar[str] = "Where several are equal, the gradient goes to the first of them; some peers share it."
    icon: ClassVar[str] = "mdi6.chevron-double-up"
    operation: ClassVar[str] = "maximum"
    sign: ClassVar[int] = 1
