"""Networks on which exports are compared with the engine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from engine import registry
from engine.catalogue.layers.base import Layer
from engine.exchange.parcel import Parcel, pack
from engine.graph import Edge, Graph, Node
from engine.infer import Inference, infer
from engine.plan.parameters import Parameters
from engine.templates import chain

#: Labels that must stay texts.
HOSTILE = (
    "__import__('os')", 'a"""b', "x'); raise SystemExit(3)  #", "line\nbreak", "self", "class", "Größe ±1", "np",
    "forward", "{0}", "\\", "predict", "torch", "F", "dense", "len", "file", "state_dict",
)  # fmt: skip


def parcel_of(graph: Graph, name: str = "A network", classes: tuple[str, ...] = (), rows: int = 6) -> Parcel:
    """A parcel with weights and samples that hide nothing: no zeros, no ones, both signs."""
    random = np.random.default_rng(7)
    inference = infer(graph)
    assert not inference.errors, inference.errors
    parameters = Parameters(graph, inference, np.dtype("float32"))
    parameters.initialize(3)
    weights = parameters.copy()
    for arrays in weights.values():
        for key, array in arrays.items():
            near = random.uniform(0.5, 1.5, array.shape) if key == "moving_variance" else array
            noise = 0.0 if key == "moving_variance" else random.normal(0, 0.3, array.shape)
            arrays[key] = np.asarray(near + noise, np.float32)
    samples = {key: _drawn(random, inference, key, rows) for key in graph.inputs}
    return pack(name, graph, weights, samples, classes)


def _drawn(random: np.random.Generator, inference: Inference, key: str, rows: int) -> np.ndarray:
    """Samples for an Input: whole numbers where a layer looks something up by them."""
    shape = (rows, *inference.outputs[key][0].sizes)
    limits = [limit for _, limit in inference.indexes.get(key, ())]
    found = random.integers(0, min(limits), shape) if limits else random.normal(0, 2, shape)
    return found.astype(np.float32)


def around(layer: Layer, shapes: tuple[tuple[int, ...], ...]) -> Graph:
    """A layer with an Input for every tensor it takes."""
    graph = Graph()
    if not shapes:
        return graph.add(Node("layer", layer))
    graph = graph.add(Node("layer", layer))
    for place, shape in enumerate(shapes):
        graph = graph.add(Node(f"in_{place}", made("Input", shape=shape)))
        graph = graph.connect(
            Edge(f"in_{place}", "layer", target_port=layer.inputs[min(place, len(layer.inputs) - 1)].name)
        )
    return graph


def made(kind: str, **values: Any) -> Layer:
    layer = registry.layers.get(kind)(**values)
    assert isinstance(layer, Layer)
    return layer


def wired(nodes: Mapping[str, Layer], *wires: tuple[str, str]) -> Graph:
    """Layers by id, connected."""
    graph = Graph()
    for key, layer in nodes.items():
        graph = graph.add(Node(key, layer))
    for source, target in wires:
        graph = graph.connect(Edge(source, target))
    return graph


def examples() -> dict[str, Graph]:
    """Every layer of the registry that can be exported, on every example it declares."""
    return {
        f"{cls.key}-{place}": around(cls(**example.parameters), example.shapes)
        for cls in registry.layers
        if not cls.inputs or cls.export is not Layer.export
        for place, example in enumerate(cls.examples)
    }


def _translating(kind: str, values: dict[str, Any]) -> Graph:
    """An encoder whose last states start a decoder, whose own start both directions of a third; all of them answer."""
    graph = Graph().add(Node("words", made("Input", shape=(5, 3)))).add(Node("answer", made("Input", shape=(4, 2))))
    states = {"units": 3, "return_state": True, **values}
    inner = {"type": kind, "return_sequences": True} | states
    for name, layer in (
        ("encoder", made(kind, **states)), ("decoder", made(kind, return_sequences=True, **states)),
        ("both", made("Bidirectional", layer=inner, merge_mode="sum")), ("all", made("Concatenate", axis=1)),
    ):  # fmt: skip
        graph = graph.add(Node(name, layer))
    graph = graph.connect(Edge("words", "encoder")).connect(Edge("answer", "decoder")).connect(Edge("decoder", "both"))
    ports = [port.name for port in graph.nodes["encoder"].layer.outputs][1:]
    for source, target, times in (("encoder", "decoder", 1), ("decoder", "both", 2)):
        for port in ports * times:
            graph = graph.connect(Edge(source, target, port, "initial_state"))
    for port in [port.name for port in graph.nodes["both"].layer.outputs]:
        if port == "y":
            graph = graph.add(Node("flat", made("Flatten"))).connect(Edge("both", "flat", port))
            graph = graph.connect(Edge("flat", "all", target_port="x"))
        else:
            graph = graph.connect(Edge("both", "all", port, "x"))
    return graph.connect(Edge("decoder", "all", ports[-1], "x"))


def sequences() -> dict[str, Graph]:
    """Recurrent layers of every kind, direction and function, alone, in both directions and step by step."""
    x, found = ("Input", {"shape": (5, 3)}), {}
    unusual = {"activation": "gelu", "recurrent_activation": {"type": "hard_sigmoid_keras2"}}
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "SimpleRNN": ("SimpleRNN", {}),
        "SimpleRNN of relu": ("SimpleRNN", {"activation": "relu"}),
        "SimpleRNN of softmax": ("SimpleRNN", {"activation": "softmax"}),
        "LSTM": ("LSTM", {}),
        "LSTM of others": ("LSTM", unusual),
        "LSTM without": ("LSTM", {"activation": "linear", "recurrent_activation": "hard_sigmoid"}),
        "GRU": ("GRU", {}),
        "GRU of others": ("GRU", unusual),
        "GRU of Keras 1": ("GRU", {"reset_after": False}),
        "GRU of Keras 1 of others": ("GRU", unusual | {"reset_after": False}),
    }
    for name, (kind, values) in kinds.items():
        for bias in (True, False):
            given = values | {"units": 4, "use_bias": bias}
            found[f"{name}, bias {bias}"] = chain(
                x, (kind, given | {"return_sequences": True, "go_backwards": bias}), (kind, given)
            )
        layer = {"type": kind, **values, "units": 2}
        found[f"{name} from both ends"] = chain(
            x, ("Bidirectional", {"layer": layer | {"return_sequences": True}}), ("Bidirectional", {"layer": layer})
        )
    for mode in ("concat", "sum", "mul", "ave"):
        for every in (True, False):
            inner = {"type": "LSTM", "units": 3, "return_sequences": every}
            other = {"type": "GRU", "units": 3, "go_backwards": True, "return_sequences": every}
            both = {"layer": inner, "merge_mode": mode, "backward_layer": other}
            found[f"both ends, {mode}, every {every}"] = chain(x, ("Bidirectional", both), ("Dense", {"units": 2}))
    for name, (kind, values) in kinds.items():
        found[f"{name} hands states on"] = _translating(kind, values)
    conv = {"type": "Conv2D", "filters": 3, "kernel_size": 2, "activation": "relu"}
    found["pictures step by step"] = chain(
        ("Input", {"shape": (4, 5, 5, 2)}), ("TimeDistributed", {"layer": conv}),
        ("TimeDistributed", {"layer": {"type": "BatchNormalization", "momentum": 0.5}}),
        ("TimeDistributed", {"layer": "Flatten"}), ("LSTM", {"units": 4}), ("Dense", {"units": 2}),
    )  # fmt: skip
    inside = {"type": "Bidirectional", "layer": {"type": "GRU", "units": 2}}
    found["sequences step by step"] = chain(("Input", {"shape": (3, 4, 2)}), ("TimeDistributed", {"layer": inside}))
    found["one number a sample"] = chain(
        ("Input", {"shape": (6, 3)}), ("TimeDistributed", {"layer": {"type": "Dense", "units": 1}}),
        ("Flatten", {}), ("RepeatVector", {"n": 2}), ("SimpleRNN", {"units": 2}),
    )  # fmt: skip
    kinds_inside: list[Any] = [
        "LayerNormalization", {"type": "GroupNormalization", "groups": 2}, {"type": "PReLU", "shared_axes": (1, 2)},
        {"type": "Resizing", "height": 3, "width": 5}, {"type": "Dense", "units": 3, "activation": "softmax"},
        {"type": "SeparableConv2D", "filters": 2, "kernel_size": 2}, {"type": "MaxPooling2D", "padding": "same"},
        {"type": "Reshape", "target_shape": (-1, 2)}, {"type": "LSTM", "units": 3, "activation": "relu"},
    ]  # fmt: skip
    found["many kinds step by step"] = chain(
        ("Input", {"shape": (2, 6, 4, 4)}), *[("TimeDistributed", {"layer": inside}) for inside in kinds_inside]
    )
    return found | {"both ends apart": _apart(), "read twice": _twice()}


def _twice() -> Graph:
    """Two sequences read by the same layers, which share their weights."""
    both = made("Bidirectional", layer={"type": "SimpleRNN", "units": 3, "return_sequences": True})
    last = made("GRU", units=2, activation="softsign")
    graph = wired(
        {"a": made("Input", shape=(4, 3)), "b": made("Input", shape=(4, 3)), "both_a": both, "both_b": both,
         "last_a": last, "last_b": last, "minus": made("Subtract")},
        ("a", "both_a"), ("b", "both_b"), ("both_a", "last_a"), ("both_b", "last_b"), ("last_a", "minus"),
        ("last_b", "minus"),
    )  # fmt: skip
    return graph.sharing("both_b", "both_a").sharing("last_b", "last_a")


def _apart() -> Graph:
    """A layer of two answers, one wire from each; the input goes on beside."""
    layer = made("Bidirectional", layer={"type": "LSTM", "units": 3, "return_sequences": True}, merge_mode=None)
    graph = wired(
        {"x": made("Input", shape=(4, 3)), "both": layer, "minus": made("Subtract"), "all": made("Concatenate")},
        ("x", "both"), ("both", "minus"),
    )  # fmt: skip
    for edge in (
        Edge("both", "minus", "y_backward"), Edge("x", "all"), Edge("both", "all", "y_backward"),
        Edge("minus", "all"),
    ):  # fmt: skip
        graph = graph.connect(edge)
    return graph


def activations() -> dict[str, Graph]:
    """Every activation of the registry, behind a dense layer, a convolution and on a table."""
    found = {}
    for cls in registry.activations:
        found[f"{cls.key}-rows"] = chain(("Input", {"shape": (5,)}), ("Dense", {"units": 7, "activation": cls()}))
        found[f"{cls.key}-image"] = chain(
            ("Input", {"shape": (5, 4, 2)}), ("Conv2D", {"filters": 3, "kernel_size": 2, "activation": cls()})
        )
        found[f"{cls.key}-table"] = chain(("Input", {"shape": (3, 4)}), ("Activation", {"activation": cls()}))
    settings = {"elu": {"alpha": 0.3}, "leaky_relu": {"negative_slope": 0.07}, "gelu": {"approximate": True}}
    for key, values in settings.items():
        two = [("Activation", {"activation": {"type": key, **chosen}}) for chosen in (values, {})]
        found[f"{key}-set"] = chain(("Input", {"shape": (9,)}), *two)
    return found


def windows() -> dict[str, Graph]:
    """Convolutions and poolings at odd sizes with every padding, stride, dilation and grouping."""
    found = {}
    for padding in ("valid", "same", "full"):
        for size in ((7, 6), (5, 9)):
            for kernel, strides, dilation in (((3, 2), 1, 1), ((2, 4), (2, 3), 1), ((3, 3), 1, (2, 1)), ((4, 1), 2, 1)):
                values = {"filters": 4, "kernel_size": kernel, "strides": strides, "dilation_rate": dilation}
                found[f"conv-{padding}-{size}-{kernel}-{strides}-{dilation}"] = chain(
                    ("Input", {"shape": (*size, 4)}),
                    ("Conv2D", values | {"padding": padding, "groups": 2, "activation": "tanh"}),
                )
    for padding in ("valid", "same"):
        for pool, strides in ((2, None), ((3, 2), 1), ((2, 3), (3, 2)), (4, 3), (1, 2)):
            found[f"pool-{padding}-{pool}-{strides}"] = chain(
                ("Input", {"shape": (7, 5, 3)}),
                ("MaxPooling2D", {"pool_size": pool, "strides": strides, "padding": padding}),
            )
    return found


def shapes() -> dict[str, Graph]:
    """Networks in which layouts, orders of axes and several inputs and outputs matter."""
    image = ("Input", {"shape": (6, 5, 3)})
    conv = ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"})
    dense = ("Dense", {"units": 3})
    found = {
        "flatten after convolution": chain(image, conv, ("MaxPooling2D", {}), ("Flatten", {}), dense),
        "flatten one pixel": chain(image, ("Conv2D", {"filters": 4, "kernel_size": (6, 5)}), ("Flatten", {}), dense),
        "flatten one channel": chain(image, ("Conv2D", {"filters": 1, "kernel_size": 2}), ("Flatten", {}), dense),
        "reshape after convolution": chain(image, conv, ("Reshape", {"target_shape": (10, 12)}), dense),
        "dense on an image": chain(image, conv, dense, conv),
        "softmax on an image": chain(image, ("Conv2D", {"filters": 4, "kernel_size": 2, "activation": "softmax"})),
        "softmax on a table": chain(("Input", {"shape": (3, 4)}), ("Dense", {"units": 5, "activation": "softmax"})),
        "dropout between": chain(image, conv, ("Dropout", {"rate": 0.5}), ("Flatten", {}), ("Dropout", {"rate": 1.0})),
        "one input alone": chain(("Input", {"shape": (4,)})),
        "an image alone": chain(image),
        "a single number": chain(("Input", {"shape": ()}), ("Reshape", {"target_shape": (1,)}), dense),
        "flatten a single number": chain(("Input", {"shape": ()}), ("Flatten", {})),
        "five axes": chain(
            ("Input", {"shape": (2, 3, 2, 3)}), ("BatchNormalization", {"axis": 2}), ("BatchNormalization", {}), dense
        ),
    }
    for axis in (1, 2, 3, -2):
        found[f"normalize axis {axis}"] = chain(image, conv, ("BatchNormalization", {"axis": axis}), conv)
    for axis in (1, 2, -1):
        found[f"normalize table axis {axis}"] = chain(
            ("Input", {"shape": (4, 3)}), ("BatchNormalization", {"axis": axis - (axis == 2) * 3}), dense
        )
    return found | merging()


def merging() -> dict[str, Graph]:
    """Branches, several inputs and several outputs."""
    image = made("Input", shape=(6, 5, 4))
    conv = made("Conv2D", filters=4, kernel_size=3, padding="same", activation="relu")
    residual = wired(
        {"image": image, "conv": conv, "add": made("Add"), "norm": made("BatchNormalization"), "out": made("Flatten")},
        ("image", "conv"), ("conv", "add"), ("image", "add"), ("add", "norm"), ("norm", "out"),
    )  # fmt: skip
    several = wired(
        {
            "b": made("Input", shape=(3,)), "a": made("Input", shape=(3,)), "sum": made("Add"),
            "both": made("Concatenate"), "table": made("Reshape", target_shape=(2, 3)),
            "unused": made("Input", shape=(2,)), "left": made("Dense", units=2, activation="softmax"),
        },
        ("a", "sum"), ("b", "sum"), ("b", "both"), ("sum", "both"), ("both", "table"), ("sum", "left"),
    )  # fmt: skip
    found = {"residual": residual, "several inputs and outputs": several}
    for axis in (1, 2, 3):
        found[f"concatenate image and convolution along {axis}"] = wired(
            {"image": image, "conv": conv, "both": made("Concatenate", axis=axis), "next": conv},
            ("image", "conv"), ("image", "both"), ("conv", "both"), ("both", "next"),
        )  # fmt: skip
    found["one value twice an output"] = wired(
        {"x": made("Input", shape=(3,)), "one": made("Dropout", rate=0.1), "two": made("Dropout", rate=0.2)},
        ("x", "one"), ("x", "two"),
    )  # fmt: skip
    return found


def hostile() -> Graph:
    """A chain whose labels try to be code."""
    graph = chain(("Input", {"shape": (4,)}), *[("Dense", {"units": 4, "activation": "tanh"})] * (len(HOSTILE) - 1))
    for key, label in zip(graph.order, HOSTILE, strict=True):
        graph = graph.labelled(key, label)
    return graph


#: Everything that every export is compared on.
NETWORKS: dict[str, Graph] = (
    examples() | activations() | windows() | shapes() | sequences() | {"hostile labels": hostile()}
)


@cache
def parcel_named(name: str) -> Parcel:
    """A parcel of one of them; its answers are computed once for all exports."""
    return parcel_of(NETWORKS[name])
