"""LayerNormalization: gives every sample mean 0 and variance 1 by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.scaled import EPSILON_HELP, Epsilon, Initializer, Regularizer, Rule, Scaled, Switch
from engine.catalogue.layers.trailing import axis_list, check_axis, places_of, put_back, room, table, terms
from engine.component import component, setting
from engine.constraints import Wholes
from engine.kernels.rows import standardize, standardize_back, standardize_slopes
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class LayerNormalization(Scaled):
    """y = gamma · (x - mean) / sqrt(variance + epsilon) + beta, mean and variance taken along the axis.

    It acts alike in training and predicting, and no sample sees another.

    Shapes:
        x: (batch, ..., features); gamma, beta: the sizes of the normalized axes; output: as the input.
    Source: Ba et al. 2016, "Layer normalization"; Keras 3, ``keras.layers.LayerNormalization``.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.LayerNormalization",
        "torch.nn.LayerNorm",
        "onnx.LayerNormalization",
    )
    differences: ClassVar[str] = "PyTorch's epsilon is 1e-5 by default."
    category: ClassVar[str] = "Normalization"
    icon: ClassVar[str] = "mdi6.chart-bell-curve"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example({"epsilon": 0.1, "beta_regularizer": "L2"}, ((3, 4),)),
        Example({"center": False}, ((3, 4),)),
        Example({"axis": (1, 3), "scale": False}, ((2, 3, 4),)),
        Example({"axis": (-2, -1)}, ((2, 3, 4),)),
    )

    axis: Annotated[tuple[int, ...], Wholes(-8, 8)] = setting(
        (-1,), "The axis along which mean and variance are taken; -1 is the last one.", advanced=True
    )
    epsilon: Epsilon = setting(1e-3, EPSILON_HELP, advanced=True)
    center: Switch = setting(True, "Add a trained offset beta to every number.", advanced=True)
    scale: Switch = setting(True, "Multiply every number by a trained gamma.", advanced=True)
    beta_initializer: Initializer = setting("zeros", "How the offsets start.", advanced=True)
    gamma_initializer: Initializer = setting("ones", "How the factors start.", advanced=True)
    beta_regularizer: Regularizer = setting(None, "Penalty on large offsets.", advanced=True)
    gamma_regularizer: Regularizer = setting(None, "Penalty on large factors.", advanced=True)
    beta_constraint: Rule = setting(None, "Rule that beta is brought back to after every update.", advanced=True)
    gamma_constraint: Rule = setting(None, "Rule that gamma is brought back to after every update.", advanced=True)

    @property
    def badge(self) -> str:
        return "" if self.axis == (-1,) else f"axis {axis_list(self.axis)}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_axis("LayerNormalization", self.axis, inputs[0])
        return inputs

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        (x,) = inputs
        return self.factors(tuple(x.sizes[place] for place in places_of(self.axis, x.rank)))

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 6.0 * inputs[0].size

    def forward(self, lane: Lane) -> None:
        width = terms(lane, self.axis)
        x, y = table(lane, "x", lane.x[0], self.axis), room(lane, "y", lane.y[0], self.axis)
        gamma, beta = (self.factor(lane, name, width) for name in ("gamma", "beta"))
        lane.call(standardize, x, lane.number_of(self.epsilon), gamma, beta, y, *self._statistics(lane))
        put_back(lane, y, lane.y[0], self.axis)

    def backward(self, lane: Lane) -> None:
        width = terms(lane, self.axis)
        x, dy = table(lane, "x", lane.x[0], self.axis), table(lane, "dy", lane.dy[0], self.axis)
        if lane.training and lane.gradients:
            slopes = [
                lane.partial(name).reshape(1, -1) if name in lane.gradients else lane.scratch(f"no {name}", (1, width))
                for name in ("gamma", "beta")
            ]
            lane.call(standardize_slopes, x, *self._statistics(lane), dy, *slopes)
        if lane.dx[0] is not None:
            dx = room(lane, "dx", lane.dx[0], self.axis)
            lane.call(standardize_back, x, *self._statistics(lane), self.factor(lane, "gamma", width), dy, dx)
            put_back(lane, dx, lane.dx[0], self.axis)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        axes = tuple(place + 1 for place in places_of(self.axis, out.specs[0].rank))
        return (out.scale(out.standardize(x[0], axes, self.epsilon), *self.named, axes),)

    def _statistics(self, lane: Lane) -> tuple[Array, Array]:
        """Mean and inverse deviation of every row."""
        rows = lane.specs[0].size // terms(lane, self.axis)
        mean, inverse = lane.buffer("mean", (rows,)), lane.buffer("inverse", (rows,))
        return mean.reshape(-1), inverse.reshape(-1)
