"""GroupNormalization: gives groups of channels mean 0 and variance 1, sample by sample."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.moving import TABLES, Places, gather, runs_of, scatter
from engine.catalogue.layers.scaled import EPSILON_HELP, Epsilon, Initializer, Regularizer, Rule, Scaled, Switch
from engine.catalogue.layers.trailing import check_axis, places_of
from engine.component import component, setting
from engine.constraints import Whole
from engine.errors import Remedy, ShapeError
from engine.kernels.rows import standardize, standardize_back, standardize_slopes
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class GroupNormalization(Scaled):
    """y = gamma · (x - mean) / sqrt(variance + epsilon) + beta, mean and variance of a group of channels.

    They are taken over all places and the channels of the group, for each sample by itself; gamma and beta
    belong to channels. One group is layer normalization over all axes, a group per channel instance normalization.

    Shapes:
        x: (batch, ..., channels); gamma, beta: (channels,); output: as the input.
    Source: Wu and He 2018, "Group normalization"; Keras 3, ``keras.layers.GroupNormalization``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.GroupNormalization",
        "torch.nn.GroupNorm",
        "onnx.GroupNormalization",
    )
    differences: ClassVar[str] = "PyTorch's epsilon is 1e-5 by default."
    category: ClassVar[str] = "Normalization"
    icon: ClassVar[str] = "mdi6.chart-multiple"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"groups": 2}, ((3, 2, 4),)),
        Example({"groups": -1, "center": False}, ((5, 3),)),
        Example({"groups": 2, "axis": 1, "scale": False}, ((4, 3),)),
        Example({"groups": 1, "epsilon": 0.1, "gamma_regularizer": "L2"}, ((6,),)),
    )

    groups: Annotated[int, Whole(-1, 1_000_000)] = setting(
        32, "How many groups the channels are divided into; it must divide their number. -1: each by itself."
    )
    axis: Annotated[int, Whole(-8, 8)] = setting(
        -1, "The axis that holds the channels; -1 is the last one, 1 the first after the batch.", advanced=True
    )
    epsilon: Epsilon = setting(1e-3, EPSILON_HELP, advanced=True)
    center: Switch = setting(True, "Add a trained offset beta to every channel.", advanced=True)
    scale: Switch = setting(True, "Multiply every channel by a trained gamma.", advanced=True)
    beta_initializer: Initializer = setting("zeros", "How the offsets start.", advanced=True)
    gamma_initializer: Initializer = setting("ones", "How the factors start.", advanced=True)
    beta_regularizer: Regularizer = setting(None, "Penalty on large offsets.", advanced=True)
    gamma_regularizer: Regularizer = setting(None, "Penalty on large factors.", advanced=True)
    beta_constraint: Rule = setting(None, "Rule that beta is brought back to after every update.", advanced=True)
    gamma_constraint: Rule = setting(None, "Rule that gamma is brought back to after every update.", advanced=True)

    @property
    def badge(self) -> str:
        return "each channel" if self.groups == -1 else f"{self.groups} groups"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_axis("GroupNormalization", (self.axis,), x)
        channels = self._channels(x)
        if self.groups == 0 or channels % self._count(channels):
            best = next(n for n in (32, 16, 8, 4, 2, 1) if channels % n == 0)
            raise ShapeError(
                f"GroupNormalization's groups must divide the {channels} channels that arrive, or be -1; received "
                f"{self.groups}. {best} fits.",
                Remedy(f"Set groups to {best}", parameters=(("groups", best),)),
            )
        return inputs

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return self.factors((self._channels(inputs[0]),))

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 8.0 * inputs[0].size

    def forward(self, lane: Lane) -> None:
        x, y = self._grouped(lane, "x", lane.x[0]), self._room(lane, "y", lane.y[0])
        factors = self._spread(lane, "gamma"), self._spread(lane, "beta")
        lane.call(standardize, x, lane.number_of(self.epsilon), *factors, y, *self._statistics(lane))
        scatter(lane, y.reshape(lane.rows, -1), *self._order(lane)[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        x, dy = self._grouped(lane, "x", lane.x[0]), self._grouped(lane, "dy", lane.dy[0])
        if lane.training and lane.gradients:
            shape = (self._groups(lane), x.shape[1])
            slopes = [lane.scratch(f"slopes of {name}", shape) for name in ("gamma", "beta")]
            lane.call(standardize_slopes, x, *self._statistics(lane), dy, *slopes)
            for name, every in zip(("gamma", "beta"), slopes, strict=True):
                if name in lane.gradients:
                    scatter(lane, every.reshape(1, -1), *self._order(lane)[1], lane.partial(name).reshape(1, -1))
        if lane.dx[0] is not None:
            dx = self._room(lane, "dx", lane.dx[0])
            lane.call(standardize_back, x, *self._statistics(lane), self._spread(lane, "gamma"), dy, dx)
            scatter(lane, dx.reshape(lane.rows, -1), *self._order(lane)[0], lane.dx[0])

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        (spec,) = out.specs
        place = places_of((self.axis,), spec.rank)[0]
        groups = self._count(spec.sizes[place])
        parts = (*spec.sizes[:place], groups, spec.sizes[place] // groups, *spec.sizes[place + 1 :])
        within = tuple(n for n in range(1, len(parts) + 1) if n != place + 1)
        y = out.reshape(out.standardize(out.reshape(x[0], parts), within, self.epsilon), spec.sizes)
        return (out.scale(y, *self.named, (place + 1,)),)

    def _channels(self, x: TensorSpec) -> int:
        return x.sizes[places_of((self.axis,), x.rank)[0]]

    def _count(self, channels: int) -> int:
        return channels if self.groups == -1 else self.groups

    def _groups(self, lane: Lane) -> int:
        return self._count(self._channels(lane.specs[0]))

    def _order(self, lane: Lane) -> tuple[tuple[Places, int], tuple[Places, int]]:
        (place,) = places_of((self.axis,), lane.specs[0].rank)
        return _tables(lane.specs[0].sizes, place, self._groups(lane))

    def _room(self, lane: Lane, name: str, array: Array) -> Array:
        rows = lane.rows * self._groups(lane)
        return lane.scratch(name, (rows, array.size // rows))

    def _grouped(self, lane: Lane, name: str, array: Array) -> Array:
        """An array as (samples · groups, numbers of a group)."""
        found = self._room(lane, name, array)
        gather(lane, array, *self._order(lane)[0], found.reshape(lane.rows, -1))
        return found

    def _spread(self, lane: Lane, name: str) -> Array:
        """gamma or beta for every number of a sample, laid out as the groups are."""
        spec = lane.specs[0]
        groups = self._groups(lane)
        found = lane.scratch(f"every {name}", (groups, spec.size // groups))
        gather(lane, self.factor(lane, name, self._channels(spec)), *self._order(lane)[1], found.reshape(1, -1))
        return found

    def _statistics(self, lane: Lane) -> tuple[Array, Array]:
        groups = self._groups(lane)
        return lane.buffer("mean", (groups,)).reshape(-1), lane.buffer("inverse", (groups,)).reshape(-1)


@lru_cache(TABLES)
def _tables(sizes: tuple[int, ...], place: int, groups: int) -> tuple[tuple[Places, int], tuple[Places, int]]:
    """Where the numbers of each group come from, and which channel each belongs to."""
    channels = sizes[place]
    numbers = np.arange(prod(sizes), dtype=np.int64).reshape(sizes)
    belongs = np.broadcast_to(np.arange(channels, dtype=np.int64), (prod(sizes) // channels, channels))
    found = []
    for table in (np.moveaxis(numbers, place, -1), belongs):
        found.append(runs_of(table.reshape(-1, groups, channels // groups).transpose(1, 0, 2)))
    return found[0], found[1]
