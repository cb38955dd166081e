"""sparse_categorical_crossentropy: for one class out of several, targets as class numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss, needs_classes
from engine.component import component, setting
from engine.constraints import Flag, Whole
from engine.kernels.class_losses import sparse, sparse_from_logits, sparse_with_softmax
from engine.tensor_spec import TensorSpec


@component
class SparseCategoricalCrossentropy(Loss):
    """L = -log(prediction of the right class).

    Predictions are divided by their sum and kept between 1e-7 and 1 - 1e-7. Targets of the ignored class are left
    out: the mean is over the others.

    Shapes:
        target: the output's shape with one class number in place of the last axis.
    Source: Keras 3, ``keras.losses.SparseCategoricalCrossentropy``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.losses.SparseCategoricalCrossentropy",
        "torch.nn.CrossEntropyLoss",
        "torch.nn.NLLLoss",
    )
    differences: ClassVar[str] = "PyTorch's CrossEntropyLoss takes logits."
    key: ClassVar[str] = "sparse_categorical_crossentropy"
    title: ClassVar[str] = "Sparse categorical cross-entropy"
    aliases: ClassVar[tuple[str, ...]] = ("SparseCategoricalCrossentropy",)
    sparse: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({}, {"from_logits": True}, {"ignore_class": 255})

    from_logits: Annotated[bool, Flag()] = setting(
        False, "Switch on when the output has no softmax: the scores are then taken as they are."
    )

    ignore_class: Annotated[int | None, Whole(-(2**24), 2**24, none="every class counts")] = setting(
        None, "A class number that does not count, such as that of unlabelled points; often -1 or 255.", advanced=True
    )

    @property
    def ignored(self) -> int | None:
        return self.ignore_class

    @property
    def pairs_with(self) -> str:
        return "" if self.from_logits else "softmax"

    def target(self, output: TensorSpec) -> TensorSpec:
        needs_classes(self.title, output)
        return output.with_shape((*output.shape[:-1], 1))

    def check(self, low: float, high: float, output: TensorSpec) -> str | None:
        classes = output.shape[-1] or 0
        if low < 0:
            return f"{self.title} needs class numbers from 0 upwards, but the smallest label is {low:g}."
        if not (float(low).is_integer() and float(high).is_integer()):
            return f"{self.title} needs whole class numbers, but the labels run from {low:g} to {high:g}."
        if high >= classes:
            return (
                f"The labels run from {low:.0f} to {high:.0f}, but the output has {classes} values; "
                f"set units to {int(high) + 1}."
            )
        return None

    def kernel(self) -> Callable[..., None]:
        return sparse_from_logits if self.from_logits else sparse

    def paired_kernel(self) -> Callable[..., None]:
        return sparse_with_softmax

    def value(self, target: Any, prediction: Any) -> Any:
        labels = np.asarray(target).reshape(-1, 1).astype(int)
        if self.from_logits:
            right = np.take_along_axis(prediction, labels, axis=-1)[:, 0]
            return np.logaddexp.reduce(prediction, axis=-1) - right
        share = prediction / prediction.sum(-1, keepdims=True)
        right = np.take_along_axis(share, labels, axis=-1)[:, 0]
        return -np.log(np.clip(right, 1e-7, 1 - 1e-7))
