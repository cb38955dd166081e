"""PiecewiseConstantDecay: one learning rate for each stretch of updates."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from engine.catalogue.schedules.base import Schedule
from engine.component import component, setting
from engine.constraints import Numbers
from engine.errors import ParameterError


@component
class PiecewiseConstantDecay(Schedule):
    """lr = values[n], where n is the number of boundaries below step.

    Source: Keras 3, ``keras.optimizers.schedules.PiecewiseConstantDecay``.
    """

    title: ClassVar[str] = "Piecewise constant"
    starts: ClassVar[Mapping[str, Any]] = {"boundaries": (1000.0, 2000.0), "values": (0.01, 0.001, 0.0001)}

    boundaries: Annotated[tuple[float, ...], Numbers(0, least=1)] = setting(
        help="The last update of each stretch, counted from 0, in rising order; the last stretch has no end."
    )
    values: Annotated[tuple[float, ...], Numbers(0, least=2)] = setting(
        help="The learning rate of each stretch: one more than there are boundaries."
    )

    def __post_init__(self) -> None:
        if len(self.values) != len(self.boundaries) + 1:
            raise ParameterError(
                self.key,
                None,
                f"values must be one more than boundaries; received {len(self.values)} values and "
                f"{len(self.boundaries)} boundaries",
            )
        if any(after <= before for before, after in pairwise(self.boundaries)):
            raise ParameterError(self.key, None, f"boundaries must rise; received {self.boundaries}")

    def at(self, step: int, epoch: int) -> float:
        return self.values[bisect_left(self.boundaries, step)]
