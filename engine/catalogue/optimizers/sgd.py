"""SGD: steps against the gradient, with or without momentum."""

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
from engine.kernels.update import momentum_step, nesterov_step, plain_step


@component
class SGD(Optimizer):
    """v = momentum·v - learning_rate·g; w = w + v (nesterov: w = w + momentum·v - learning_rate·g).

    Source: Keras 3, ``keras.optimizers.SGD``; Sutskever et al. 2013 for Nesterov's form.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.optimizers.SGD", "torch.optim.SGD")
    title: ClassVar[str] = "SGD"
    aliases: ClassVar[tuple[str, ...]] = ("sgd",)

    learning_rate: Rate = setting(
        0.01, "Length of a step. Too large: the loss jumps or explodes; too small: it hardly falls."
    )
    momentum: Annotated[float, Number(0, 1)] = setting(
        0.0, "Share of the last step that is kept; 0.9 rolls through small dents in the loss."
    )
    nesterov: Annotated[bool, Flag()] = setting(
        False, "Look where the momentum leads before correcting the step.", advanced=True
    )
    weight_decay: Decay = weight_decay()
    clipnorm: Limit = clipnorm()
    clipvalue: Limit = clipvalue()
    global_clipnorm: Limit = global_clipnorm()
    use_ema: Averaged = use_ema()
    ema_momentum: Momentum = ema_momentum()
    ema_overwrite_frequency: Every = ema_overwrite_frequency()

    def slots(self) -> tuple[str, ...]:
        return ("momentum",) if self.momentum else ()

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        return (learning_rate, self.momentum)

    def kernel(self) -> Callable[..., None]:
        if not self.momentum:
            return plain_step
        return nesterov_step if self.nesterov else momentum_step
