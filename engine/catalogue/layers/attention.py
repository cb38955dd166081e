"""Attention: every place asks all others, and gets a mix of those that answer."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.attending import CAUSAL_HELP, DROPOUT_HELP, SCORES_HELP, SEED_HELP, Rate, Seed
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.comparing import Comparing, number, ones
from engine.catalogue.layers.emitter import Emitter
from engine.component import component, setting
from engine.constraints import Choice, Flag
from engine.kernels.dense import column_sum
from engine.tensor_spec import TensorSpec, WeightSpec

MODES = (("dot", "the product of query and key"), ("concat", "the tanh of their sum, added up over the features"))


@component
class Attention(Comparing):
    """y = softmax(scores) · value, with scores = scale · query · keyᵀ ("dot").

    With "concat", scores = concat_score_weight · sum over features of tanh(scale · (query + key)). Without a key the
    values are compared. Places that the mask of the values hides get no weight; places that the query's mask hides
    give 0.

    Shapes:
        query: (batch, asking, n); value: (batch, seen, m); key: (batch, seen, n);
        output: (batch, asking, m); scores: (batch, asking, seen).
    Source: Keras 3, ``keras.layers.Attention``; Luong et al. 2015, "Effective approaches to attention-based neural
        machine translation". There use_causal_mask and return_attention_scores are arguments of the call.
    """

    counterparts: ClassVar[tuple[str, ...]] = (
        "keras.layers.Attention",
        "torch.nn.functional.scaled_dot_product_attention",
    )
    icon: ClassVar[str] = "mdi6.eye-arrow-right-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 4), (5, 4))),
        Example({"use_scale": True, "dropout": 0.3, "seed": 4}, ((3, 2), (4, 3), (4, 2))),
        Example({"score_mode": "concat", "use_scale": True, "use_causal_mask": True}, ((4, 3), (4, 3))),
        Example({"return_attention_scores": True, "dropout": 0.3}, ((3, 4), (5, 4))),
    )

    use_scale: Annotated[bool, Flag()] = setting(False, "Train one number by which the scores are multiplied.")
    score_mode: Annotated[str, Choice(MODES)] = setting(
        "dot", "How query and key are compared: by their product, or by the tanh of their sum."
    )
    dropout: Rate = setting(0.0, DROPOUT_HELP)
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    return_attention_scores: Annotated[bool, Flag()] = setting(False, SCORES_HELP, advanced=True)
    use_causal_mask: Annotated[bool, Flag()] = setting(False, CAUSAL_HELP)

    @property
    def badge(self) -> str:
        return self.score_mode

    @property
    def adds(self) -> bool:
        return self.score_mode == "concat"

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        scale = (WeightSpec("scale", (), ones()),) if self.use_scale else ()
        concat = (WeightSpec("concat_score_weight", (), ones()),) if self.adds else ()
        return (*scale, *concat)

    def numbers(self, lane: Lane) -> tuple[Array, Array]:
        return lane.weights["concat_score_weight"].reshape(1), number(lane, "scale")

    def number_slopes(self, lane: Lane) -> tuple[Array, Array]:
        each = lane.scratch("slope of features", (lane.x[0].shape[-1],))
        inner = lane.partial("scale").reshape(1) if self.use_scale else lane.scratch("unread", (1,))
        return each, inner

    def numbers_out(self, out: Emitter, features: int) -> tuple[Array, float]:
        inner = float(out.numbers("scale")) if self.use_scale else 1.0
        return np.full((features, 1), float(out.numbers("concat_score_weight"))), inner

    def backward(self, lane: Lane) -> None:
        super().backward(lane)
        if self.adds:
            each, _ = self.number_slopes(lane)
            lane.call(column_sum, each.reshape(-1, 1), lane.partial("concat_score_weight").reshape(1))
