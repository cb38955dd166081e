"""VGG16: thirteen convolutions in five blocks, and three dense layers on top."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.api.model import Model
from engine.api.symbol import Symbol
from engine.errors import UsageError
from engine.layers import HANDLES, Input
from engine.templates.vgg16 import BLOCKS

#: The shape that the dense layers were made for, and the shortest side that five poolings leave something of.
OWN_SHAPE, LEAST_SIDE = (224, 224, 3), 32
CLASSES = 1000
#: What is subtracted from blue, green and red: the means of the pictures it was trained on.
MEANS = (103.939, 116.779, 123.68)
POOLINGS = {"avg": "GlobalAveragePooling2D", "max": "GlobalMaxPooling2D"}


def VGG16(  # noqa: N802 (Keras's name)
    include_top: bool = True,
    weights: str | Path | None = None,
    input_tensor: Symbol | None = None,
    input_shape: Sequence[Any] | None = None,
    pooling: str | None = None,
    classes: int = CLASSES,
    classifier_activation: str | None = "softmax",
    name: str = "vgg16",
) -> Model:
    """The network of Simonyan and Zisserman with Keras's names of layers.

    Args:
        include_top: with the dense layers, which classify; without them it gives features.
        weights: the path of an ``.h5`` file with weights, such as Keras's
            ``vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5``; ``None`` starts at random.
        input_tensor: where the pictures come from; ``None`` for an Input of ``input_shape``.
        input_shape: height, width and channels; (224, 224, 3) if left out.
        pooling: without the top, ``"avg"`` or ``"max"`` over all positions; ``None`` leaves the map.
        classes: units of the last layer.
        classifier_activation: of the last layer.
        name: of the model.

    Returns:
        The model; a layer is found by ``get_layer("block5_conv3")``.

    Raises:
        UsageError: impossible arguments, or weights that are not on this machine.
        FileError: the weights do not fit.

    Source: Simonyan, Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image Recognition".
    """
    if isinstance(weights, str) and weights == "imagenet":
        raise UsageError(
            "weights='imagenet' would be downloaded, and nothing is downloaded unasked. Give the path of Keras's file, "
            "such as vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5, or None to start at random."
        )
    start = input_tensor if input_tensor is not None else Input(_shape(input_shape), name="input_layer")
    if not isinstance(start, Symbol):
        raise UsageError(f"input_tensor must be what Input(...) or a layer gives; received {input_tensor!r}.")
    end = _features(start)
    if include_top:
        for kind, given in (
            ("Flatten", {"name": "flatten"}),
            ("Dense", {"units": 4096, "activation": "relu", "name": "fc1"}),
            ("Dense", {"units": 4096, "activation": "relu", "name": "fc2"}),
            ("Dense", {"units": classes, "activation": classifier_activation or "linear", "name": "predictions"}),
        ):
            end = HANDLES[kind](**given)(end)
    elif pooling is not None:
        if pooling not in POOLINGS:
            raise UsageError(f"pooling must be avg, max or None; received {pooling!r}.")
        end = HANDLES[POOLINGS[pooling]]()(end)
    model = Model(start, end, name=name)
    if weights is not None:
        model.load_weights(weights)
    return model


def _shape(given: Sequence[Any] | None) -> tuple[int, ...]:
    shape = OWN_SHAPE if given is None else tuple(given)
    sides = shape[:2]
    right = len(shape) == len(OWN_SHAPE) and all(isinstance(side, int) and side >= LEAST_SIDE for side in sides)
    if not right or not isinstance(shape[2], int) or shape[2] < 1:
        raise UsageError(
            f"input_shape must be height, width and channels, sides of {LEAST_SIDE} at least; received {given!r}."
        )
    return shape


def _features(start: Symbol) -> Any:
    end: Any = start
    for block, filters in enumerate(BLOCKS, 1):
        for place, count in enumerate(filters, 1):
            convolution = HANDLES["Conv2D"](
                count, 3, padding="same", activation="relu", name=f"block{block}_conv{place}"
            )
            end = convolution(end)
        end = HANDLES["MaxPooling2D"](2, strides=2, name=f"block{block}_pool")(end)
    return end


def preprocess_input(x: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Pictures as VGG16 was trained on them: blue, green, red, each less the mean of its training pictures.

    Args:
        x: red, green and blue from 0 to 255, on the last axis.

    Raises:
        UsageError: there are not three channels.
    """
    pictures = np.asarray(x, np.float32)
    if pictures.ndim == 0 or pictures.shape[-1] != len(MEANS):
        raise UsageError(f"preprocess_input needs three channels on the last axis; received shape {pictures.shape}.")
    return pictures[..., ::-1] - np.asarray(MEANS, np.float32)
