"""Adagrad: weights that moved much move less and less."""

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
from engine.kernels.update_adaptive import adagrad_step


@component
class Adagrad(Optimizer):
    """s += g²; w -= learning_rate · g / sqrt(s + epsilon), where s starts at initial_accumulator_value.

    Source: Duchi, Hazan and Singer 2011, "Adaptive subgradient methods"; Keras 3, ``keras.optimizers.Adagrad``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Adagrad", "torch.optim.Adagrad")
    aliases: ClassVar[tuple[str, ...]] = ("adagrad",)

    learning_rate: Rate = setting(0.001, "Length of a step. Steps shrink by themselves, so 0.01 and more is usual.")
    initial_accumulator_value: Annotated[float, Number(0)] = setting(
        0.1, "What the sum of squared gradients starts at; more makes the first steps shorter.", advanced=True
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
        return ("square",)

    def start(self, slot: str) -> float:
        return self.initial_accumulator_value

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        return adagrad_step
