"""Nadam: Adam that looks ahead along its own momentum."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from operator import mul
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
from engine.kernels.update_adaptive import nadam_step

#: Products of 1 - 0.96^t / 2 for t = 1, 2, ...; after a thousand factors they do not change any more.
WARMING = tuple(accumulate((1 - 0.5 * 0.96**t for t in range(1, 1001)), mul, initial=1.0))


@component
class Nadam(Optimizer):
    """w -= lr · (u'·m/(1-p') + (1-u)·g/(1-p)) / (sqrt(v/(1-beta_2^t)) + epsilon), m and v as in Adam.

    u = beta_1·(1 - 0.96^t / 2) is the momentum of step t, u' that of the next one; p and p' are the products of all
    momenta up to them.

    Source: Dozat 2016, "Incorporating Nesterov momentum into Adam"; Keras 3, ``keras.optimizers.Nadam``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.Nadam", "torch.optim.NAdam")
    aliases: ClassVar[tuple[str, ...]] = ("nadam",)

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
        return ("m", "v")

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        now, after = (self.beta_1 * (1 - 0.5 * 0.96**t) for t in (step, step + 1))
        gathered = self.beta_1**step * WARMING[min(step, len(WARMING) - 1)]
        ahead = learning_rate * after / (1 - gathered * after)
        fresh = learning_rate * (1 - now) / (1 - gathered)
        return (ahead, fresh, 1 / (1 - self.beta_2**step), 1 - self.beta_1, 1 - self.beta_2, self.epsilon)

    def kernel(self) -> Callable[..., None]:
        return nadam_step
