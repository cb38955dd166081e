"""Dropping by a smaller pattern that repeats: the ``noise_shape`` of Dropout and AlphaDropout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Annotated, Any

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.moving import TABLES, Places, gather, runs_of
from engine.catalogue.layers.noise import RatedChance, edge_of
from engine.constraints import Wholes
from engine.errors import Remedy, ShapeError
from engine.kernels.attention import repeat_table
from engine.kernels.normal import choose
from engine.kernels.random import drop
from engine.tensor_spec import TensorSpec

HELP = (
    "The pattern's sizes, batch first: 1 repeats along an axis, None is the input's own size. None, 1, None drops "
    "whole channels of a sequence."
)


@dataclass(frozen=True)
class Sizes(Wholes):
    """A size for every axis of a tensor, the batch included; ``None`` is the tensor's own."""

    none: str | None = "a decision for every number"

    @property
    def rule(self) -> str:
        return "whole numbers from 1 (or None) for every axis, the batch first"

    def check(self, value: Any) -> tuple[int, ...]:
        if isinstance(value, (str, bytes, dict, int)) or not isinstance(value, Iterable):
            raise self.refuse(value)
        items = tuple(value)
        try:
            super().check(tuple(1 if n is None else n for n in items))
        except ValueError:
            raise self.refuse(value) from None
        return tuple(None if n is None else int(n) for n in items)  # type: ignore[misc]

    def bad_values(self) -> tuple[Any, ...]:
        return "3", 3, (1.5,), (0, 1), (None, -1), True, {}


NoiseShape = Annotated[tuple[int | None, ...] | None, Sizes()]


class Patterned(RatedChance):
    """What changes numbers that a pattern drops; the pattern may be smaller than the input and repeat."""

    noise_shape: tuple[int | None, ...] | None

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        if self.noise_shape is not None:
            fits = len(self.noise_shape) == x.rank and x.known
            if not fits or any(n not in (1, None, m) for n, m in zip(self.noise_shape[1:], x.shape, strict=True)):
                raise ShapeError(
                    f"{self.key}'s noise_shape names the batch and then every axis of the input {x}, each with its own "
                    f"size, 1 or None; received {', '.join(map(str, self.noise_shape))}.",
                    Remedy("Decide for every number", parameters=(("noise_shape", None),)),
                )
        return inputs

    def choose(self, lane: Lane, x: Array, y: Array, scale: float, shift: float, instead: float) -> None:
        """List y = scale · x + shift where the pattern keeps, else ``instead``."""
        sizes = self._sizes(lane)
        kept = lane.scratch("kept", (lane.rows, prod(sizes)))
        if self.noise_shape is not None and self.noise_shape[0] == 1:
            row = lane.scratch("kept by all", (1, prod(sizes)))
            self._keep(lane, row, 0)
            lane.call(repeat_table, row.reshape(-1), kept)
        else:
            self._keep(lane, kept, lane.first)
        spread = lane.scratch("spread", (lane.rows, lane.specs[0].size))
        gather(lane, kept, *_spread(sizes, lane.specs[0].sizes), spread)
        flat = x.reshape(lane.rows, -1), spread, *map(lane.number_of, (scale, shift, instead)), y.reshape(lane.rows, -1)
        lane.call(choose, *flat)

    def _sizes(self, lane: Lane) -> tuple[int, ...]:
        """The pattern of one sample."""
        wanted = (self.noise_shape or ())[1:]
        return tuple(m if n is None else n for n, m in zip(wanted, lane.specs[0].sizes, strict=True))

    def _keep(self, lane: Lane, kept: Array, first: int) -> None:
        """List 1 for what is kept and 0 for the rest."""
        ones = lane.shared("ones", kept.shape)
        ones.fill(1)
        seed = -1 if self.seed is None else self.seed
        lane.call(drop, ones, kept, lane.clock, seed, lane.number, first, edge_of(self.rate), lane.number_of(1))


@lru_cache(TABLES)
def _spread(sizes: tuple[int, ...], full: tuple[int, ...]) -> tuple[Places, int]:
    """Where a sample's numbers lie in its pattern."""
    places = np.arange(prod(sizes), dtype=np.int64).reshape(sizes)
    return runs_of(np.ascontiguousarray(np.broadcast_to(places, full)))
