"""PositionEmbedding: a trained row of numbers for every place of a sequence."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.attending import check_places
from engine.catalogue.layers.base import Example, Lane, Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component, Slot, component, setting
from engine.constraints import Whole
from engine.errors import Remedy, ShapeError
from engine.kernels.activity import clear
from engine.kernels.attention import repeat_table
from engine.kernels.dense import column_sum
from engine.tensor_spec import TensorSpec, WeightSpec

#: Numbers of a table that one task learns.
BLOCK = 65536


@component
class PositionEmbedding(Layer):
    """y[i] = embeddings[i]: what place i of every sequence gets, whatever is in it.

    Add it to the sequence, so that attention can tell places apart: ``Add()([x, PositionEmbedding(length)(x)])``.

    Shapes:
        x: (batch, steps, features); embeddings: (sequence_length, features); output: as the input.
    Source: KerasHub, ``keras_hub.layers.PositionEmbedding``; Devlin et al. 2018, "BERT".
    """

    counterparts: ClassVar[tuple[str, ...]] = ("torch.nn.Embedding",)
    differences: ClassVar[str] = (
        "The name and the meaning are those of keras_hub.layers.PositionEmbedding; Keras itself has none."
    )
    category: ClassVar[str] = "Attention"
    icon: ClassVar[str] = "mdi6.format-list-numbered"
    supports_masking: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"sequence_length": 4}, ((4, 3),)),
        Example({"sequence_length": 6, "initializer": "random_normal"}, ((3, 2),)),
    )

    sequence_length: Annotated[int, Whole(1, 2**24)] = setting(help="The most steps that a sequence may have.")
    initializer: Annotated[Component, Slot("initializer")] = setting(
        "glorot_uniform", "How the table starts.", advanced=True
    )

    @property
    def badge(self) -> str:
        return str(self.sequence_length)

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        check_places(self.key, inputs)
        steps = inputs[0].sizes[0]
        if len(inputs[0].shape) != 2 or steps > self.sequence_length:
            raise ShapeError(
                f"{self.key} has rows for {self.sequence_length} steps × features; received {inputs[0]}. "
                "Give sequence_length at least as many steps as the sequences have.",
                Remedy(f"Set sequence_length to {steps}", parameters=(("sequence_length", steps),)),
            )
        return inputs

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return (WeightSpec("embeddings", (self.sequence_length, inputs[0].sizes[1]), self.initializer),)

    def forward(self, lane: Lane) -> None:
        table = lane.weights["embeddings"][: lane.x[0].shape[1]]
        lane.call(repeat_table, table.reshape(-1), lane.y[0].reshape(lane.rows, -1))

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:  # the numbers that arrive change nothing
            lane.call(clear, lane.dx[0].reshape(-1))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        table = np.asarray(out.numbers("embeddings"))[: out.specs[0].sizes[0]]
        return (out.line(x[0], np.zeros((1, 1)), table),)

    def gradient(self, lane: Lane) -> None:
        steps, features = lane.dy[0].shape[1:]
        gradient, dy = lane.gradients["embeddings"], lane.dy[0].reshape(lane.rows, -1)
        for block in lane.blocks("embeddings", max(1, BLOCK // features)):
            used = slice(min(block.start, steps), min(block.stop, steps))
            if used.stop > used.start:
                columns = slice(used.start * features, used.stop * features)
                lane.call(column_sum, dy[:, columns], gradient[used].reshape(-1))
            if block.stop > used.stop:
                lane.call(clear, gradient[max(block.start, steps) : block.stop].reshape(-1))
