"""How calls of layers become the graph of a model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine import registry
from engine.api.handle import LayerHandle, handle_class
from engine.api.symbol import Call, Symbol
from engine.errors import UsageError
from engine.graph import Edge, Graph, Node
from engine.layout import below

if TYPE_CHECKING:
    from engine.api.network import Network


class Wiring:
    """The graph of a model, and which of its nodes belong to which layer.

    A layer that is called several times has a node for every call; the first owns the weights. Layers of a model
    that was used as a layer lie in the same graph, under ids that begin with its name.

    Args:
        model: whose graph it is.
    """

    def __init__(self, model: Network) -> None:
        self.model = model
        self.graph = Graph()
        self.handles: dict[str, LayerHandle] = {}
        self.owners: dict[LayerHandle, str] = {}
        self._ids: dict[Call, str] = {}
        self._groups: dict[tuple[Network, ...], str] = {}
        self._inputs: dict[Symbol, str] = {}

    # -- building ----------------------------------------------------------------------------------

    def enter(self, symbol: Symbol) -> None:
        """Let data enter at a symbol: at its Input, or at an Input of its own when it comes from elsewhere."""
        if not symbol.handle.declaration.inputs:
            self.place(symbol.call)
            return
        handle = layer_handle("Input", symbol.spec.shape)
        self._inputs[symbol] = self.place(handle.connect(()))

    def reach(self, symbol: Symbol) -> str:
        """Place a symbol and everything before it, without recursion (networks may be deep); returns its node.

        Raises:
            UsageError: something before it is no input of the model, or a name is taken.
        """
        todo = [symbol]
        while todo:
            current = todo[-1]
            if self._placed(current):
                todo.pop()
                continue
            waiting = [s for s in current.call.arriving if not self._placed(s)]
            if waiting:
                todo += waiting
                continue
            if not current.call.arriving:
                raise UsageError(f"'{current.handle.name}' is needed but is not among the model's inputs.")
            self.place(current.call)
            todo.pop()
        return self._node(symbol)

    def _placed(self, symbol: Symbol) -> bool:
        return symbol in self._inputs or symbol.call in self._ids

    def _node(self, symbol: Symbol) -> str:
        return self._inputs.get(symbol) or self._ids[symbol.call]

    def place(self, call: Call) -> str:
        """Add a call's node and wires to the graph.

        Raises:
            UsageError: its name is taken.
        """
        handle = call.handle
        owner = self.owners.get(handle, "")
        key = self._further(owner) if owner else self._named(handle, call.path)
        place = below(len(self.graph.nodes))
        graph = self.graph.add(Node(key, handle.declaration, place, trainable=handle.trainable, shares=owner))
        ports = handle.declaration.inputs
        for position, symbol in enumerate(call.arriving):
            source, port = self._node(symbol), 0 if symbol in self._inputs else symbol.port
            leaving = graph.nodes[source].layer.outputs[port].name
            graph = graph.connect(Edge(source, key, leaving, ports[min(position, len(ports) - 1)].name))
        self.graph = graph
        self._ids[call], self.handles[key] = key, handle
        if not owner:
            self.owners[handle] = key
            handle.joined(self.model, key)
        return key

    def _further(self, owner: str) -> str:
        number = 2
        while f"{owner}@{number}" in self.graph.nodes:
            number += 1
        return f"{owner}@{number}"

    def _named(self, handle: LayerHandle, path: tuple[Network, ...]) -> str:
        prefix = self._prefix(path)
        wanted = handle.given_name or handle.node
        if not wanted:
            return self.graph.fresh_id(handle.declaration)
        if prefix + wanted not in self.graph.nodes:
            return prefix + wanted
        if handle.given_name and not prefix:
            raise UsageError(f"Two layers are called '{wanted}'. Give one of them another name.")
        return _numbered(prefix + wanted, self.graph.nodes)

    def _prefix(self, path: tuple[Network, ...]) -> str:
        if not path:
            return ""
        if path not in self._groups:
            self._groups[path] = _numbered(self._prefix(path[:-1]) + path[-1].name, self._groups.values())
        return self._groups[path] + "/"

    def take_over(self, graph: Graph, calls: dict[str, Call]) -> None:
        """Become the wiring of a graph that exists already, with a call for each of its nodes."""
        self.graph = graph
        for key, call in calls.items():
            self._ids[call], self.handles[key] = key, call.handle
            if graph.owner(key) == key:
                self.owners[call.handle] = key
                call.handle.joined(self.model, key)

    def forget(self) -> None:
        """Let all layers go."""
        for handle in self.owners:
            handle.left(self.model)

    # -- looking -----------------------------------------------------------------------------------

    @property
    def calls(self) -> tuple[Call, ...]:
        """Everything that was called, in an order in which it can be computed."""
        by_node = {key: call for call, key in self._ids.items()}
        return tuple(by_node[key] for key in self.graph.order)

    def holds(self, call: Call) -> bool:
        """Whether a call is part of the model."""
        return call in self._ids

    def id_of(self, call: Call) -> str:
        """The node of a call."""
        return self._ids[call]

    @property
    def parts(self) -> list[Any]:
        """Layers, and models used as layers, in the order of the graph; each once."""
        found: dict[Any, None] = {}
        for call in self.calls:
            found[call.path[0] if call.path else call.handle] = None
        return list(found)

    def find(self, name: str) -> Any:
        """A layer or model by its name, its id, or the last part of its id where only one has it; else ``None``."""
        if name in self.handles:
            return self.handles[name]
        for path, prefix in self._groups.items():
            if prefix == name:
                return path[-1]
        inner = {self.handles[key] for key in self.handles if key.endswith(f"/{name}")}
        return inner.pop() if len(inner) == 1 else None


def layer_handle(kind: str, *args: Any) -> LayerHandle:
    """A new layer of the catalogue."""
    return handle_class(registry.layers.get(kind))(*args)  # type: ignore[arg-type]


def _numbered(wanted: str, taken: Iterable[str]) -> str:
    used, name, number = set(taken), wanted, 0
    while name in used:
        number += 1
        name = f"{wanted}_{number}"
    return name
