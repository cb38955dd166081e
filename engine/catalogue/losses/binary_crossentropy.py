"""binary_crossentropy: for yes-or-no answers, one or several at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.losses import binary, binary_from_logits, binary_with_sigmoid
from engine.tensor_spec import TensorSpec


@component
class BinaryCrossentropy(Loss):
    """L = mean over the last axis of -t·log(p) - (1-t)·log(1-p).

    Predictions are kept between 1e-7 and 1 - 1e-7. Label smoothing s moves targets towards 1/2:
    t = t(1-s) + s/2.

    Shapes:
        target: as the output, numbers from 0 to 1.
    Source: Keras 3, ``keras.losses.BinaryCrossentropy``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.losses.BinaryCrossentropy",
        "torch.nn.BCELoss",
        "torch.nn.BCEWithLogitsLoss",
    )
    key: ClassVar[str] = "binary_crossentropy"
    title: ClassVar[str] = "Binary cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("BinaryCrossentropy", "bce", "BCE")
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {},
        {"from_logits": True},
        {"label_smoothing": 0.2},
        {"from_logits": True, "label_smoothing": 0.1},
    )

    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no sigmoid: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share by which targets are moved towards 1/2; 0.1 tames overconfidence.", advanced=True
    )

    @property
    def pairs_with(self) -> str:
        return "" if self.from_logits else "sigmoid"

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} needs targets from 0 to 1, but they run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy, for other numbers mean squared error."
            )
        return None

    def constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def kernel(self) -> Callable[..., None]:
        return binary_from_logits if self.from_logits else binary

    def paired_kernel(self) -> Callable[..., None]:
        return binary_with_sigmoid

    def value(self, target: Any, prediction: Any) -> Any:
        t = target * (1 - self.label_smoothing) + self.label_smoothing / 2
        if self.from_logits:
            return np.mean(np.logaddexp(prediction, 0) - prediction * t, axis=-1)
        p = np.clip(prediction, 1e-7, 1 - 1e-7)
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p), axis=-1)
