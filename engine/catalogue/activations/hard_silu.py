"""hard_silu: silu with the hard sigmoid, cheap on small devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like


@component
class HardSiLU(Activation):
    """f(x) = x · min(max(x/6 + 1/2, 0), 1).

    Source: Howard et al. 2019, "Searching for MobileNetV3".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.hard_silu", "torch.nn.Hardswish", "onnx.HardSwish")
    key: ClassVar[str] = "hard_silu"
    title: ClassVar[str] = "Hard SiLU (hard swish)"
    aliases: ClassVar[tuple[str, ...]] = ("HardSiLU", "HardSilu", "hard_swish", "HardSwish")
    keeps: ClassVar[str] = "x"

    def forward(self) -> Callable[..., None]:
        return forward

    def backward(self) -> Callable[..., None]:
        return backward

    def value(self, x: Any) -> Any:
        return x * np.clip(x / 6 + 0.5, 0, 1)


@scalar
def _value(x: Any) -> Any:
    s = x * like(x, 1 / 6) + like(x, 0.5)
    s = select(s < 0, like(x, 0), s)
    return x * select(s > 1, like(x, 1), s)


@scalar
def _derivative(x: Any) -> Any:
    slope = x * like(x, 1 / 3) + like(x, 0.5)
    slope = select(x <= -3, like(x, 0), slope)
    return select(x >= 3, like(x, 1), slope)


@kernel
def forward(x: Any, y: Any) -> None:
    """y = hard_silu(x)."""
    apply(_value, x, y, ())


@kernel
def backward(x: Any, dy: Any, dx: Any) -> None:
    """dx = dy · hard_silu'(x), from its input x."""
    apply_chain(_derivative, x, dy, dx, ())
