"""RMSprop: divides each weight's step by the recent size of its gradient."""

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
from engine.constraints import Flag, Number
from engine.kernels.update import centered_momentum_step, centered_step, rms_momentum_step, rms_step


@component
class RMSprop(Optimizer):
    """v = rho·v + (1-rho)·g²; w -= learning_rate · g / sqrt(v + epsilon).

    With ``centered`` the variance v - a² takes the place of v, where a = rho·a + (1-rho)·g; with
    ``momentum`` the step is gathered: u = momentum·u + step; w -= u.

    Source: Tieleman and Hinton 2012, "Neural networks for machine learning", lecture 6.5; Keras 3.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.RMSprop", "torch.optim.RMSprop")
    aliases: ClassVar[tuple[str, ...]] = ("rmsprop", "RMSProp")

    learning_rate: Rate = setting(
        0.001, "Length of a step. 0.001 works for most networks; lower it when the loss jumps."
    )
    rho: Annotated[float, Number(0, 1)] = setting(0.9, "How long the gradients' sizes are remembered.", advanced=True)
    momentum: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share of the last step that is kept; 0.9 rolls through small dents in the loss.", advanced=True
    )
    epsilon: Annotated[float, Number(0)] = setting(
        1e-7, "Keeps the division from exploding where gradients vanish.", advanced=True
    )
    centered: Annotated[bool, Flag()] = setting(
        False, "Divide by the gradient's variation instead of its size.", advanced=True
    )
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("square",) + ("average",) * self.centered + ("momentum",) * (self.momentum > 0)

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate, self.rho, self.momentum, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        if self.momentum:
            return centered_momentum_step if self.centered else rms_momentum_step
        return centered_step if self.centered else rms_step
