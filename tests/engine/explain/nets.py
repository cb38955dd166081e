"""Networks that are looked into, and weights for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine import registry
from engine.graph import Edge, Graph, Node
from engine.infer import infer

Array = npt.NDArray[Any]
Weights = dict[str, dict[str, Array]]
Step = tuple[str, str, dict[str, Any], str]


def wired(*steps: Step) -> Graph:
    """A graph of (id, layer, arguments, ids of the sources separated by spaces)."""
    graph = Graph()
    for key, kind, arguments, sources in steps:
        layer: Any = registry.layers.get(kind)(**arguments)
        graph = graph.add(Node(key, layer))
        for source in sources.split():
            graph = graph.connect(Edge(source, key))
    return graph


def plain() -> Graph:
    """Convolutions with strides and padding, an activation that keeps its input, pooling."""
    return wired(
        ("in", "Input", {"shape": (11, 10, 2)}, ""),
        ("first", "Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"}, "in"),
        ("second", "Conv2D", {"filters": 6, "kernel_size": 3, "strides": 2, "padding": "same",
                              "activation": "gelu"}, "first"),
        ("pool", "MaxPooling2D", {"pool_size": 2}, "second"),
        ("third", "Conv2D", {"filters": 5, "kernel_size": 2, "activation": "tanh"}, "pool"),
        ("flat", "Flatten", {}, "third"),
        ("hidden", "Dense", {"units": 7, "activation": "silu"}, "flat"),
        ("out", "Dense", {"units": 5, "activation": "softmax"}, "hidden"),
    )  # fmt: skip


def wide() -> Graph:
    """Channels enough for Winograd's way."""
    return wired(
        ("in", "Input", {"shape": (9, 8, 3)}, ""),
        ("first", "Conv2D", {"filters": 16, "kernel_size": 3, "activation": "relu"}, "in"),
        ("second", "Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"}, "first"),
        ("third", "Conv2D", {"filters": 16, "kernel_size": 3, "activation": "sigmoid"}, "second"),
        ("flat", "Flatten", {}, "third"),
        ("out", "Dense", {"units": 4, "activation": "softmax"}, "flat"),
    )


def normalized() -> Graph:
    """BatchNormalization and Dropout, and the softmax as a layer of its own."""
    return wired(
        ("in", "Input", {"shape": (10, 9, 1)}, ""),
        ("first", "Conv2D", {"filters": 4, "kernel_size": 3, "use_bias": False}, "in"),
        ("norm", "BatchNormalization", {}, "first"),
        ("rectified", "Activation", {"activation": "relu"}, "norm"),
        ("drop", "Dropout", {"rate": 0.4}, "rectified"),
        ("second", "Conv2D", {"filters": 6, "kernel_size": 3, "activation": "softplus"}, "drop"),
        ("norm2", "BatchNormalization", {"scale": False, "epsilon": 0.01}, "second"),
        ("pool", "MaxPooling2D", {"pool_size": 2}, "norm2"),
        ("flat", "Flatten", {}, "pool"),
        ("drop2", "Dropout", {"rate": 0.5}, "flat"),
        ("scores", "Dense", {"units": 4}, "drop2"),
        ("out", "Activation", {"activation": "softmax"}, "scores"),
    )


def branched() -> Graph:
    """A sum around a layer, branches joined again, and a layer with three readers."""
    return wired(
        ("in", "Input", {"shape": (8, 8, 2)}, ""),
        ("stem", "Conv2D", {"filters": 5, "kernel_size": 3, "padding": "same", "activation": "relu"}, "in"),
        ("left", "Conv2D", {"filters": 5, "kernel_size": 3, "padding": "same", "activation": "tanh"}, "stem"),
        ("sum", "Add", {}, "stem left"),
        ("right", "Conv2D", {"filters": 3, "kernel_size": 1, "activation": "elu"}, "stem"),
        ("both", "Concatenate", {}, "sum right"),
        ("pool", "MaxPooling2D", {"pool_size": 2}, "both"),
        ("last", "Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}, "pool"),
        ("flat", "Flatten", {}, "last"),
        ("out", "Dense", {"units": 3, "activation": "sigmoid"}, "flat"),
    )


def many_headed() -> Graph:
    """Two inputs; outputs of every kind.

    One sigmoid, plain scores, log softmax behind a view, a softmax of those again, and one for every place.
    """
    return wired(
        ("in", "Input", {"shape": (6, 7, 2)}, ""),
        ("facts", "Input", {"shape": (3,)}, ""),
        ("first", "Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}, "in"),
        ("second", "Conv2D", {"filters": 3, "kernel_size": 2, "activation": "softplus"}, "first"),
        ("flat", "Flatten", {}, "second"),
        ("joined", "Concatenate", {}, "flat facts"),
        ("yes", "Dense", {"units": 1, "activation": "sigmoid"}, "joined"),
        ("scores", "Dense", {"units": 4}, "joined"),
        ("logs", "Dense", {"units": 6, "activation": "log_softmax"}, "flat"),
        ("shaped", "Reshape", {"target_shape": (2, 3)}, "logs"),
        ("twice", "Activation", {"activation": "softmax"}, "logs"),
        ("map", "Conv2D", {"filters": 3, "kernel_size": 2, "activation": "softmax"}, "first"),
    )


NETS = {"plain": plain, "wide": wide, "normalized": normalized, "branched": branched, "many_headed": many_headed}


def weights_of(graph: Graph, seed: int = 3, dtype: str = "float64") -> Weights:
    """Weights of a sensible size, moving statistics and biases among them."""
    random = np.random.default_rng(seed)
    found: Weights = {}
    for key, specs in infer(graph).weights.items():
        for spec in specs:
            values = random.standard_normal(spec.shape)
            if len(spec.shape) > 1:
                values *= (2 / np.prod(spec.shape[:-1])) ** 0.5
            elif spec.name in ("moving_variance", "variance", "gamma"):
                values = random.uniform(0.4, 1.9, spec.shape)
            else:
                values *= 0.3
            found.setdefault(key, {})[spec.name] = values.astype(dtype)
    return found


def sample_of(graph: Graph, seed: int = 5) -> dict[str, Array]:
    """One sample for every input."""
    random = np.random.default_rng(seed)
    return {key: random.standard_normal(infer(graph).outputs[key][0].sizes) for key in graph.inputs}
