"""Embedding: every word number gets a row of trained numbers."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.penalties import Penalty, penalty_setting
from engine.component import Component, Slot, component, setting
from engine.constraints import Flag, Whole
from engine.kernels.activity import clear
from engine.kernels.embedding import add_rows, differs_from_zero, look_up
from engine.tensor_spec import TensorSpec, WeightSpec

#: Numbers of a table that one task learns: its gradient and the optimizer's memory of them stay in cache.
BLOCK = 65536


@component
class Embedding(Layer):
    """y = embeddings[x]: the row of a table for every whole number.

    The whole table is updated after every batch, rows that did not occur too, as Keras does it with dense
    gradients: momentum and weight decay go on for them.

    Shapes:
        x: (batch, ...) whole numbers from 0 to input_dim - 1; embeddings: (input_dim, output_dim);
        output: (batch, ..., output_dim); mask: (batch, ...) with mask_zero.
    Source: Keras 3, ``keras.layers.Embedding``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Embedding", "torch.nn.Embedding", "onnx.Gather")
    differences: ClassVar[str] = "PyTorch starts with the standard normal distribution."
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.book-alphabet"
    makes_mask: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"input_dim": 5, "output_dim": 3}, ((4,),)),
        Example({"input_dim": 7, "output_dim": 2, "mask_zero": True, "embeddings_regularizer": "L2"}, ((2, 3),)),
    )

    input_dim: Annotated[int, Whole(1, 2**24)] = setting(
        help="How many different numbers there are: the largest one and 1 more. 10000 for the 10,000 commonest words."
    )
    output_dim: Annotated[int, Whole(1, 1_000_000)] = setting(
        help="How many trained numbers stand for each; 8 to 300 for words."
    )
    embeddings_initializer: Annotated[Component, Slot("initializer")] = setting(
        "uniform", "How the table starts.", advanced=True
    )
    embeddings_regularizer: Penalty = penalty_setting("numbers in the table, against overfitting")
    embeddings_constraint: Annotated[Component | None, Slot("constraint", none="no rule")] = setting(
        None, "Rule that the table is brought back to after every update.", advanced=True
    )
    mask_zero: Annotated[bool, Flag()] = setting(
        False, "0 is padding: recurrent layers skip it, averages and losses leave it out. Words begin at 1 then."
    )

    @property
    def badge(self) -> str:
        return f"{self.input_dim} → {self.output_dim}"

    @property
    def index_range(self) -> int | None:
        return self.input_dim

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (x,) = inputs
        return (x.with_shape((*x.shape, self.output_dim)),)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (self.mask_zero,)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return (
            WeightSpec(
                "embeddings",
                (self.input_dim, self.output_dim),
                self.embeddings_initializer,
                regularizer=self.embeddings_regularizer,
                constraint=self.embeddings_constraint,
            ),
        )

    def forward(self, lane: Lane) -> None:
        index = lane.x[0].reshape(-1)
        lane.call(look_up, index, lane.weights["embeddings"], lane.y[0].reshape(-1, self.output_dim))
        if lane.mask_out[0] is not None:
            lane.call(differs_from_zero, index, lane.mask_out[0].reshape(-1))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:  # a number that chooses a row has no slope
            lane.call(clear, lane.dx[0].reshape(-1))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.embed(x[0], "embeddings"),)

    def gradient(self, lane: Lane) -> None:
        index, dy = lane.x[0].reshape(-1), lane.dy[0].reshape(-1, self.output_dim)
        for block in lane.blocks("embeddings", max(16, BLOCK // self.output_dim)):
            lane.call(add_rows, index, dy, block.start, lane.gradients["embeddings"][block])
