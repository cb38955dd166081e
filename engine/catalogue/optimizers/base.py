"""What every optimizer declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

from engine.component import Component, NumberOrSlot, setting
from engine.constraints import Flag, Number, Whole
from engine.errors import ParameterError

#: The rules of the parameters that all optimizers share.
Rate = Annotated[float | Component, NumberOrSlot(0)]
Decay = Annotated[float | None, Number(0, none="no decay")]
Limit = Annotated[float | None, Number(0, open_low=True, none="no limit")]
Averaged = Annotated[bool, Flag()]
Momentum = Annotated[float, Number(0, 1)]
Every = Annotated[int | None, Whole(1, none="at the end of the training only")]
#: What the moving averages of the weights are called among the flat arrays.
AVERAGE = "ema"


class Optimizer(Component):
    """An update rule over one flat array of parameters.

    Class attributes:
        learning_rate: every optimizer has one as its first parameter.
        weight_decay: share of each weight that is taken away before a step, times the learning rate.
        clipnorm: largest norm that the gradient of one weight array may have.
        clipvalue: largest size of a number in the gradient.
        global_clipnorm: largest norm of the whole gradient.
        use_ema: keep moving averages of the weights, which take the weights' place at the end of the training.
        ema_momentum: share of the old average in the new one.
        ema_overwrite_frequency: after so many updates each time the averages take the weights' place as well.
    """

    kind: ClassVar[str] = "optimizer"
    category: ClassVar[str] = "Optimizers"
    unread: ClassVar[Mapping[str, tuple[Any, ...] | None]] = {
        "name": None,
        "loss_scale_factor": (None,),
        "gradient_accumulation_steps": (None,),
    }

    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None
    use_ema: bool = False
    ema_momentum: float = 0.99
    ema_overwrite_frequency: int | None = None

    def __post_init__(self) -> None:
        limits = [name for name in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(self, name) is not None]
        if len(limits) > 1:
            raise ParameterError(
                self.key,
                None,
                f"only one of clipnorm, clipvalue and global_clipnorm may be set; received {' and '.join(limits)}. "
                "Set the others to None",
            )

    @property
    def has_plain_rate(self) -> bool:
        """Whether the learning rate is a number, which may be set while a run goes on, and no schedule."""
        return isinstance(getattr(self, "learning_rate", 0.0), float)

    def rate(self, step: int, epoch: int = 0) -> float:
        """The learning rate of an update (1 is the first) in an epoch (0 is the first)."""
        given: Any = getattr(self, "learning_rate", 0.0)
        return float(given if isinstance(given, float) else given.at(step - 1, epoch))

    def slots(self) -> tuple[str, ...]:
        """Names of the flat arrays it remembers between steps, such as ``("m", "v")``."""
        return ()

    def start(self, slot: str) -> float:
        """The number that fills a slot before the first step."""
        return 0.0

    def hyper(self, step: int, learning_rate: float) -> tuple[float, ...]:
        """Scalars for this step (1 is the first); always the same number of them."""
        raise TypeError(f"{type(self).__name__} declares no scalars")

    def averaging(self, step: int) -> tuple[float, float]:
        """The momentum of the weights' averages in this step (1 is the first), and 1 where they become the weights."""
        every = self.ema_overwrite_frequency
        return self.ema_momentum if step > 1 else 0.0, float(every is not None and step % every == 0)

    def kernel(self) -> Callable[..., None]:
        """The kernel ``(weight, gradient, *slots, hyper)`` over flat slices, in place.

        ``hyper`` is an array of the scalars in the weights' element type, refreshed before each step.
        """
        raise TypeError(f"{type(self).__name__} declares no kernel")


def weight_decay(default: float | None = None) -> Any:
    """The parameter ``weight_decay``: w -= learning_rate · weight_decay · w before each step, biases included."""
    return setting(
        default,
        "Share of every weight that each step takes away, times the learning rate; it keeps weights small.",
        advanced=True,
    )


def clipnorm() -> Any:
    """The parameter ``clipnorm``: g = g · clipnorm / max(norm of g, clipnorm) for every weight array."""
    return setting(
        None,
        "Shorten the gradient of each weight array to this norm, so that one wild batch cannot throw it far.",
        advanced=True,
    )


def clipvalue() -> Any:
    """The parameter ``clipvalue``: every number of the gradient is brought into -clipvalue ... clipvalue."""
    return setting(None, "Cut every number of the gradient at this size.", advanced=True)


def global_clipnorm() -> Any:
    """The parameter ``global_clipnorm``: as ``clipnorm``, with one norm for all weights together."""
    return setting(
        None,
        "Shorten the whole gradient to this norm; its direction stays. Usual for recurrent networks.",
        advanced=True,
    )


def use_ema() -> Any:
    """The parameter ``use_ema``: average = ema_momentum · average + (1 - ema_momentum) · w after every step."""
    return setting(
        False,
        "Keep moving averages of the weights, which take their place at the end: calmer than the last step alone.",
        advanced=True,
    )


def ema_momentum() -> Any:
    """The parameter ``ema_momentum``."""
    return setting(0.99, "How long the averages remember: 0.99 is about the last hundred steps.", advanced=True)


def ema_overwrite_frequency() -> Any:
    """The parameter ``ema_overwrite_frequency``."""
    return setting(
        None, "Also let the averages take the weights' place every so many steps of the training.", advanced=True
    )
