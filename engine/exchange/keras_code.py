"""A network as the script that a user of Keras 3 would write.

Nothing that people typed can become code: identifiers come from ``Parcel.names``, texts pass through ``repr``.
"""

from __future__ import annotations

import builtins
import keyword
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from engine.component import Component, parameters
from engine.exchange.keras_network import KerasLayer, KerasNetwork
from engine.exchange.keras_own import class_lines
from engine.exchange.keras_terms import APART, STATED, changed_values, module_of, values_of
from engine.exchange.keras_training import Compiled, learning_rate
from engine.exchange.parcel import Parcel
from engine.graph import snake
from engine.registry import layers as known_layers

#: Longest line of the script.
WIDTH = 100
#: Names that the script uses itself.
TAKEN = frozenset(("keras", "layers", "model", "make_model", "Path", "WEIGHTS", "CLASSES", *dir(builtins)))
#: Parameters that Keras has no default for, though there is one here.
REQUIRED = frozenset(
    (("Activation", "activation"), *((f"AveragePooling{places}D", "pool_size") for places in (1, 2, 3)))
)


def script(parcel: Parcel, network: KerasNetwork, training: Compiled | None, weights: str) -> str:
    """The whole script.

    Args:
        parcel: what is exported.
        network: the same in Keras's layers.
        training: how it is compiled.
        weights: name of the file with the weights, beside the script.
    """
    body = _chain(network) if network.is_chain else _functional(network)
    finish = ["    return model"]
    if training is not None:
        finish = [*_wrapped(4, "model.compile(", _compile(training), ")"), "    return model"]
    parts = [
        _header(parcel, network, weights),
        "",
        "",
        *_classes(network),
        "def make_model():",
        '    """The network as it was drawn, with fresh weights."""',
        *body,
        *finish,
        "",
        "",
        'if __name__ == "__main__":',
        "    model = make_model()",
        "    model.load_weights(WEIGHTS)",
        "    model.summary()",
        "",
        *_example(parcel, network, training),
    ]
    return "\n".join(parts) + "\n"


def _header(parcel: Parcel, network: KerasNetwork, weights: str) -> str:
    lines = [
        f'"""The network {network.name}, written by Layerloom for Keras 3.',
        "",
        f"What it learnt lies in {weights}, beside this file.",
        '"""',
        "",
        "from pathlib import Path",
        "",
        "import keras",
        "from keras import layers" + (", ops" if any(layer.formula is not None for layer in network.layers) else ""),
        "",
        f"WEIGHTS = Path(__file__).with_name({_code(weights)})",
    ]
    if parcel.classes:
        lines.append("# What the outputs stand for, in their order.")
        lines += _wrapped(0, "CLASSES = [", [_code(str(name)) for name in parcel.classes], "]")
    return "\n".join(lines)


def _chain(network: KerasNetwork) -> list[str]:
    counts: Counter[str] = Counter()
    lines = ["    model = keras.Sequential(", "        ["]
    for layer in network.layers:
        # A name that Keras gives by itself only gets in the way; it numbers those that it gives in each class.
        stem = snake(layer.kind)
        named = layer.name != (f"{stem}_{counts[stem]}" if counts[stem] else stem)
        counts[stem] += not named
        lines += _remark(layer, 12)
        lines += _wrapped(12, f"{_maker(layer)}(", _arguments(layer, named, network.batch), "),")
    return [*lines, "        ],", f"        name={_code(network.name)},", "    )"]


def _functional(network: KerasNetwork) -> list[str]:
    variables: dict[str, str] = {}
    classes = {layer.kind for layer in network.layers if layer.formula is not None} | {"ops"}
    for layer in network.layers:
        variables[layer.name] = _variable(layer.name, (*variables.values(), *classes))
    by_name = {layer.name: layer for layer in network.layers}
    lines = []
    shared: dict[str, str] = {}
    for layer in network.layers:
        lines += _remark(layer, 4)
        sources = [_tensor(variables, by_name[name], port) for name, port in layer.entering]
        given = _call(layer, sources) if sources else ""
        begin = f"{', '.join(_tensor(variables, layer, port) for port in range(1 + len(layer.further)))} = "
        if layer.layer and layer.layer not in shared:
            shared[layer.layer] = _variable(f"{layer.layer}_layer", [*variables.values(), *shared.values()])
            arguments = _arguments(layer, True, network.batch)
            lines += _wrapped(4, f"{shared[layer.layer]} = {_maker(layer)}(", arguments, ")")
        if layer.layer:
            lines.append(f"    {begin}{shared[layer.layer]}{given}")
        else:
            arguments = _arguments(layer, True, network.batch)
            lines += _wrapped(4, f"{begin}{_maker(layer)}(", arguments, f"){given}")
    ends = {
        word: [variables[name] for name in names]
        for word, names in (("inputs", network.inputs), ("outputs", network.outputs))
    }
    arguments = [f"{word}={names[0] if len(names) == 1 else _list(names)}" for word, names in ends.items()]
    return [*lines, *_wrapped(4, "model = keras.Model(", [*arguments, f"name={_code(network.name)}"], ")")]


def _tensor(variables: Mapping[str, str], layer: KerasLayer, port: int) -> str:
    """The variable of one of a layer's outputs; those after the first have its name and a number."""
    return f"{variables[layer.name]}__{port}" if port else variables[layer.name]


def _call(layer: KerasLayer, sources: list[str]) -> str:
    """What a layer is called on: a tensor, a list of them, or several of which some have names."""
    told = [f"{name}={_code(value)}" for name, value in layer.called.items()]
    if names := APART.get(layer.kind):
        named = [f"{name}={source}" for name, source in zip(names[2:], sources[2:], strict=False)]
        return f"({', '.join([*sources[:2], *named, *told])})"
    if layer.kind in STATED and len(sources) > 1:
        first, *states = sources
        return f"({first}, initial_state={states[0] if len(states) == 1 else _list(states)})"
    return f"({', '.join([sources[0] if len(sources) == 1 else _list(sources), *told])})"


def _variable(name: str, used: Iterable[str]) -> str:
    """A variable's name: the layer's, unless it means something else in the script."""
    name = f"{name}_" if name in TAKEN or keyword.iskeyword(name) or keyword.issoftkeyword(name) else name
    while name in used:
        name += "_"
    return name


def _remark(layer: KerasLayer, indent: int) -> list[str]:
    return [f"{' ' * indent}# {layer.remark}"] if layer.remark else []


def _classes(network: KerasNetwork) -> list[str]:
    """The classes of formulas, each with two empty lines after it."""
    kinds = {layer.kind: layer.formula for layer in network.layers if layer.formula is not None}
    return [line for kind, formula in kinds.items() for line in (*class_lines(kind, formula, _code), "", "")]


def _maker(layer: KerasLayer) -> str:
    if layer.formula is not None:
        return layer.kind
    return "keras.Input" if layer.kind == "InputLayer" else f"layers.{layer.kind}"


def _arguments(layer: KerasLayer, named: bool, batch: int | None) -> list[str]:
    """What a layer's constructor is told: required parameters by place, others by name and only if changed."""
    found = []
    if layer.kind == "InputLayer":
        found.append(f"batch_shape={_code((batch, *layer.shape))}" if batch else f"shape={_code(layer.shape)}")
    else:
        defaults = _defaults(layer.kind)
        for name, value in layer.settings.items():
            if name not in defaults:
                found.append(_code(value) if layer.kind in known_layers else f"{name}={_code(value)}")
            elif value != defaults[name]:
                found.append(f"{name}={_code(value)}")
    frozen = ["trainable=False"] if layer.frozen else []
    return [*found, *frozen, f"name={_code(layer.layer_name)}"] if named else [*found, *frozen]


def _defaults(kind: str) -> Mapping[str, Any]:
    """The defaults that we and Keras share."""
    if kind not in known_layers:
        return {}
    given = parameters(known_layers.get(kind))
    return {p.name: p.default for p in given if p.has_default and (kind, p.name) not in REQUIRED}


def _code(value: Any) -> str:
    """A value as Python writes it; components as Keras's objects, or by name where nothing else needs to be said."""
    if not isinstance(value, Component):
        text = repr(value)
        # Double quotes, as most scripts have them; a text that holds some stays as it is.
        return f'"{text[1:-1]}"' if isinstance(value, str) and '"' not in text else text
    if value.kind == "activation" or (value.kind not in ("regularizer", "layer") and not changed_values(value)):
        return _code(value.key)
    shown = values_of(value) if value.kind == "regularizer" else changed_values(value)
    arguments = [f"{name}={_code(given)}" for name, given in shown.items()]
    return f"{module_of(value)}.{type(value).__name__}({', '.join(arguments)})"


def _compile(training: Compiled) -> list[str]:
    optimizer = type(training.optimizer).__name__
    changed = {"learning_rate": learning_rate(training), **changed_values(training.optimizer)}
    values = ", ".join(f"{name}={_code(value)}" for name, value in changed.items())
    losses = [_code(loss) for loss in training.losses]
    several = len(losses) > 1
    arguments = [f"optimizer=keras.optimizers.{optimizer}({values})", f"loss={_list(losses) if several else losses[0]}"]
    if training.shares:
        arguments.append(f"loss_weights={list(training.shares)!r}")
    for name, lists in (("metrics", training.metrics), ("weighted_metrics", training.weighted_metrics)):
        figures = [_list(_code(metric) for metric in own) for own in lists]
        if any(lists):
            arguments.append(f"{name}={_list(figures) if several else figures[0]}")
    return arguments


def _example(parcel: Parcel, network: KerasNetwork, training: Compiled | None) -> list[str]:
    """How to use it, as comments."""
    shapes = {layer.name: layer.shape for layer in network.layers}
    x = [f"numbers of the shape {_batch(shapes[name])}" for name in network.inputs]
    batch = f", batch_size={network.batch}" if network.batch else ""
    lines = [*_described("To predict, with x", x), f"    y = model.predict(x{batch})"]
    if training is not None and parcel.training is not None:
        y = []
        for name, loss in zip(network.outputs, training.losses, strict=True):
            what, shape = ("class numbers", shapes[name][:-1]) if loss.sparse else ("numbers", shapes[name])
            y.append(f"{what} of the shape {_batch(shape)}")
        numbers = f"batch_size={parcel.training.batch_size}, epochs={parcel.training.epochs}"
        lines += ["", *_described("To go on training, with y", y)]
        lines += [
            f"    model.fit(x, y, {numbers}, {'shuffle=False' if network.batch else 'validation_split=0.2'})",
            f"    model.save({_code(network.name + '.keras')})",
        ]
    return [f"    # {line}".rstrip() for line in lines]


def _described(start: str, items: list[str]) -> list[str]:
    return [f"{start}: {items[0]}"] if len(items) == 1 else [f"{start}, a list:", *(f"  * {item}" for item in items)]


def _batch(shape: tuple[int, ...]) -> str:
    return f"({', '.join(['samples', *map(str, shape)])})" if shape else "(samples,)"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _wrapped(indent: int, start: str, arguments: list[str], end: str) -> list[str]:
    """A call on one line, or with one argument on each where it would be too long."""
    space = " " * indent
    line = f"{space}{start}{', '.join(arguments)}{end}"
    if len(line) <= WIDTH or not arguments:
        return [line]
    return [f"{space}{start}", *(f"{space}    {argument}," for argument in arguments), f"{space}{end}"]
