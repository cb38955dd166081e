"""PReLU: leaky relu whose slopes are learnt."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.functions import check_axes
from engine.catalogue.layers.moving import Places, runs_of
from engine.catalogue.layers.penalties import Penalty, Rule, penalty_setting, rule_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Wholes
from engine.errors import ShapeError
from engine.kernels.leaky import learnt, learnt_back, learnt_slopes
from engine.kernels.moving import gather_runs, scatter_runs
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class PReLU(Layer):
    """y = x for x > 0, alpha · x otherwise; alpha is trained.

    Shapes:
        x: (batch, a, b, ...); alpha: (a, b, ...) with size 1 along shared axes; output: as the input.
    Source: He et al. 2015, "Delving deep into rectifiers"; Keras 3, ``keras.layers.PReLU``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.PReLU", "torch.nn.PReLU", "onnx.PRelu")
    differences: ClassVar[str] = "PyTorch has one slope, or one for each channel."
    category: ClassVar[str] = "Activation"
    icon: ClassVar[str] = "mdi6.chart-multiline"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"shared_axes": (1, 2), "alpha_regularizer": "L2"}, ((3, 2, 4),)),
        Example({"shared_axes": (1,)}, ((4, 3),)),
    )

    alpha_initializer: Annotated[Component, Slot("initializer")] = setting(
        "zeros", "How the slopes start; zeros is plain relu.", advanced=True
    )
    alpha_regularizer: Penalty = penalty_setting("slopes")
    alpha_constraint: Rule = rule_setting("slopes")
    shared_axes: Annotated[tuple[int, ...] | None, Wholes(1, 8, none="none is shared")] = setting(
        None, "Axes along which one slope serves all: 1, 2 for one per channel of an image."
    )

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        check_axes("PReLU", x)
        if any(axis >= x.rank for axis in self.shared_axes or ()):
            raise ShapeError(
                f"PReLU's shared_axes must lie from 1 to {x.rank - 1} for the input {x}; received "
                f"{', '.join(map(str, self.shared_axes or ()))}. Leave out the axes that are not there."
            )
        if not x.known:
            raise ShapeError(f"PReLU needs to know every size, to keep a slope for each number; received {x}.")
        return inputs

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        shape = self._shape(inputs[0].sizes)
        alpha = WeightSpec(
            "alpha", shape, self.alpha_initializer, regularizer=self.alpha_regularizer, constraint=self.alpha_constraint
        )
        return (alpha,)

    def forward(self, lane: Lane) -> None:
        lane.call(learnt, _flat(lane.x[0]), self._alpha(lane), _flat(lane.y[0]))

    def backward(self, lane: Lane) -> None:
        x, dy = _flat(lane.x[0]), _flat(lane.dy[0])
        if lane.training and "alpha" in lane.gradients:
            every = lane.scratch("slopes", (x.shape[1],))
            lane.call(learnt_slopes, x, dy, every)
            lane.call(scatter_runs, every.reshape(1, -1), *self._places(lane), lane.partial("alpha").reshape(1, -1))
        if lane.dx[0] is not None:
            lane.call(learnt_back, x, self._alpha(lane), dy, _flat(lane.dx[0]))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.leaky(x[0], "alpha"),)

    def _shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        shared = self.shared_axes or ()
        return tuple(1 if place in shared else size for place, size in enumerate(sizes, 1))

    def _places(self, lane: Lane) -> tuple[Places, int]:
        """Which alpha each number of a sample takes."""
        sizes = lane.specs[0].sizes
        shape = self._shape(sizes)
        return runs_of(np.broadcast_to(np.arange(prod(shape), dtype=np.int64).reshape(shape), sizes))

    def _alpha(self, lane: Lane) -> Array:
        """A slope for every number of a sample."""
        alpha = lane.weights["alpha"].reshape(-1)
        size = prod(lane.specs[0].sizes)
        if alpha.size == size:
            return alpha
        every = lane.scratch("alpha", (size,))
        lane.call(gather_runs, alpha.reshape(1, -1), *self._places(lane), every.reshape(1, -1))
        return every


def _flat(x: Array) -> Array:
    return x.reshape(x.shape[0], -1)
