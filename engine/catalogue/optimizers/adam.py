"""Adam: gives every weight a step length of its own."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
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
from engine.constraints import Flag, Number
from engine.kernels.update import adam_step, amsgrad_step


@component
class Adam(Optimizer):
    """m += (1-beta_1)(g - m); v += (1-beta_2)(g² - v); w -= lr·sqrt(1-beta_2^t)/(1-beta_1^t) · m/(sqrt(v)+epsilon).

    With ``amsgrad`` the largest v so far takes the place of v.

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization"; Reddi et al. 2018 for amsgrad.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Adam", "torch.optim.Adam")
    differences: ClassVar[str] = "PyTorch's epsilon is 1e-8 by default and is added after the correction of the bias."
    aliases: ClassVar[tuple[str, ...]] = ("adam",)

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
    amsgrad: Annotated[bool, Flag()] = setting(False, "Never let a weight's step length grow again.", advanced=True)
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("m", "v", "v_max") if self.amsgrad else ("m", "v")

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        alpha = learning_rate * sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)
        return (alpha, 1 - self.beta_1, 1 - self.beta_2, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        return amsgrad_step if self.amsgrad else adam_step
