"""What layers share that compare queries with keys, soften the scores and mix values by them."""

from __future__ import annotations

import numpy as np

from engine.catalogue.layers.attending import Attending, Letters, check_places, hide, or_scratch
from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component, resolved
from engine.errors import ShapeError
from engine.kernels.attention import (
    additive_back,
    additive_scores,
    pair_products,
    scale_by,
    sum_of_products,
    weigh_askers,
    weigh_places,
)
from engine.kernels.elementwise import add_into
from engine.tensor_spec import TensorSpec


class Comparing(Attending):
    """Attention with a single head: scores are products, or sums over features of a tanh."""

    use_scale: bool

    @property
    def adds(self) -> bool:
        """Whether scores are sums of tanh(query + key) instead of products."""
        raise TypeError(f"{type(self).__name__} does not say how it compares")

    def numbers(self, lane: Lane) -> tuple[Array, Array]:
        """What multiplies each tanh (one number, or one per feature), and what stands inside it."""
        raise TypeError(f"{type(self).__name__} adds nothing")

    def number_slopes(self, lane: Lane) -> tuple[Array, Array]:
        """Where the slopes of these numbers go: one per feature, and one."""
        raise TypeError(f"{type(self).__name__} adds nothing")

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_places(self.key, inputs)
        query, value, key = inputs[0], inputs[1], inputs[-1]
        if any(len(spec.shape) != 2 for spec in inputs) or query.shape[-1] != key.shape[-1]:
            raise ShapeError(
                f"{self.key} compares queries with keys number by number, but queries are {query} and keys {key}. "
                "Bring both to steps × the same number of features, for example with a Dense layer."
            )
        scores = (query.with_shape((query.shape[0], value.shape[0])),) if self.return_attention_scores else ()
        return (query.with_shape((query.shape[0], value.shape[1])), *scores)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "products"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        asking, seen = inputs[0].sizes[0], inputs[1].sizes[0]
        rate = 12.0 if self.adds else 1.0
        return 2.0 * asking * seen * (rate * inputs[0].sizes[1] + inputs[1].sizes[1])

    def forward(self, lane: Lane) -> None:
        query, value, key = headed(lane.x[0]), headed(lane.x[1]), headed(lane.x[-1])
        weights = self.weights_of(lane, (1, query.shape[1], key.shape[1]))
        if not self.adds:
            lane.call(pair_products, query, key, weights)
            self.attend(lane, weights, number(lane, "scale"))
        else:
            lane.call(additive_scores, lane.x[0], lane.x[-1], *self.numbers(lane), weights)
            self.attend(lane, weights, one(lane))
        self.mixed(lane, weights, value, headed(lane.y[0]))
        hide(lane, lane.masks[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        asking, seen = lane.x[0].shape[1], lane.x[1].shape[1]
        weights = self.weights_of(lane, (1, asking, seen))
        hide(lane, lane.masks[0], lane.dy[0])
        d_value = or_scratch(lane, lane.dx[1], "slope of values", lane.x[1].shape)
        slope = self.mixed_back(lane, weights, headed(lane.x[1]), headed(lane.dy[0]), headed(d_value))
        d_query = or_scratch(lane, lane.dx[0], "slope of queries", lane.x[0].shape)
        d_key = or_scratch(lane, lane.dx[2] if len(lane.dx) == 3 else None, "slope of keys", lane.x[-1].shape)
        if not self.adds:
            self._products_back(lane, slope, d_query, d_key)
        else:
            self._sums_back(lane, slope, d_query, d_key)
        if len(lane.dx) == 2 and lane.dx[1] is not None:
            lane.call(add_into, d_key.reshape(lane.rows, -1), lane.dx[1].reshape(lane.rows, -1))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        letters = Letters()
        if self.adds:
            scores = self._sums_out(out, x[0], x[-1])
        else:
            scores = self.products_out(
                out, x[0], x[-1], letters, float(out.numbers("scale")) if self.use_scale else 1.0
            )
        y, weights = self.mixed_out(out, scores, x[1], letters)
        return (out.keep(y), weights) if self.return_attention_scores else (y,)

    def numbers_out(self, out: Emitter, features: int) -> tuple[Array, float]:
        """As ``numbers``, for exports: (features, 1), and a number."""
        raise TypeError(f"{type(self).__name__} adds nothing")

    def _sums_out(self, out: Emitter, query: Value, key: Value) -> Value:
        """Write sums of tanh: every query beside every key."""
        (asking, features), seen = query.shape, key.shape[0]
        each, inner = self.numbers_out(out, features)
        asks = out.keep(out.repeat(out.reshape(query, (asking, 1, features)), 2, seen))
        sees = out.repeat(out.reshape(key, (1, seen, features)), 1, asking)
        ones = np.ones((1, 1, 1))
        y = out.activation(resolved("activation", "tanh"), out.line(out.add((asks, sees)), inner * ones, 0 * ones))
        return out.reshape(out.linear(y, each, None), (asking, seen))

    def _products_back(self, lane: Lane, slope: Array, d_query: Array, d_key: Array) -> None:
        lane.call(weigh_places, slope, headed(lane.x[-1]), headed(d_query))
        lane.call(weigh_askers, slope, headed(lane.x[0]), headed(d_key))
        if self.use_scale:
            total = lane.partial("scale").reshape(1)
            lane.call(sum_of_products, d_query.reshape(-1), lane.x[0].reshape(-1), total)
            for array in (d_query, d_key):
                lane.call(scale_by, array.reshape(-1), number(lane, "scale"))

    def _sums_back(self, lane: Lane, slope: Array, d_query: Array, d_key: Array) -> None:
        arrays = lane.x[0], lane.x[-1], *self.numbers(lane), slope, d_query, d_key
        lane.call(additive_back, *arrays, *self.number_slopes(lane))


def headed(x: Array) -> Array:
    """(rows, places, features) as a single head."""
    return x.reshape(x.shape[0], x.shape[1], 1, -1)


def number(lane: Lane, name: str) -> Array:
    """A weight that is a single number, or 1 where the layer has none."""
    return lane.weights[name].reshape(1) if name in lane.weights else one(lane)


def one(lane: Lane) -> Array:
    """The number 1."""
    found = lane.shared("one", (1,))
    found.fill(1)
    return found


def ones() -> Component:
    """The initializer of factors."""
    return resolved("initializer", "ones")
