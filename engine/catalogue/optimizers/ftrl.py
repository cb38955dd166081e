"""FTRL: follows the regularized leader; its l1 makes weights exactly 0."""

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
from engine.kernels.update_adaptive import ftrl_step


@component
class Ftrl(Optimizer):
    """s' = s + g²; z += g + 2·shrinkage·w - (s'^p - s^p)/lr·w; w = (clip(z, -l1, l1) - z) / ((s'^p + beta)/lr + 2·l2).

    p is -learning_rate_power, s starts at initial_accumulator_value. Unlike Keras, a weight that has seen no gradient
    stays where the division would be 0 by 0, and a learning rate of 0 leaves all weights as they are.

    Source: McMahan et al. 2013, "Ad click prediction: a view from the trenches"; Keras 3, ``keras.optimizers.Ftrl``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Ftrl",)
    differences: ClassVar[str] = (
        "A weight that has seen no gradient stays where the division would be 0 by 0, and a learning rate of "
        "0 leaves all weights as they are."
    )
    title: ClassVar[str] = "FTRL"
    aliases: ClassVar[tuple[str, ...]] = ("ftrl",)

    learning_rate: Rate = setting(0.001, "Length of a step. Steps shrink by themselves, so 0.01 to 0.1 is usual.")
    learning_rate_power: Annotated[float, Number(-10, 0)] = setting(
        -0.5, "How fast steps shrink with the gradients gathered; 0 keeps them.", advanced=True
    )
    initial_accumulator_value: Annotated[float, Number(0)] = setting(
        0.1, "What the sum of squared gradients starts at; more makes the first steps shorter.", advanced=True
    )
    l1_regularization_strength: Annotated[float, Number(0)] = setting(
        0.0, "Strength of the pull that makes weights exactly 0.", advanced=True
    )
    l2_regularization_strength: Annotated[float, Number(0)] = setting(
        0.0, "Strength of the pull that keeps weights small.", advanced=True
    )
    l2_shrinkage_regularization_strength: Annotated[float, Number(0)] = setting(
        0.0, "As an L2 penalty: added to the gradient, but not to its size.", advanced=True
    )
    beta: Annotated[float, Number(0)] = setting(0.0, "Shortens all steps; the paper calls it beta.", advanced=True)
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("square", "linear")

    def start(self, slot: str) -> float:
        return self.initial_accumulator_value if slot == "square" else 0.0

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        l2, shrinkage = self.l2_regularization_strength, self.l2_shrinkage_regularization_strength
        power, l1 = -self.learning_rate_power, self.l1_regularization_strength
        return (learning_rate, power, l1, 2 * l2, 2 * shrinkage, self.beta)

    def kernel(self) -> Callable[..., None]:
        return ftrl_step
