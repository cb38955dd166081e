"""A network in the layers of Keras 3, which its file and its script are written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from engine.catalogue.activations.base import Activation
from engine.catalogue.layers.factors import Factor
from engine.catalogue.layers.normalization import Normalization
from engine.component import Component, parameters
from engine.exchange.keras_activations import TAILS, Step
from engine.exchange.keras_inner import stores_of
from engine.exchange.keras_own import STEM, is_formula
from engine.exchange.keras_substitutes import SUBSTITUTES
from engine.exchange.keras_terms import LAYERS, changed_values, is_known, values_of
from engine.exchange.parcel import Array, Parcel, identifier
from engine.graph import Node
from engine.registry import activations
from engine.tensor_spec import WeightSpec


@dataclass(frozen=True)
class KerasLayer:
    """One layer of the Keras model.

    Attributes:
        name: unique in the model.
        kind: Keras's class.
        shape: of its output without the batch.
        settings: what its constructor is told, by Keras's names.
        sources: names of the layers it is called on.
        weights: its arrays in Keras's order, trainable ones first.
        trainable: how many of them are trainable.
        remark: why it is there, when nobody drew it so.
        formula: what it computes, where Keras has no class for it and the script brings one.
        layer: name of the layer that is called here, where that is called elsewhere, too; else empty.
        frozen: training leaves its weights as they are.
        stores: for each array the folder below the layer in which files keep it, or "".
        called: what it is told when it is called.
        ports: which output of each source it is called on; nothing where it is always the first.
        further: shapes of its outputs after the first.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    weights: tuple[Array, ...] = ()
    trainable: int = 0
    remark: str = ""
    formula: Component | None = None
    layer: str = ""
    frozen: bool = False
    stores: tuple[str, ...] = ()
    called: Mapping[str, Any] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    further: tuple[tuple[int, ...], ...] = ()

    @property
    def entering(self) -> tuple[tuple[str, int], ...]:
        """What it is called on: layers, and which of their outputs."""
        return tuple(zip(self.sources, self.ports or (0,) * len(self.sources), strict=True))

    @property
    def layer_name(self) -> str:
        """The layer that is called."""
        return self.layer or self.name


@dataclass(frozen=True)
class KerasNetwork:
    """A network in Keras's layers.

    Attributes:
        name: of the model.
        layers: every call of a layer, in the order of Keras's ``model.layers``.
        inputs, outputs: names of layers in the order of the graph's.
        notes: what is written in another way than drawn.
        batch: rows of every batch, where layers hand states on from batch to batch; else ``None``.
    """

    name: str
    layers: tuple[KerasLayer, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]
    batch: int | None = None

    @property
    def made(self) -> tuple[KerasLayer, ...]:
        """Every layer once, by its first call: as ``model.layers``, which numbers the groups of weights."""
        return tuple({layer.layer_name: layer for layer in reversed(self.layers)}[name] for name in self.layer_names)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the layers in the order of ``model.layers``."""
        return tuple(dict.fromkeys(layer.layer_name for layer in self.layers))

    def calls_of(self, name: str) -> tuple[KerasLayer, ...]:
        """The calls of a layer, in order."""
        return tuple(layer for layer in self.layers if layer.layer_name == name)

    @property
    def is_chain(self) -> bool:
        """Whether it can be a Sequential: every layer is called on the one before it."""
        first, *rest = self.layers
        names = [layer.name for layer in self.layers]
        chained = all(layer.sources == (before,) for before, layer in zip(names, rest, strict=False))
        once = len(self.layer_names) == len(self.layers)
        single = not any(layer.further for layer in self.layers)
        return chained and once and single and not first.sources and len(self.outputs) == 1


def keras_network(parcel: Parcel) -> KerasNetwork:
    """Write a network in Keras's layers; it must be free of obstacles (``keras_obstacles``)."""
    speller = _Speller(parcel)
    for key in parcel.graph.order:
        speller.node(parcel.graph.nodes[key])
    outputs = tuple(speller.output(key) for key in parcel.graph.outputs)
    inputs = tuple(parcel.names[key] for key in parcel.graph.inputs)
    layers = in_keras_order(speller.layers, outputs)
    return KerasNetwork(identifier(parcel.name), layers, inputs, outputs, tuple(speller.notes), parcel.batch)


class _Speller:
    """Turns nodes into layers, one after the other."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self.layers: list[KerasLayer] = []
        self.notes: list[str] = []
        self.taken = set(parcel.names.values())
        self.formulas: dict[Component, str] = {}
        self.ends: dict[str, str] = {}  # the layer that gives a node's output
        self.shared: dict[str, str] = {}  # the layer that holds the weights of a node written in several

    def node(self, node: Node) -> None:
        """Write a node, and what Keras needs around it."""
        name = self.parcel.names[node.id]
        if not node.layer.inputs:
            self.layers.append(KerasLayer(name, "InputLayer", self._shape(node)))
            self.ends[node.id] = name
            return
        sources = tuple(self.ends[edge.source] for edge in self.parcel.graph.into(node.id))
        ports = self._ports(node)
        if is_formula(node.layer):
            self._put_formula(node, name, node.layer, sources, ports)
            self.ends[node.id] = name
            return
        if node.layer.key in SUBSTITUTES:
            self._put_substitute(node, name, sources, ports)
            self.ends[node.id] = name
            return
        settings = self._settings(node)
        if settings.get("padding") == "full":
            sources, ports = (self._frame(node, name, sources, settings),), ()
            settings["padding"] = "valid"
        activation = settings.get("activation")
        if not isinstance(activation, Activation) or is_known(activation):
            self._put(node, name, settings, sources, ports)
            self.ends[node.id] = name
            return
        if node.layer.key == "Activation":
            self.ends[node.id] = self._tail(node, activation, sources[0], name, ports)
            return
        self._put(node, name, settings | {"activation": activations.get("linear")()}, sources, ports)
        self.ends[node.id] = self._tail(node, activation, name, self._fresh(f"{name}_{activation.key}"))

    def _ports(self, node: Node) -> tuple[int, ...]:
        """Which outputs enter a node; nothing where it is always the first."""
        found = []
        for edge in self.parcel.graph.into(node.id):
            ports = [port.name for port in self.parcel.graph.nodes[edge.source].layer.outputs]
            found.append(ports.index(edge.source_port))
        return tuple(found) if any(found) else ()

    def output(self, key: str) -> str:
        """The layer that gives an output; an Input that goes nowhere passes through a layer that does nothing."""
        if self.parcel.graph.nodes[key].layer.inputs:
            return self.ends[key]
        name = self._fresh(f"{self.parcel.names[key]}_output")
        linear = {"activation": activations.get("linear")()}
        shape = self._shape(self.parcel.graph.nodes[key])
        self.layers.append(KerasLayer(name, "Activation", shape, linear, (self.ends[key],)))
        return name

    def _put(
        self, node: Node, name: str, settings: dict[str, Any], sources: tuple[str, ...], ports: tuple[int, ...]
    ) -> None:
        specs = _keras_order(self.parcel.inference.weights.get(node.id, ()))
        arrays = tuple(self.parcel.weights[node.id][spec.name] for spec in specs)
        if isinstance(node.layer, Normalization):
            arrays = ()  # they are written as settings
        graph = self.parcel.graph
        frozen = node.id in graph.frozen
        trainable = 0 if frozen else sum(spec.trainable for spec in specs)
        layer = self.parcel.names[graph.owner(node.id)] if len(graph.family(node.id)) > 1 else ""
        shape = self._shape(node)
        folders = stores_of(node.layer)
        stores = [next((f for start, f in folders.items() if spec.name.startswith(start)), "") for spec in specs]
        changed = changed_values(node.layer)
        called = {argument: changed[argument] for argument in node.layer.call_arguments if argument in changed}
        made = KerasLayer(name, node.layer.key, shape, settings, sources, arrays, trainable, layer=layer, frozen=frozen)
        further = tuple(spec.sizes for spec in self.parcel.inference.outputs[node.id][1:])
        self.layers.append(replace(made, stores=tuple(stores), called=called, ports=ports, further=further))

    def _put_formula(
        self, node: Node, name: str, formula: Component, sources: tuple[str, ...], ports: tuple[int, ...]
    ) -> None:
        """A layer of a class of the script's own; equal formulas share one."""
        number = list(self.formulas).index(formula) if formula in self.formulas else len(self.formulas)
        kind = self.formulas.setdefault(formula, f"{STEM}{number + 1}" if number else STEM)
        own = formula is node.layer
        specs = self.parcel.inference.weights.get(node.id, ()) if own else ()
        arrays = tuple(self.parcel.weights[node.id][spec.name] for spec in specs)
        made = KerasLayer(name, kind, self._shape(node), {}, sources, arrays, len(arrays), formula=formula)
        self.layers.append(replace(made, ports=ports))

    def _put_substitute(self, node: Node, name: str, sources: tuple[str, ...], ports: tuple[int, ...]) -> None:
        """Layers in the place of one that Keras does not have; the last gets the name."""
        graph = self.parcel.graph
        made = SUBSTITUTES[node.layer.key](node.layer, self.parcel.weights.get(node.id, {}))
        specs, frozen = self.parcel.inference.inputs[node.id], node.id in graph.frozen
        remark = f"{node.layer.key}: {made.why}"
        for part in made.parts:
            own = name if part is made.parts[-1] else self._fresh(f"{name}_{part.name}")
            specs, settings = part.layer.infer(specs), self._settings(Node(node.id, part.layer, label=node.label))
            spelt = KerasLayer(own, part.layer.key, specs[0].sizes, settings, sources, remark=remark, ports=ports)
            if part.weights:
                layer = self.shared.setdefault(graph.owner(node.id), own) if len(graph.family(node.id)) > 1 else ""
                count = 0 if frozen else len(part.weights)
                spelt = replace(spelt, weights=part.weights, trainable=count, frozen=frozen, layer=layer)
            self.layers.append(spelt)
            sources, ports, remark = (own,), (), ""
        kinds = " and ".join(part.layer.key for part in made.parts)
        self.notes.append(f"'{node.name}': {node.layer.key} is written as {kinds}: {made.why}.")
        if made.left_out:
            self.notes.append(
                f"'{node.name}': left out, because they would mean something else: {', '.join(made.left_out)}."
            )

    def _shape(self, node: Node) -> tuple[int, ...]:
        return self.parcel.inference.outputs[node.id][0].sizes

    def _settings(self, node: Node) -> dict[str, Any]:
        """The parameters that Keras knows; initial values and penalties it does not know are left out."""
        settings = {k: v for k, v in values_of(node.layer).items() if k in LAYERS[node.layer.key]}
        for name, constraint in ((p.name, p.constraint) for p in parameters(type(node.layer))):
            if isinstance(constraint, Factor) and name in settings:
                settings[name] = constraint.brief(settings[name])
        if isinstance(node.layer, Normalization):
            settings |= self._moments(node, node.layer)
        axis = settings.get("axis")
        if isinstance(axis, tuple):
            settings["axis"] = axis[0] if len(axis) == 1 else list(axis)  # as Keras itself keeps them
        for name, value in list(settings.items()):
            if (
                isinstance(value, Component)
                and value.kind in ("initializer", "regularizer", "constraint")
                and not is_known(value)
            ):
                del settings[name]
                self.notes.append(f"'{node.name}': {name} {value.key} is left out, because Keras does not have it.")
        return settings

    def _moments(self, node: Node, layer: Normalization) -> dict[str, Any]:
        """Means and variances as Keras nests them: one axis of the lists for each that is kept."""
        sizes = layer.kept_sizes(self.parcel.inference.inputs[node.id][0])
        weights = self.parcel.weights.get(node.id, {})
        given = {name: np.asarray(weights.get(name, getattr(layer, name))) for name in ("mean", "variance")}
        return {name: np.reshape(v, sizes if v.size == prod(sizes) else v.size).tolist() for name, v in given.items()}

    def _frame(self, node: Node, name: str, sources: tuple[str, ...], settings: Mapping[str, Any]) -> str:
        sizes = zip(settings["kernel_size"], settings["dilation_rate"], strict=True)
        rim = tuple(((kernel - 1) * dilation,) * 2 for kernel, dilation in sizes)
        *places, channels = self.parcel.inference.inputs[node.id][0].sizes
        shape = (*(size + sum(both) for size, both in zip(places, rim, strict=True)), channels)
        kind, made = f"ZeroPadding{len(rim)}D", self._fresh(f"{name}_padding")
        remark = 'padding "full": zeros all round, then a convolution that stays inside'
        sides = rim if len(rim) > 1 else rim[0]
        frame = KerasLayer(made, kind, shape, {"padding": sides}, sources, remark=remark)
        self.layers.append(frame)
        self.notes.append(f"'{node.name}': padding \"full\" is written as {kind} in front of a {node.layer.key}.")
        return frame.name

    def _tail(self, node: Node, activation: Activation, source: str, name: str, ports: tuple[int, ...] = ()) -> str:
        """An activation that is no mere name in Keras, written as layers of which the last gets the name."""
        if is_formula(activation):
            self._put_formula(node, name, activation, (source,), ports)
            return name
        steps = TAILS[activation.key](activation)
        names = [source]
        for place, step in enumerate(steps):
            last = place == len(steps) - 1
            made = name if last else self._fresh(f"{name}_{step.name}")
            remark = f"{activation.key}: {step.remark}" if step.remark else ""
            sources = tuple(names[at] for at in step.sources)
            entering = tuple(ports[0] if ports and not at else 0 for at in step.sources)
            shown = KerasLayer(made, step.kind, self._shape(node), step.settings, sources, remark=remark)
            self.layers.append(replace(shown, ports=entering if any(entering) else ()))
            names.append(made)
        self.notes.append(f"'{node.name}': the activation {activation.key} is written as {_listed(steps)}.")
        return names[-1]

    def _fresh(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.taken:
            count += 1
            name = f"{wanted}_{count}"
        self.taken.add(name)
        return name


def _listed(steps: Iterable[Step]) -> str:
    kinds = [step.kind for step in steps]
    return f"the layers {', '.join(kinds)}" if len(kinds) > 1 else f"a layer of its own, {kinds[0]}"


def _keras_order(specs: Iterable[WeightSpec]) -> list[WeightSpec]:
    """Trainable weights first, as Keras counts a layer's variables."""
    return sorted(specs, key=lambda spec: not spec.trainable)


def in_keras_order(layers: Iterable[KerasLayer], outputs: Iterable[str]) -> tuple[KerasLayer, ...]:
    """Layers as Keras's ``model.layers`` lists them: the furthest from the outputs first.

    The distance is the longest way to an output. Layers of one distance come in the order in which a walk meets
    them that starts at the outputs, one after the other, and goes back along the first input before the next.
    """
    by_name = {layer.name: layer for layer in layers}
    met: dict[str, int] = {}
    finished: dict[str, None] = {}
    todo = [(name, False) for name in reversed(list(outputs))]
    while todo:
        name, done = todo.pop()
        if done:
            finished[name] = None
        elif name not in finished and (name, True) not in todo:
            met.setdefault(by_name[name].layer_name, len(met))
            todo.append((name, True))
            todo += [(source, False) for source in reversed(by_name[name].sources)]
    distance = dict.fromkeys(finished, 0)
    furthest: dict[str, int] = {}
    for name in reversed(finished):
        layer = by_name[name]
        # A layer that is called several times counts with its call that is furthest from the outputs.
        distance[name] = furthest[layer.layer_name] = max(distance[name], furthest.get(layer.layer_name, 0))
        for source in layer.sources:
            distance[source] = max(distance[source], distance[name] + 1)
    return tuple(by_name[name] for name in sorted(finished, key=lambda n: (-distance[n], met[by_name[n].layer_name])))
