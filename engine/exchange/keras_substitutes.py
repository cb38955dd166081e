"""Layers that Keras 3 does not have, or computes otherwise, written exactly in layers that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalogue.layers.base import Layer
from engine.component import Component
from engine.exchange.parcel import Array
from engine.registry import layers

#: Penalties and rules that mean the same whatever the shape of the weights.
SHAPELESS = ("L1", "L2", "L1L2", "NonNeg")


@dataclass(frozen=True)
class Part:
    """One layer of those that stand for another.

    Attributes:
        layer: the layer.
        name: what its name ends in, unless it is the last.
        weights: its arrays in the order in which Keras keeps them.
    """

    layer: Layer
    name: str = ""
    weights: tuple[Array, ...] = ()


@dataclass(frozen=True)
class Substitute:
    """What stands for a layer.

    Attributes:
        parts: layers, each called on the one before.
        why: what the parts compute, or why they are there.
        left_out: settings that the parts cannot have.
    """

    parts: tuple[Part, ...]
    why: str
    left_out: tuple[str, ...] = field(default=())


def _made(kind: str, **values: Any) -> Layer:
    layer = layers.get(kind)(**values)
    assert isinstance(layer, Layer)
    return layer


def _maxout(layer: Any, weights: Mapping[str, Array]) -> Substitute:
    """All linear functions side by side in one Dense; the largest of each neuron's is kept."""
    units, features, kernel = layer.units, layer.features, weights["kernel"]
    names = ("kernel_regularizer", "bias_regularizer", "kernel_constraint", "bias_constraint")
    given: dict[str, Component] = {name: getattr(layer, name) for name in names if getattr(layer, name) is not None}
    kept = {name: value for name, value in given.items() if value.key in SHAPELESS}
    left_out = [name for name in given if name not in kept]
    together = units * features
    dense = _made("Dense", units=together, use_bias=layer.use_bias, kernel_initializer=layer.kernel_initializer,
                  bias_initializer=layer.bias_initializer, **kept)  # fmt: skip
    arrays = [kernel.transpose(1, 0, 2).reshape(-1, together)]
    arrays += [weights["bias"].reshape(together)] if layer.use_bias else []
    parts = [
        Part(dense, "functions", tuple(arrays)),
        Part(_made("Reshape", target_shape=(features, units)), "by_neuron"),
        Part(_made("GlobalMaxPooling1D"), "largest"),
    ]
    penalty = layer.activity_regularizer
    if penalty is not None and penalty.key in SHAPELESS:
        shares = {name: getattr(penalty, name, 0.0) for name in ("l1", "l2")}
        parts.append(Part(_made("ActivityRegularization", **shares), "penalty"))
    elif penalty is not None:
        left_out.append("activity_regularizer")
    return Substitute(tuple(parts), f"the largest of {features} linear functions", tuple(left_out))


def _random_crop(layer: Any, _: Mapping[str, Array]) -> Substitute:
    cut = _made("Resizing", height=layer.height, width=layer.width, crop_to_aspect_ratio=True)
    return Substitute(
        (Part(cut),), "cut and resized when predicting, where RandomCrop of Keras hands on whole pictures"
    )


#: By type: (layer, its weights) to what stands for it.
SUBSTITUTES: Mapping[str, Callable[[Any, Mapping[str, Array]], Substitute]] = {
    "Maxout": _maxout,
    "RandomCrop": _random_crop,
}
