"""MinMaxNorm: norms between two bounds."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.constraints.base import Axes, NormConstraint, axis
from engine.component import component, setting
from engine.constraints import Number
from engine.errors import ParameterError


@component
class MinMaxNorm(NormConstraint):
    """w *= (rate · clip(norm, min_value, max_value) + (1 - rate) · norm) / (1e-7 + norm), for the norm along ``axis``.

    Source: Keras 3, ``keras.constraints.MinMaxNorm``.
    """

    title: ClassVar[str] = "Min-max norm"
    aliases: ClassVar[tuple[str, ...]] = ("min_max_norm", "minmaxnorm")

    min_value: Annotated[float, Number(0)] = setting(0.0, "The smallest norm.")
    max_value: Annotated[float, Number(0)] = setting(1.0, "The largest norm.")
    rate: Annotated[float, Number(0, 1)] = setting(
        1.0, "How much of the way to the bounds each update goes: 1 holds them strictly.", advanced=True
    )
    axis: Axes = axis()

    def __post_init__(self) -> None:
        if self.min_value > self.max_value:
            raise ParameterError(
                self.key,
                None,
                f"min_value must not be above max_value; received {self.min_value:g} and {self.max_value:g}",
            )

    def bounds(self) -> tuple[float, float, float]:
        return (self.min_value, self.max_value, self.rate)
