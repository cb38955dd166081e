"""Adadelta: steps as long as the recent ones, whatever the size of the gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

from engine.catalogue.optimizers.base import (
    Averaged,
    Decay,
    Every,
    Limit,
    Momentum,
    Optimizer,
    Rate,
    clipnorm,
    clipvalue,
    ema_momentum,
    ema_overwrite_frequency,
    global_clipnorm,
    use_ema,
    weight_decay,
)
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.update_adaptive import adadelta_step


@component
class Adadelta(Optimizer):
    """d = g · sqrt(u + epsilon) / sqrt(s + epsilon); w -= learning_rate · d; s and u are moving means of g² and d².

    Source: Zeiler 2012, "ADADELTA: an adaptive learning rate method"; Keras 3, ``keras.optimizers.Adadelta``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Adadelta", "torch.optim.Adadelta")
    aliases: ClassVar[tuple[str, ...]] = ("adadelta",)

    learning_rate: Rate = setting(0.001, "Length of a step. The original paper takes 1.0; with 0.001 it learns slowly.")
    rho: Annotated[float, Number(0, 1)] = setting(
        0.95, "How long the sizes of gradients and steps are remembered.", advanced=True
    )
    epsilon: Annotated[float, Number(0)] = setting(
        1e-7, "Keeps the division from exploding where gradients vanish.", advanced=True
    )
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("square", "steps")

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate, self.rho, 1 - self.rho, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        return adadelta_step
