"""UnitNorm: every norm is 1."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.constraints.base import Axes, NormConstraint, axis
from engine.component import component


@component
class UnitNorm(NormConstraint):
    """w /= 1e-7 + norm, for the norm along ``axis``.

    Source: Keras 3, ``keras.constraints.UnitNorm``.
    """

    title: ClassVar[str] = "Unit norm"
    aliases: ClassVar[tuple[str, ...]] = ("unit_norm", "unitnorm")

    axis: Axes = axis()

    def bounds(self) -> tuple[float, float, float]:
        return (1.0, 1.0, 1.0)
