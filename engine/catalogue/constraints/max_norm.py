"""MaxNorm: no norm above a bound."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.constraints.base import Axes, NormConstraint, axis
from engine.component import component, setting
from engine.constraints import Number


@component
class MaxNorm(NormConstraint):
    """w *= clip(norm, 0, max_value) / (1e-7 + norm), for the norm along ``axis``.

    Source: Srivastava et al. 2014, "Dropout", section 5.1; Keras 3, ``keras.constraints.MaxNorm``.
    """

    title: ClassVar[str] = "Max norm"
    aliases: ClassVar[tuple[str, ...]] = ("max_norm", "maxnorm")

    max_value: Annotated[float, Number(0)] = setting(2.0, "The largest norm; 2 to 4 is usual together with Dropout.")
    axis: Axes = axis()

    def bounds(self) -> tuple[float, float, float]:
        return (0.0, self.max_value, 1.0)
