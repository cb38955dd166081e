"""What Keras's layers for words and attention compute, in plain numpy, for the reader of ``.keras`` archives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from engine.exchange.parcel import Array

Config = Mapping[str, Any]


def _softened(config: Config, scores: Array) -> Array:
    """Shares over the last axis, of the places that may be seen."""
    distance = np.arange(scores.shape[-2])[:, None] - np.arange(scores.shape[-1])
    allowed = np.ones(distance.shape, bool)
    if config.get("use_causal_mask"):
        allowed &= distance >= 0
    if config.get("sliding_window"):
        allowed &= np.abs(distance) < config["sliding_window"]
    scores = np.where(allowed, scores, -1e9)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
    return np.asarray(shares / np.maximum(shares.sum(axis=-1, keepdims=True), 1e-30))


def _attention(config: Config, weights: list[Array], x: list[Array]) -> Array:
    rest = list(weights)
    scale = rest.pop(0) if config["use_scale"] else 1.0
    if config.get("score_mode", "dot") == "dot":
        scores = scale * (x[0] @ x[-1].swapaxes(1, 2))
    else:
        scores = rest[0] * np.tanh(scale * (x[0][:, :, None] + x[-1][:, None])).sum(axis=-1)
    return _softened(config, scores) @ x[1]


def _additive_attention(config: Config, weights: list[Array], x: list[Array]) -> Array:
    factor = weights[0] if config["use_scale"] else 1.0
    return _softened(config, (factor * np.tanh(x[0][:, :, None] + x[-1][:, None])).sum(axis=-1)) @ x[1]


def _multi_head_attention(config: Config, weights: list[Array], x: list[Array]) -> Array:
    step = 2 if config["use_bias"] else 1
    parts = [weights[n : n + step] for n in range(0, len(weights), step)]
    last = x[0].ndim - 2
    axes = config["attention_axes"] or range(1, last + 1)
    first = min(axis if axis > 0 else last + 1 + axis for axis in axes)
    heads = []
    gated = [x[0]] if config.get("use_gate") else []
    for part, given in zip(parts, (x[0], x[-1], *gated, x[1]), strict=False):
        y = np.tensordot(given, part[0], axes=1)
        y = y + part[1] if step == 2 else y
        heads.append(y.reshape(*given.shape[:first], prod(given.shape[first:-1]), *part[0].shape[1:]))
    query, key, *gates, value = heads
    scores = np.einsum("...ihd,...jhd->...hij", query, key) / np.sqrt(config["key_dim"])
    mixed = np.einsum("...hij,...jhd->...ihd", _softened(config, scores), value)
    for gate in gates:
        mixed = mixed / (1 + np.exp(-gate))
    y = np.tensordot(mixed.reshape(*x[0].shape[:-1], *mixed.shape[-2:]), parts[-1][0], axes=2)
    return np.asarray(y + parts[-1][1] if step == 2 else y)


def _masked(config: Config, _: list[Array], x: list[Array]) -> Array:
    return np.asarray(x[0] * (x[0] != config["mask_value"]).any(axis=-1, keepdims=True))


#: What each layer computes: (config, weights, inputs) to output.
FORMULAS: Mapping[str, Callable[[Config, list[Array], list[Array]], Array]] = {
    "AdditiveAttention": _additive_attention,
    "Attention": _attention,
    "Embedding": lambda _, weights, x: weights[0][x[0].astype(int)],
    "Masking": _masked,
    "MultiHeadAttention": _multi_head_attention,
}
