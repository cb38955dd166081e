"""gelu: a smooth relu, usual in transformers."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from typing import Annotated, Any, ClassVar

import numpy as np
from scipy import special

from engine.catalogue.activations.base import Activation
from engine.component import component, setting
from engine.constraints import Flag
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import erf, exp, like, tanh

ROOT_HALF, BELL = sqrt(0.5), sqrt(0.5 / pi)
OUTER, INNER = sqrt(2 / pi), 0.044715


@component
class GELU(Activation):
    """f(x) = x/2 · (1 + erf(x/√2)); approximate: x/2 · (1 + tanh(√(2/π)(x + 0.044715·x³))).

    Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.gelu", "torch.nn.GELU", "onnx.Gelu")
    key: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    aliases: ClassVar[tuple[str, ...]] = ("GELU", "Gelu")
    keeps: ClassVar[str] = "x"

    approximate: Annotated[bool, Flag()] = setting(
        False, "Use the older formula with tanh; choose it to match a model that was trained so."
    )

    def forward(self) -> Callable[..., None]:
        return forward_approximate if self.approximate else forward

    def backward(self) -> Callable[..., None]:
        return backward_approximate if self.approximate else backward

    def value(self, x: Any) -> Any:
        if self.approximate:
            return x / 2 * (1 + np.tanh(OUTER * (x + INNER * x**3)))
        return x / 2 * (1 + special.erf(x * ROOT_HALF))


@scalar
def _value(x: Any) -> Any:
    return x * (like(x, 0.5) + like(x, 0.5) * erf(x * like(x, ROOT_HALF)))


@scalar
def _derivative(x: Any) -> Any:
    half = like(x, 0.5)
    return half + half * erf(x * like(x, ROOT_HALF)) + x * like(x, BELL) * exp(-half * x * x)


@scalar
def _approximate(x: Any) -> Any:
    half = like(x, 0.5)
    return x * (half + half * tanh(like(x, OUTER) * (x + like(x, INNER) * x * x * x)))


@scalar
def _approximate_derivative(x: Any) -> Any:
    half, one = like(x, 0.5), like(x, 1)
    t = tanh(like(x, OUTER) * (x + like(x, INNER) * x * x * x))
    slope = like(x, OUTER) * (one + like(x, 3 * INNER) * x * x)
    return half * (one + t) + half * x * (one - t * t) * slope


@kernel
def forward(x: Any, y: Any) -> None:
    """y = gelu(x)."""
    apply(_value, x, y, ())


@kernel
def backward(x: Any, dy: Any, dx: Any) -> None:
    """dx = dy · gelu'(x), from its input x."""
    apply_chain(_derivative, x, dy, dx, ())


@kernel
def forward_approximate(x: Any, y: Any) -> None:
    """y = gelu(x) by tanh."""
    apply(_approximate, x, y, ())


@kernel
def backward_approximate(x: Any, dy: Any, dx: Any) -> None:
    """dx = dy · gelu'(x) by tanh, from its input x."""
    apply_chain(_approximate_derivative, x, dy, dx, ())
