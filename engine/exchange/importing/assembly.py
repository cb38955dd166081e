"""From calls of layers to a graph on the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.missing import Missing
from engine.component import resolved
from engine.exchange.importing.layers import converted, remarks, stand_in
from engine.exchange.importing.orientation import PLAIN, Mode, follows, puts_channels_first, turned
from engine.exchange.importing.outline import Call, Outline, Source, Told, shown
from engine.exchange.importing.padding import absorbed, with_padding
from engine.exchange.importing.parts import Cannot
from engine.families import numbered
from engine.graph import Edge, Graph, Node, snake
from engine.layout import positions


@dataclass(frozen=True)
class Assembled:
    """A graph and how it hangs together with its file.

    Attributes:
        graph: the network.
        told: what the file says of each node that it knows.
        shuffled: nodes whose weights belong to a row in another order, with the Flatten that made the row.
        outputs: the nodes that answer, in the model's order.
        notes: what was carried in another form, one sentence each.
        lost: what was not carried, one sentence each.
    """

    graph: Graph
    told: dict[str, Told]
    shuffled: dict[str, str]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]
    lost: tuple[str, ...]


def assembled(outline: Outline, major: int) -> Assembled:
    """Build the graph of a model."""
    return _Assembly(outline, major).result()


class _Assembly:
    def __init__(self, outline: Outline, major: int) -> None:
        self._outline = outline
        self._major = major
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []
        self._ids: dict[str, str] = {}  # node by call
        self._modes: dict[str, Mode] = {}
        self._told: dict[str, Told] = {}
        self._shuffled: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._notes: list[str] = []
        self._apart: list[str] = []  # layers used several times that have a copy for each use
        self._lost: list[str] = []
        self._absorbed = absorbed(outline)
        self._paddings = dict(self._absorbed.values())
        self._first = puts_channels_first(outline.calls.values())
        self._ports: dict[str, set[int]] = {}
        for source in [s for call in outline.calls.values() for s in call.sources] + list(outline.outputs):
            self._ports.setdefault(source.call, set()).add(source.port)

    def result(self) -> Assembled:
        """Go through all calls: inputs first, in their order."""
        calls = self._outline.calls
        for key in dict.fromkeys((*self._outline.inputs, *calls)):
            if key not in self._absorbed:
                self._add(calls[key])
        outputs = self._answers()
        graph = self._joined(Graph(self._in_order(outputs), numbered(self._edges)))
        graph = graph.placed(positions(graph))
        self._remark()
        return Assembled(graph, self._told, self._shuffled, outputs, tuple(self._notes), tuple(self._lost))

    # -- one layer ------------------------------------------------------------------------------

    def _add(self, call: Call) -> None:
        sources = [self._real(source) for source in call.sources]
        entering = [self._modes.get(source.call, PLAIN) for source in sources]
        try:
            layer, mode = self._layer(call, sources, entering)
        except Cannot as error:
            layer, mode = self._stand_in(call, sources, str(error)), PLAIN
        node = self._node(layer, call.key)
        self._ids[call.key], self._modes[call.key] = node, mode
        self._told[node] = call.layer
        if not isinstance(layer, Missing) and entering and follows(call.layer, entering[0]):
            self._shuffled[node] = self._ids[entering[0].origin]
        for place, source in enumerate(sources if layer.inputs else ()):
            self._wire(source, node, place)

    def _layer(self, call: Call, sources: Sequence[Source], entering: Sequence[Mode]) -> tuple[Layer, Mode]:
        told = call.layer
        if call.key in self._paddings:
            told = replace(told, settings=with_padding(told.settings, self._paddings[call.key]))
        lost: list[str] = []
        layer, mode = turned(call, converted(told, self._major, lost), entering, self._first)
        if max(self._ports.get(call.key, {0})) >= len(layer.outputs):
            raise Cannot("it gives more results than it has here")
        if len(sources) > 1 and len(sources) > len(layer.inputs) and not any(port.many for port in layer.inputs):
            raise Cannot("more enters it than it takes here")
        self._lost += lost
        return layer, mode

    def _stand_in(self, call: Call, sources: Sequence[Source], why: str) -> Layer:
        name = shown(call.layer.name)
        self._lost.append(f"'{name}' ({shown(call.layer.kind)}): {why}. A place holder keeps its settings.")
        gives = [_port(n) for n in sorted(self._ports.get(call.key, {0}))]
        return stand_in(call.layer, why).changed(takes="x" if sources else "", gives=" ".join(gives)[:1000])

    def _node(self, layer: Layer, name: str) -> str:
        stem = snake(layer.key)
        number = self._numbers.get(stem, 0)
        self._numbers[stem] = number + 1
        key = f"{stem}_{number}" if number else stem
        label = shown(name)
        self._nodes[key] = Node(key, layer, label="" if label == key else label)
        return key

    # -- wires ------------------------------------------------------------------------------------

    def _real(self, source: Source) -> Source:
        """Where a tensor comes from once absorbed layers are gone."""
        while source.call in self._absorbed:
            source = self._outline.calls[source.call].sources[0]
        return source

    def _wire(self, source: Source, target: str, place: int) -> None:
        ports = self._nodes[target].layer.inputs
        port = ports[min(place, len(ports) - 1)].name
        self._edges.append(Edge(self._ids[source.call], target, self._leaving(source), port))

    def _leaving(self, source: Source) -> str:
        """The port that a tensor leaves its node by."""
        layer = self._nodes[self._ids[source.call]].layer
        return _port(source.port) if isinstance(layer, Missing) else layer.outputs[source.port].name

    def _pass(self, source: str, port: str) -> str:
        """A new node that passes on what it gets."""
        layer = resolved("layer", {"type": "Activation", "activation": "linear"})
        assert isinstance(layer, Layer)
        node = self._node(layer, f"{self._nodes[source].name} again")
        self._edges.append(Edge(source, node, port, layer.inputs[0].name))
        return node

    def _answers(self) -> tuple[str, ...]:
        """The nodes that answer; those that feed others too get one behind them that only answers."""
        feeding = {edge.source for edge in self._edges}
        found: list[str] = []
        for source in map(self._real, self._outline.outputs):
            node, port = self._ids[source.call], self._leaving(source)
            if node in feeding or node in found or source.port:
                node = self._pass(node, port)
                self._notes.append(f"'{shown(source.call)}' both answers and feeds others: a layer behind it answers.")
            found.append(node)
        return tuple(found)

    def _in_order(self, outputs: Sequence[str]) -> dict[str, Node]:
        """Nodes with the answering ones last, so that the network answers in the model's order."""
        last = dict.fromkeys(outputs)
        order = [key for key in self._nodes if key not in last] + list(last)
        return {key: self._nodes[key] for key in order}

    def _joined(self, graph: Graph) -> Graph:
        """Layers that are used several times share their weights, those that the file freezes rest."""
        for name in self._outline.shared:
            first, *others = [key for key, told in self._told.items() if told.name == name]
            for key in others:
                if self._alike(graph, first, key):
                    graph = graph.sharing(key, first)
                elif name not in self._apart:
                    self._apart.append(name)
        resting = [key for key, told in self._told.items() if told.settings.get("trainable") is False]
        return graph.with_trainable(resting, False)

    def _alike(self, graph: Graph, first: str, other: str) -> bool:
        """Whether two uses of a layer can have the same weights here: neither a stand-in nor turned in another way."""
        layers = graph.nodes[first].layer, graph.nodes[other].layer
        turned = self._shuffled.get(first) is None and self._shuffled.get(other) is None
        return turned and layers[0] == layers[1] and not isinstance(layers[0], Missing)

    # -- sentences ----------------------------------------------------------------------------------

    def _remark(self) -> None:
        seen: set[str] = set()
        for told in self._told.values():
            if told.name not in seen:
                self._lost += remarks(told)
            seen.add(told.name)
        for name in self._apart:
            self._lost.append(
                f"'{shown(name)}' is used several times with the same weights; here each use has a copy of its own. "
                "Answers are the same until further training changes the copies."
            )
        if self._first:
            self._notes.append(
                "The file puts the channels of pictures first; here they come last, and weights were turned to match. "
                "Give pictures as height × width × channels."
            )
        for source in self._outline.outputs:
            if self._modes.get(self._real(source).call, PLAIN) != PLAIN:
                self._lost.append(f"'{shown(source.call)}' answers in another order of axes than in the file.")
        if self._absorbed:
            count = len(self._absorbed)
            self._notes.append(
                f"{count} layer{' of zeros is' if count == 1 else 's of zeros are'} the padding of the convolution "
                "behind now."
            )


def _port(number: int) -> str:
    return f"y{number}" if number else "y"
