"""MultiHeadAttention: several attentions beside each other, each with projections of its own."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.attending import (
    CAUSAL_HELP,
    DROPOUT_HELP,
    SCORES_HELP,
    SEED_HELP,
    Attending,
    Letters,
    Rate,
    Seed,
    check_places,
    or_scratch,
    room,
)
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component, Slot, component, resolved, setting
from engine.constraints import Flag, Whole, Wholes
from engine.errors import ShapeError
from engine.kernels.attention import pair_products, scale_by, weigh_askers, weigh_places
from engine.kernels.dense import add_bias, column_sum, multiply, multiply_a_transposed, multiply_b_transposed
from engine.kernels.elementwise import add_into
from engine.kernels.merging import multiply_into
from engine.tensor_spec import TensorSpec, WeightSpec

Initializer = Annotated[Component, Slot("initializer")]
Regularizer = Annotated[Component | None, Slot("regularizer", none="no penalty")]
Constraint = Annotated[Component | None, Slot("constraint", none="no rule")]
#: Numbers of a kernel that one task learns.
BLOCK = 65536
#: The projection of what the heads have mixed.
OUTPUT = "attention_output"


@component
class MultiHeadAttention(Attending):
    """y = concat over heads of softmax(q · kᵀ / √key_dim) · v, times a last kernel; q, k, v are products with kernels.

    Without a key the values serve as keys. Masks of queries, values and keys hide places; a query that may look at
    nothing gets a mix of 0. With a gate the heads' mixes are multiplied by sigmoid(query · gate kernel + gate bias).

    Shapes:
        query: (batch, ..., asking, n); value: (batch, ..., seen, m); key: (batch, ..., seen, k);
        output: (batch, ..., asking, output_shape, or n); scores: (batch, ..., heads, asking, seen).
    Source: Keras 3, ``keras.layers.MultiHeadAttention``; Vaswani et al. 2017, "Attention is all you need". There
        use_causal_mask and return_attention_scores are arguments of the call.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.MultiHeadAttention", "torch.nn.MultiheadAttention")
    icon: ClassVar[str] = "mdi6.head-cog-outline"
    keeps_empty: ClassVar[bool] = False
    tells_dropped: ClassVar[bool] = False
    shard_rows: ClassVar[int] = 4
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"num_heads": 2, "key_dim": 3}, ((4, 5), (6, 5))),
        Example(
            {"num_heads": 2, "key_dim": 2, "value_dim": 3, "output_shape": 4, "use_causal_mask": True, "seed": 4}
            | {"dropout": 0.3, "kernel_regularizer": "L2"},
            ((4, 5), (4, 3), (4, 2)),
        ),
        Example({"num_heads": 1, "key_dim": 2, "use_bias": False, "sliding_window": 2}, ((5, 3), (5, 3))),
        Example({"num_heads": 2, "key_dim": 2, "attention_axes": 2}, ((2, 3, 4), (2, 4, 4))),
        Example({"num_heads": 2, "key_dim": 2, "value_dim": 3, "use_gate": True}, ((4, 3), (5, 3))),
        Example(
            {"num_heads": 2, "key_dim": 2, "use_gate": True, "use_bias": False, "return_attention_scores": True}
            | {"dropout": 0.3},
            ((4, 3), (5, 3)),
        ),
    )

    num_heads: Annotated[int, Whole(1, 4096)] = setting(help="How many attentions work beside each other.")
    key_dim: Annotated[int, Whole(1, 65536)] = setting(help="Size of each head's queries and keys.")
    value_dim: Annotated[int | None, Whole(1, 65536, none="key_dim")] = setting(None, "Size of each head's values.")
    dropout: Rate = setting(0.0, DROPOUT_HELP)
    use_bias: Annotated[bool, Flag()] = setting(True, "Add trained numbers after every product.", advanced=True)
    output_shape: Annotated[tuple[int, ...] | None, Wholes(1, 1_000_000, none="the query's features")] = setting(
        None, "Features of the output for each place.", advanced=True
    )
    attention_axes: Annotated[tuple[int, ...] | None, Wholes(-8, 8, none="all between batch and features")] = setting(
        None, "Axes of places that look at each other; they must be the last ones before the features.", advanced=True
    )
    sliding_window: Annotated[int | None, Whole(1, 2**24, none="all places")] = setting(
        None, "A place looks only at places nearer than this.", advanced=True
    )
    kernel_initializer: Initializer = setting("glorot_uniform", "How the kernels start.", advanced=True)
    bias_initializer: Initializer = setting("zeros", "How the biases start.", advanced=True)
    kernel_regularizer: Regularizer = setting(None, "Penalty on large kernels.", advanced=True)
    bias_regularizer: Regularizer = setting(None, "Penalty on large biases.", advanced=True)
    kernel_constraint: Constraint = setting(None, "Rule that the kernels keep.", advanced=True)
    bias_constraint: Constraint = setting(None, "Rule that the biases keep.", advanced=True)
    use_gate: Annotated[bool, Flag()] = setting(
        False,
        "Let every query open or close its heads: their mixes are multiplied by a trained sigmoid.",
        advanced=True,
    )
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    return_attention_scores: Annotated[bool, Flag()] = setting(False, SCORES_HELP, advanced=True)
    use_causal_mask: Annotated[bool, Flag()] = setting(False, CAUSAL_HELP)

    @property
    def badge(self) -> str:
        return f"{self.num_heads} × {self.key_dim}"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_places(self.key, inputs)
        query, value = inputs[0], inputs[1]
        groups = self._groups(query)
        if value.rank != query.rank or value.shape[:groups] != query.shape[:groups]:
            raise ShapeError(
                f"{self.key} looks from queries at values, but their axes differ: queries are {query}, values {value}. "
                "Bring both to the same axes before those that look at each other."
            )
        out = self.output_shape or query.shape[-1:]
        y = query.with_shape((*query.shape[:-1], *out))
        if not self.return_attention_scores:
            return (y,)
        places = (*query.shape[groups:-1], *value.shape[groups:-1])
        return y, query.with_shape((*query.shape[:groups], self.num_heads, *places))

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        heads, out = self.num_heads, self.output_shape or inputs[0].sizes[-1:]
        found = []
        for name, place, size in self._entering(len(inputs) - 1):
            found += self._pair(name, (inputs[place].sizes[-1], heads, size), (heads, size))
        return (*found, *self._pair(OUTPUT, (heads, self._mixed, *out), out))

    def _pair(self, name: str, kernel: tuple[int, ...], bias: tuple[int, ...]) -> list[WeightSpec]:
        first = WeightSpec(
            f"{name}_kernel", kernel, self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        second = WeightSpec(
            f"{name}_bias", bias, self.bias_initializer,
            regularizer=self.bias_regularizer, constraint=self.bias_constraint,
        )  # fmt: skip
        return [first, second] if self.use_bias else [first]

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "products"

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        groups = self._groups(inputs[0])
        asking, seen = (prod(spec.sizes[groups:-1]) for spec in inputs[:2])
        many = self.num_heads * (self.key_dim + self._mixed)
        projected = sum(2.0 * spec.size for spec in (inputs[0], inputs[1], inputs[-1], inputs[0]))
        projected += 2.0 * inputs[0].size * self.use_gate
        return projected * many / 2 + 2.0 * prod(inputs[0].sizes[:groups]) * asking * seen * many

    @property
    def _mixed(self) -> int:
        """Size of each head's values."""
        return self.value_dim or self.key_dim

    def _groups(self, query: TensorSpec) -> int:
        """How many axes of places stay apart from each other.

        Raises:
            ShapeError: the axes of attention are not the last ones.
        """
        last = len(query.shape) - 1
        axes = tuple(range(1, last + 1)) if self.attention_axes is None else self.attention_axes
        found = sorted({axis if axis > 0 else last + 1 + axis for axis in axes})
        if not found or found != list(range(last + 1 - len(found), last + 1)) or found[0] < 1:
            raise ShapeError(
                f"{self.key} needs attention_axes that are the last ones before the features: for {query} "
                f"{last}; received {', '.join(map(str, axes)) or 'none'}. Change them, or Permute the data first."
            )
        return found[0] - 1

    # -- what enters, projected ----------------------------------------------------------------

    def _projected(self, lane: Lane, name: str, place: int, size: int) -> Array:
        """(samples and groups, places, heads, size) of an input that was multiplied by its kernel."""
        sizes = lane.specs[place].sizes
        groups = prod(sizes[: self._groups(lane.specs[0])])
        places = prod(sizes[:-1]) // groups
        found = room(lane, f"projected {name}", (groups, places, self.num_heads, size))
        return found.reshape(lane.rows * groups, places, self.num_heads, size)

    def _entering(self, last: int) -> tuple[tuple[str, int, int], ...]:
        """Name, input and size of queries, keys, gates and values, in the order of Keras's weights."""
        gate = (("gate", 0, self._mixed),) if self.use_gate else ()
        return ("query", 0, self.key_dim), ("key", last, self.key_dim), *gate, ("value", 1, self._mixed)

    def _all_projected(self, lane: Lane) -> dict[str, Array]:
        """What entered, multiplied by its kernels."""
        return {name: self._projected(lane, name, place, size) for name, place, size in self._entering(len(lane.x) - 1)}

    def _weights_room(self, lane: Lane, query: Array, key: Array) -> Array:
        shape = (self.num_heads, query.shape[1], key.shape[1])
        return self.weights_of(lane, (len(query) // lane.rows, *shape)).reshape(len(query), *shape)

    def _context(self, lane: Lane, query: Array, name: str = "context") -> Array:
        """What the heads have mixed; ``gated``: times the gates, where there are some."""
        shape = (query.shape[1], self.num_heads, self._mixed)
        own = name if self.use_gate else "context"
        return room(lane, own, (len(query) // lane.rows, *shape)).reshape(len(query), *shape)

    def _factor(self, lane: Lane) -> Array:
        factor = lane.shared("factor", (1,))
        factor.fill(self.key_dim**-0.5)
        return factor

    # -- the work --------------------------------------------------------------------------------

    def forward(self, lane: Lane) -> None:
        found = self._all_projected(lane)
        for name, place, _ in self._entering(len(lane.x) - 1):
            self._dense(lane, lane.x[place], name, found[name])
        query, key, value = found["query"], found["key"], found["value"]
        weights, context = self._weights_room(lane, query, key), self._context(lane, query)
        lane.call(pair_products, query, key, weights)
        self.attend(lane, weights, self._factor(lane), self.sliding_window or 0)
        self.mixed(lane, weights, value, context)
        gated = self._context(lane, query, "gated")
        if self.use_gate:
            lane.activate(_sigmoid(), _flat(found["gate"]), _flat(found["gate"]))
            lane.copy(context, gated)
            lane.call(multiply_into, _flat(found["gate"]), _flat(gated))
        self._dense(lane, gated, OUTPUT, lane.y[0])

    def _dense(self, lane: Lane, x: Array, name: str, y: Array) -> None:
        kernel = _table(lane.weights[f"{name}_kernel"], name)
        rows = y.reshape(-1, kernel.shape[1])
        lane.call(multiply, x.reshape(-1, kernel.shape[0]), kernel, rows)
        if self.use_bias:
            lane.call(add_bias, rows, lane.weights[f"{name}_bias"].reshape(-1))

    def backward(self, lane: Lane) -> None:
        found = self._all_projected(lane)
        slopes = {name: self._slope(lane, name, array) for name, array in found.items()}
        query, key, value = found["query"], found["key"], found["value"]
        weights, context = self._weights_room(lane, query, key), self._context(lane, query)
        d_context = lane.scratch("slope of context", context.shape)
        kernel = _table(lane.weights[f"{OUTPUT}_kernel"], OUTPUT)
        dy = lane.dy[0].reshape(-1, kernel.shape[1])
        lane.call(multiply_b_transposed, dy, kernel, d_context.reshape(-1, kernel.shape[0]))
        if self.use_gate:
            gate, slope = _flat(found["gate"]), _flat(slopes["gate"])
            lane.copy(_flat(d_context), slope)
            lane.call(multiply_into, _flat(context), slope)
            lane.activate_backward(_sigmoid(), gate, gate, slope, slope)
            lane.call(multiply_into, gate, _flat(d_context))
        slope = self.mixed_back(lane, weights, value, d_context, slopes["value"])
        lane.call(weigh_places, slope, key, slopes["query"])
        lane.call(weigh_askers, slope, query, slopes["key"])
        for name in ("query", "key"):
            lane.call(scale_by, slopes[name].reshape(-1), self._factor(lane))
        written: set[int] = set()
        for name, place, _ in self._entering(len(lane.x) - 1):
            self._dense_back(lane, name, place, slopes[name], place in written)
            written.add(place)

    def _slope(self, lane: Lane, name: str, like: Array) -> Array:
        return lane.buffer(f"slope of {name}", (len(like) // lane.rows, *like.shape[1:])).reshape(like.shape)

    def _dense_back(self, lane: Lane, name: str, place: int, slope: Array, again: bool) -> None:
        dx = lane.dx[place]
        if dx is None:
            return
        kernel = _table(lane.weights[f"{name}_kernel"], name)
        target = or_scratch(lane, None if again else dx, f"slope of input {place}", dx.shape)
        slopes = slope.reshape(-1, kernel.shape[1])
        lane.call(multiply_b_transposed, slopes, kernel, target.reshape(-1, kernel.shape[0]))
        if again:
            lane.call(add_into, target.reshape(lane.rows, -1), dx.reshape(lane.rows, -1))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        apart = self._groups(out.specs[0])
        heads: dict[str, Value] = {}
        for name, place, size in self._entering(len(x) - 1):
            y, sizes = self._dense_out(out, name, x[place]), out.specs[place].sizes
            y = out.activation(_sigmoid(), y) if name == "gate" else y
            together = (*sizes[:apart], prod(sizes[apart:-1]))
            heads[name] = out.keep(out.reshape(y, (*together, self.num_heads, size)))
        letters = Letters("efg"[:apart], "h")
        products = self.products_out(out, heads["query"], heads["key"], letters, self.key_dim**-0.5)
        y, weights = self.mixed_out(out, products, heads["value"], letters)
        y = out.merge("multiply", (y, heads["gate"])) if self.use_gate else y
        y = out.reshape(y, (*out.specs[0].sizes[:-1], self.num_heads * self._mixed))
        y = self._dense_out(out, OUTPUT, y)
        first, *more = (spec.sizes for spec in self.infer(out.specs))
        y = out.reshape(y, first)
        # What is kept stays when the next is written.
        return (out.keep(y), *(out.keep(out.reshape(weights, sizes)) for sizes in more)) if more else (y,)

    def _dense_out(self, out: Emitter, name: str, x: Value) -> Value:
        table = _table(np.asarray(out.numbers(f"{name}_kernel")), name)
        return out.linear(x, table, np.ravel(out.numbers(f"{name}_bias")) if self.use_bias else None)

    def gradient(self, lane: Lane) -> None:
        found = self._all_projected(lane)
        pairs = [
            (name, lane.x[place], self._slope(lane, name, found[name]))
            for name, place, _ in self._entering(len(lane.x) - 1)
        ]
        for name, x, dy in (*pairs, (OUTPUT, self._context(lane, found["query"], "gated"), lane.dy[0])):
            gradient = lane.gradients[f"{name}_kernel"]
            table = _table(gradient, name)
            inputs, slopes = x.reshape(-1, table.shape[0]), dy.reshape(-1, table.shape[1])
            step = len(table) // len(gradient)  # rows of the table for one of the kernel's first axis
            for block in lane.blocks(f"{name}_kernel", max(1, BLOCK // (step * table.shape[1]))):
                part = slice(block.start * step, block.stop * step)
                lane.call(multiply_a_transposed, inputs[:, part], slopes, table[part])
            if self.use_bias:
                for _ in lane.blocks(f"{name}_bias", len(lane.weights[f"{name}_bias"])):
                    lane.call(column_sum, slopes, lane.gradients[f"{name}_bias"].reshape(-1))


def _sigmoid() -> Component:
    return resolved("activation", "sigmoid")


def _flat(x: Array) -> Array:
    """One row per sample."""
    return x.reshape(len(x), -1)


def _table(kernel: Array, name: str) -> Array:
    """A kernel as (features that enter, features that leave)."""
    return kernel.reshape(prod(kernel.shape[: 2 if name == OUTPUT else 1]), -1)
