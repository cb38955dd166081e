"""What layers of attention share: places that ask, places that are seen, and masks between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Array, Lane, Layer, Port, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.noise import edge_of
from engine.component import resolved
from engine.constraints import Number, Whole
from engine.errors import ShapeError
from engine.kernels.attention import attend, attend_back, pair_products, weigh_askers, weigh_places
from engine.kernels.elementwise import add_into
from engine.kernels.masks import keep_rows
from engine.kernels.random import drop
from engine.tensor_spec import TensorSpec

Rate = Annotated[float, Number(0, 1)]
Seed = Annotated[int | None, Whole(0, 2**31 - 1, none="the run's seed")]
DROPOUT_HELP = "Share of the attention weights set to 0 in each training step, against overfitting."
SEED_HELP = "A number that fixes which weights are dropped; left out, the run's seed decides."
SCORES_HELP = "Put out the attention weights too: which place looked where, at a second output."
CAUSAL_HELP = "A place sees itself and what came before, never what follows: for predicting the next word."


@dataclass(frozen=True)
class Letters:
    """Names of axes in products: ``b`` is the batch, ``i`` and ``j`` are places, ``d`` features.

    Attributes:
        groups: of axes whose places stay apart.
        heads: of the heads' axis, or nothing.
    """

    groups: str = ""
    heads: str = ""

    @property
    def asks(self) -> str:
        """Axes of queries, and of answers."""
        return f"b{self.groups}i{self.heads}d"

    @property
    def sees(self) -> str:
        """Axes of keys and values."""
        return f"b{self.groups}j{self.heads}d"

    @property
    def scores(self) -> str:
        """Axes of scores and weights."""
        return f"b{self.groups}{self.heads}ij"


class Attending(Layer):
    """Weights over seen places for every asking place, and mixes by them.

    Class attributes:
        keeps_empty: a place that may look at nothing looks at everything; else all its weights are 0.
        tells_dropped: the weights that are put out are those that remain when some were dropped.
    """

    category: ClassVar[str] = "Attention"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("query", help="What asks: one row of features per place."),
        Port("value", help="What is mixed for the answer, one row per place that can be seen."),
        Port("key", optional=True, help="What queries are compared with, one row per value; the values themselves."),
    )
    supports_masking: ClassVar[bool] = True
    reads_mask: ClassVar[bool] = True
    keeps_empty: ClassVar[bool] = True
    tells_dropped: ClassVar[bool] = True
    call_arguments: ClassVar[tuple[str, ...]] = ("use_causal_mask", "return_attention_scores")
    dropout: float
    seed: int | None
    use_causal_mask: bool
    return_attention_scores: bool

    @property
    def outputs(self) -> tuple[Port, ...]:  # type: ignore[override]
        """The answer, and the attention weights where they are asked for."""
        scores = Port("attention_scores", help="How much each asking place looked at each seen one.")
        return (Port("y"), scores) if self.return_attention_scores else (Port("y"),)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (inputs[0].masked, False)

    def attend(self, lane: Lane, scores: Array, factor: Array, window: int = 0) -> None:
        """List scores -> weights, in place."""
        rows, _, asking, seen = scores.shape
        masks = [*lane.masks, None][:3]
        asks = None if self.keeps_empty else masks[0]
        also = None if self.keeps_empty else masks[2]
        flat = (_bytes(lane, mask, (rows, places)) for mask, places in ((asks, asking), (masks[1], seen), (also, seen)))
        lane.call(attend, scores, factor, *flat, self.use_causal_mask, window, self.keeps_empty)

    def mixed(self, lane: Lane, weights: Array, values: Array, y: Array) -> None:
        """List y = weights · values, some weights dropped while training."""
        dropped = self._dropped(lane, weights, "dropped")
        lane.call(weigh_places, dropped, values, y)
        if self.return_attention_scores:
            lane.copy(dropped if self.tells_dropped else weights, lane.y[1])

    def mixed_back(self, lane: Lane, weights: Array, values: Array, dy: Array, d_values: Array) -> Array:
        """List the way back of softmax and mix; returns the slopes of the scores."""
        slope = lane.scratch("slope of weights", weights.shape)
        lane.call(pair_products, dy, values, slope)
        lane.call(weigh_askers, self._dropped(lane, weights, "dropped"), dy, d_values)
        told = (lane.dy[1].reshape(lane.rows, -1),) if self.return_attention_scores else ()
        flat = slope.reshape(lane.rows, -1)
        for scores in told if self.tells_dropped else ():
            lane.call(add_into, scores, flat)
        if self._drops(lane):
            self._drop(lane, slope, slope)
        for scores in () if self.tells_dropped else told:
            lane.call(add_into, scores, flat)
        lane.call(attend_back, weights, slope)
        return slope

    def weights_of(self, lane: Lane, shape: tuple[int, ...]) -> Array:
        """Room for the weights of a shard, kept for the way back where there is one."""
        return room(lane, "weights", shape)

    def products_out(self, out: Emitter, query: Value, key: Value, letters: Letters, factor: float) -> Value:
        """Write factor · query · keyᵀ for (groups, places, heads, features)."""
        *before, asking = query.shape[: len(letters.groups) + 1]
        many, seen = query.shape[len(before) + 1 : -1], key.shape[len(before)]
        equation = f"{letters.asks},{letters.sees}->{letters.scores}"
        y = out.einsum(equation, (query, key), (*before, *many, asking, seen))
        ones = (1,) * len(y.shape)
        return out.line(y, np.full(ones, factor), np.zeros(ones))

    def mixed_out(self, out: Emitter, scores: Value, value: Value, letters: Letters) -> tuple[Value, Value]:
        """Write softmax(scores) · value, as far as places may look at each other; and the weights themselves."""
        *flat, asking, seen = scores.shape
        before = len(letters.groups)
        allowed = self.allowed(asking, seen).reshape(*(1 for _ in flat), asking, seen)
        ones = np.ones((1,) * len(scores.shape))
        if not allowed.all():
            scores = out.line(scores, ones, np.where(allowed, 0.0, -1e9))
        y = out.activation(resolved("activation", "softmax"), scores)
        if not allowed.all():
            y = out.line(y, allowed.astype(float), 0 * ones)
        shape = (*flat[:before], asking, *flat[before:], value.shape[-1])
        y = out.keep(y)
        return out.einsum(f"{letters.scores},{letters.sees}->{letters.asks}", (y, value), shape), y

    def allowed(self, asking: int, seen: int) -> npt.NDArray[np.bool_]:
        """Which places may look where, (asking, seen), by what is set."""
        distance = np.arange(asking)[:, None] - np.arange(seen)
        window = getattr(self, "sliding_window", None)
        found: npt.NDArray[np.bool_] = np.ones((asking, seen), bool)
        if self.use_causal_mask:
            found &= distance >= 0
        if window is not None:
            found &= np.abs(distance) < window
        return found

    def _drops(self, lane: Lane) -> bool:
        return lane.training and self.dropout > 0

    def _dropped(self, lane: Lane, weights: Array, name: str) -> Array:
        if not self._drops(lane):
            return weights
        found = lane.scratch(name, weights.shape)
        self._drop(lane, weights, found)
        return found

    def _drop(self, lane: Lane, source: Array, target: Array) -> None:
        scale = lane.number_of(1 / (1 - self.dropout) if self.dropout < 1 else 0.0)
        seed = -1 if self.seed is None else self.seed
        flat = source.reshape(lane.rows, -1), target.reshape(lane.rows, -1)
        lane.call(drop, *flat, lane.clock, seed, lane.number, lane.first, edge_of(self.dropout), scale)


def room(lane: Lane, name: str, shape: tuple[int, ...]) -> Array:
    """(rows, ...) that lives until the way back, or only for now where there is none."""
    return lane.buffer(name, shape) if lane.keeps else lane.scratch(name, (lane.rows, *shape))


def hide(lane: Lane, mask: Array | None, y: Array) -> None:
    """List zeros for the places of ``y`` (rows, places, ...) that a mask hides."""
    if mask is not None:
        table = y.reshape(mask.size, -1)
        lane.call(keep_rows, table, mask.reshape(-1), table)


def or_scratch(lane: Lane, given: Array | None, name: str, shape: tuple[int, ...]) -> Array:
    """Where a slope goes that nobody may have asked for."""
    return lane.scratch(name, shape) if given is None else given


def check_places(layer: str, inputs: tuple[TensorSpec, ...], rank: int = 2) -> None:
    """Refuse what is no rows of features, or keys that do not belong to the values.

    Raises:
        ShapeError: with both shapes.
    """
    if any(len(spec.shape) < rank or not spec.known for spec in inputs):
        raise ShapeError(
            f"{layer} needs steps × features at every input; received {axis_text(inputs)}. "
            "Reshape the data, or put an Embedding or a recurrent layer with return_sequences before it."
        )
    if len(inputs) == 3 and inputs[1].shape[:-1] != inputs[2].shape[:-1]:
        raise ShapeError(
            f"{layer} needs one key per value, but {inputs[1]} and {inputs[2]} arrive. "
            "Wire keys and values with the same number of steps."
        )


def _bytes(lane: Lane, mask: Array | None, shape: tuple[int, int]) -> Array:
    """A mask as (rows, places), or all ones."""
    if mask is not None:
        return mask.reshape(shape)
    ones = lane.shared("everything", (lane.batch * (shape[0] // lane.rows), shape[1]), np.uint8)[: shape[0]]
    ones.fill(1)
    return ones
