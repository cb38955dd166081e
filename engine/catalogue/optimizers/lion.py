"""Lion: every weight takes a step of the same length; only its direction is learnt."""

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
from engine.kernels.update_adaptive import lion_step


@component
class Lion(Optimizer):
    """w -= learning_rate · sign(beta_1·m + (1-beta_1)·g); m = beta_2·m + (1-beta_2)·g.

    Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms"; Keras 3, ``keras.optimizers.Lion``.
    """

    aliases: ClassVar[tuple[str, ...]] = ("lion",)

    learning_rate: Rate = setting(0.001, "Length of a step. Take a third to a tenth of what Adam needs.")
    beta_1: Annotated[float, Number(0, 1, open_low=True)] = setting(
        0.9, "Share of the remembered gradients in the direction of a step.", advanced=True
    )
    beta_2: Annotated[float, Number(0, 1)] = setting(0.99, "How long past gradients are remembered.", advanced=True)
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("m",)

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate, self.beta_1, 1 - self.beta_1, self.beta_2, 1 - self.beta_2)

    def kernel(self) -> Callable[..., None]:
        return lion_step
