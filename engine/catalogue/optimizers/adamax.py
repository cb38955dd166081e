"""Adamax: Adam measured by the largest recent gradient."""

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
from engine.kernels.update_adaptive import adamax_step


@component
class Adamax(Optimizer):
    """m += (1-beta_1)(g - m); u = max(beta_2·u, abs(g)); w -= lr/(1-beta_1^t) · m/(u + epsilon).

    Source: Kingma and Ba 2015, "Adam", section 7.1; Keras 3, ``keras.optimizers.Adamax``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Adamax", "torch.optim.Adamax")
    aliases: ClassVar[tuple[str, ...]] = ("adamax",)

    learning_rate: Rate = setting(
        0.001, "Length of a step. 0.001 works for most networks; lower it when the loss jumps."
    )
    beta_1: Annotated[float, Number(0, 1, open_high=True)] = setting(
        0.9, "How long past gradients are remembered.", advanced=True
    )
    beta_2: Annotated[float, Number(0, 1, open_high=True)] = setting(
        0.999, "How long the gradients' sizes are remembered.", advanced=True
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
        return ("m", "u")

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate / (1 - self.beta_1**step), 1 - self.beta_1, self.beta_2, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        return adamax_step
