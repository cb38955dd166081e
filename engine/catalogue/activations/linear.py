"""linear: leaves numbers as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.kernels.elementwise import copy
from engine.kernels.jit import kernel


@component
class Linear(Activation):
    """f(x) = x.

    Source: Keras 3, ``keras.activations.linear``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.activations.linear", "torch.nn.Identity", "onnx.Identity")
    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    aliases: ClassVar[tuple[str, ...]] = ("Linear",)

    def forward(self) -> Callable[..., None]:
        return copy

    def backward(self) -> Callable[..., None]:
        return pass_back

    def value(self, x: Any) -> Any:
        return x


@kernel
def pass_back(kept: Any, dy: Any, dx: Any) -> None:
    """dx = dy."""
    for i in range(dx.shape[0]):
        for j in range(dx.shape[1]):
            dx[i, j] = dy[i, j]
