"""huber: the squared error without its fear of outliers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np

from engine.catalogue.losses.base import Loss
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.losses_columns import huber


@component
class Huber(Loss):
    """L = mean over the last axis of e²/2 where abs(e) <= delta, else delta·abs(e) - delta²/2.

    e = prediction - target.

    Source: Keras 3, ``keras.losses.Huber``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.losses.Huber", "torch.nn.HuberLoss")
    key: ClassVar[str] = "huber"
    title: ClassVar[str] = "Huber"
    aliases: ClassVar[tuple[str, ...]] = ("Huber", "huber_loss")

    delta: Annotated[float, Number(0, open_low=True)] = setting(
        1.0, "Errors up to this size count squared, larger ones only in proportion."
    )

    def constants(self) -> tuple[float, ...]:
        return (self.delta,)

    def kernel(self) -> Callable[..., None]:
        return huber

    def value(self, target: Any, prediction: Any) -> Any:
        size = np.abs(prediction - target)
        line = self.delta * size - self.delta**2 / 2
        return np.mean(np.where(size <= self.delta, size**2 / 2, line), axis=-1)
