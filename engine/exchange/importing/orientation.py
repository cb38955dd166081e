"""Models that put channels first: their pictures are turned, because all of the engine puts channels last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.catalogue.layers.base import Layer
from engine.exchange.importing.outline import Call, Told
from engine.exchange.importing.parts import Cannot

#: Layers that compute the same on turned pictures once their data format is changed.
IMAGE = frozenset({
    "Conv2D", "MaxPooling2D", "AveragePooling2D", "ZeroPadding2D", "UpSampling2D", "SeparableConv2D",
    "DepthwiseConv2D", "Conv2DTranspose", "SpatialDropout2D", "Cropping2D",
})  # fmt: skip
#: Image layers whose answer is one number per channel.
POOLED = frozenset({"GlobalAveragePooling2D", "GlobalMaxPooling2D"})
#: Layers that treat every number alike.
ALIKE = frozenset({
    "Activation", "Dropout", "LeakyReLU", "ReLU", "ELU", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "Rescaling", "Identity",
})  # fmt: skip
MERGING = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})
#: Where an axis of channels × height × width (counted with the batch) lies in height × width × channels.
AXES = {1: -1, 2: 1, 3: 2, -3: -1, -2: 1, -1: 2}


class Mode(NamedTuple):
    """How a tensor here differs from the file's.

    Attributes:
        kind: ``plain``: not at all; ``turned``: channels went last; ``shuffled``: a row in another order.
        origin: the call whose turned picture a shuffled row was.
    """

    kind: str = "plain"
    origin: str = ""


PLAIN, TURNED = Mode(), Mode("turned")


def puts_channels_first(calls: Iterable[Call]) -> bool:
    """Whether any image layer of a model does."""
    return any(
        call.layer.settings.get("data_format") == "channels_first"
        for call in calls
        if call.layer.kind in IMAGE or call.layer.kind in POOLED
    )


def turned(call: Call, layer: Layer, entering: Sequence[Mode], first: bool) -> tuple[Layer, Mode]:
    """A layer for tensors that are turned or shuffled, and how its answer differs.

    Args:
        call: what the file says.
        layer: its counterpart, which knows nothing of this yet.
        entering: how what enters differs.
        first: whether the model puts channels first at all.

    Raises:
        Cannot: the layer would compute something else.
    """
    told = call.layer
    if not first:
        return layer, PLAIN
    if told.kind == "InputLayer":
        shape: tuple[int, ...] = getattr(layer, "shape", ())
        if len(shape) != 3:
            return layer, PLAIN
        return layer.changed(shape=(*shape[1:], shape[0])), TURNED
    if told.kind in IMAGE or told.kind in POOLED:
        wanted = TURNED if told.settings.get("data_format") == "channels_first" else PLAIN
        if any(mode != wanted for mode in entering):
            raise Cannot("the model mixes channels first and channels last")
        return layer, wanted if told.kind in IMAGE else PLAIN
    if all(mode == PLAIN for mode in entering):
        return layer, PLAIN
    return _other(call, layer, entering)


def _other(call: Call, layer: Layer, entering: Sequence[Mode]) -> tuple[Layer, Mode]:
    told, mode = call.layer, entering[0]
    if any(other != mode for other in entering):
        raise Cannot("it joins pictures of different orientation")
    if told.kind == "Flatten" and mode == TURNED:
        # This layer's own "channels_first" means: turn them last before flattening, which has happened here.
        return layer, PLAIN if told.settings.get("data_format") == "channels_first" else Mode("shuffled", call.key)
    if told.kind in ALIKE and not (mode == TURNED and _is_softmax(layer)):
        return layer, mode
    if told.kind in MERGING or type(layer).__name__ in MERGING:
        return layer, mode
    if mode == TURNED and told.kind in ("BatchNormalization", "Concatenate", "Merge"):
        axis = getattr(layer, "axis", None)
        if axis in AXES:
            return layer.changed(axis=AXES[axis]), mode
    if mode.kind == "shuffled" and told.kind == "BatchNormalization":
        return layer, mode  # its weights are put in the new order
    if mode.kind == "shuffled" and told.kind == "Dense":
        return layer, PLAIN  # the rows of its kernel are
    raise Cannot("the file puts channels first, and this layer would compute something else with channels last")


def _is_softmax(layer: Layer) -> bool:
    return "softmax" in getattr(getattr(layer, "activation", None), "key", "")


def follows(told: Told, mode: Mode) -> bool:
    """Whether a layer's weights are to be put in another order."""
    return mode.kind == "shuffled" and told.kind in ("Dense", "BatchNormalization")
