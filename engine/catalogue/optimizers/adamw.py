"""AdamW: Adam with weights that shrink by themselves."""

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
class AdamW(Optimizer):
    """w -= lr·weight_decay·w; then the step of Adam: w -= lr·sqrt(1-beta_2^t)/(1-beta_1^t) · m/(sqrt(v)+epsilon).

    The decay is apart from the gradient, so Adam does not even it out as it does the slope of an L2 penalty.

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization"; Keras 3, ``keras.optimizers.AdamW``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.AdamW", "torch.optim.AdamW")
    aliases: ClassVar[tuple[str, ...]] = ("adamw",)

    learning_rate: Rate = setting(
        0.001, "Length of a step. 0.001 works for most networks; lower it when the loss jumps."
    )
    weight_decay: Decay = weight_decay(0.004)
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
