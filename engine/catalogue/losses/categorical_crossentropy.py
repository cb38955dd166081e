"""categorical_crossentropy: for one class out of several, targets as vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss, needs_classes
from engine.component import component, setting
from engine.constraints import Flag, Number
from engine.kernels.class_losses import categorical, categorical_from_logits, categorical_with_softmax
from engine.tensor_spec import TensorSpec


@component
class CategoricalCrossentropy(Loss):
    """L = -sum over classes of target · log(prediction).

    Predictions are divided by their sum and kept between 1e-7 and 1 - 1e-7. Label smoothing mixes
    targets with the uniform distribution.

    Shapes:
        target: as the output, (..., classes), rows adding up to 1.
    Source: Keras 3, ``keras.losses.CategoricalCrossentropy``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.CategoricalCrossentropy", "torch.nn.CrossEntropyLoss")
    differences: ClassVar[str] = "PyTorch's takes logits."
    key: ClassVar[str] = "categorical_crossentropy"
    title: ClassVar[str] = "Categorical cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("CategoricalCrossentropy",)
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({}, {"from_logits": True}, {"label_smoothing": 0.2})

    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no softmax: the scores are then taken as they are."
    )
    label_smoothing: Annotated[float, Number(0, 1)] = setting(
        0.0,
        "Share of certainty taken from the right class and spread over all; 0.1 tames overconfidence.",
        advanced=True,
    )

    @property
    def pairs_with(self) -> str:
        return "" if self.from_logits else "softmax"

    def target(self, output: TensorSpec) -> TensorSpec:
        needs_classes(self.title, output)
        return output

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        if low < 0 or high > 1:
            return (
                f"{self.title} compares probabilities, but the targets run from {low:g} to {high:g}. "
                "For class numbers choose sparse categorical cross-entropy."
            )
        return None

    def constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def kernel(self) -> Callable[..., None]:
        return categorical_from_logits if self.from_logits else categorical

    def paired_kernel(self) -> Callable[..., None]:
        return categorical_with_softmax

    def value(self, target: Any, prediction: Any) -> Any:
        target = target * (1 - self.label_smoothing) + self.label_smoothing / target.shape[-1]
        if self.from_logits:
            return np.sum(target * (np.logaddexp.reduce(prediction, axis=-1, keepdims=True) - prediction), axis=-1)
        share = prediction / prediction.sum(-1, keepdims=True)
        return -np.sum(target * np.log(np.clip(share, 1e-7, 1 - 1e-7)), axis=-1)
