"""AdditiveAttention: queries and keys are compared by the tanh of their sum."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.layers.attending import CAUSAL_HELP, DROPOUT_HELP, SCORES_HELP, SEED_HELP, Rate, Seed
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.comparing import Comparing, one
from engine.catalogue.layers.emitter import Emitter
from engine.component import Component, component, resolved, setting
from engine.constraints import Flag
from engine.tensor_spec import TensorSpec, WeightSpec


@component
class AdditiveAttention(Comparing):
    """y = softmax(scores) · value, with scores = sum over features of scale · tanh(query + key).

    Without a key the values are compared. Places that the mask of the values hides get no weight; places that the
    query's mask hides give 0.

    Shapes:
        query: (batch, asking, n); value: (batch, seen, m); key: (batch, seen, n); scale: (n,);
        output: (batch, asking, m); scores: (batch, asking, seen).
    Source: Keras 3, ``keras.layers.AdditiveAttention``; Bahdanau et al. 2014, "Neural machine translation by jointly
        learning to align and translate". There use_causal_mask and return_attention_scores are arguments of the call.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.AdditiveAttention",)
    icon: ClassVar[str] = "mdi6.eye-plus-outline"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3, 4), (5, 4))),
        Example({"use_scale": False, "dropout": 0.3, "seed": 4}, ((3, 2), (4, 3), (4, 2))),
        Example({"use_causal_mask": True}, ((4, 3), (4, 3))),
    )

    use_scale: Annotated[bool, Flag()] = setting(True, "Train one factor for every feature.")
    dropout: Rate = setting(0.0, DROPOUT_HELP)
    seed: Seed = setting(None, SEED_HELP, advanced=True)
    return_attention_scores: Annotated[bool, Flag()] = setting(False, SCORES_HELP, advanced=True)
    use_causal_mask: Annotated[bool, Flag()] = setting(False, CAUSAL_HELP)

    @property
    def adds(self) -> bool:
        return True

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        initializer: Component = resolved("initializer", "glorot_uniform")
        return (WeightSpec("scale", (inputs[0].sizes[-1],), initializer),) if self.use_scale else ()

    def numbers(self, lane: Lane) -> tuple[Array, Array]:
        return lane.weights["scale"] if self.use_scale else one(lane), one(lane)

    def number_slopes(self, lane: Lane) -> tuple[Array, Array]:
        features = (lane.x[0].shape[-1],)
        each = lane.partial("scale") if self.use_scale else lane.scratch("slope of features", features)
        return each, lane.scratch("unread", (1,))

    def numbers_out(self, out: Emitter, features: int) -> tuple[Array, float]:
        each = np.asarray(out.numbers("scale")) if self.use_scale else np.ones(features)
        return each.reshape(features, 1), 1.0
