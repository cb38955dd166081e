"""Network: layers put together, their shapes and their weights."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np
import numpy.typing as npt

from engine.api import lending, table
from engine.api.arguments import dtype_of, seed_of, symbols_of
from engine.api.handle import LayerHandle, assign, handle_of
from engine.api.symbol import Call, Symbol, one_or_all, shapes_of
from engine.api.wiring import Wiring, layer_handle
from engine.errors import UsageError
from engine.graph import Edge, Graph
from engine.infer import Inference, infer
from engine.plan.carried import States
from engine.plan.parameters import Parameters
from engine.tensor_spec import Shape

Array = npt.NDArray[Any]


class Network:
    """What a model is before it is compiled: a graph with weights, which may serve as a layer of another.

    Attributes:
        name, seed, dtype: as given.
        wiring: its graph, and which nodes belong to which layer.
        inputs, outputs: its ends, as symbols.
        output_names: the nodes that answer.
    """

    def _begin(self, name: str, seed: int, dtype: str) -> None:
        self.name, self.seed, self.dtype = name, seed_of(seed), dtype_of(dtype)
        self.wiring = Wiring(self)
        self.inputs: list[Symbol] = []
        self.outputs: list[Symbol] = []
        self.output_names: list[str] = []
        self.inference: Inference | None = None
        self.changes = 0  # how often its weights were written
        self.reference = ref(self)  # what layers know it by
        self.seen: WeakKeyDictionary[Network, int] = (
            WeakKeyDictionary()
        )  # the changes of other models that were fetched
        self.steppers: dict[Hashable, Any] = {}  # what train_on_batch keeps for batches of one form
        self.carried: States = {}  # what stateful layers hand on to the next batch
        self._trainable = True
        self._running = False
        self._parameters: Parameters | None = None
        self._stale = False  # the parameters are arranged for an earlier graph or other frozen layers
        self._resting: dict[str, dict[str, dict[str, Array]]] = {}  # optimizer memory of frozen layers

    def __del__(self) -> None:
        if "wiring" in vars(self):
            lending.bequeath(self)

    # -- building ----------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """Nodes and wires."""
        return self.wiring.graph

    @property
    def handles(self) -> dict[str, LayerHandle]:
        """The layer of every node."""
        return self.wiring.handles

    def adopt(self, graph: Graph, name: str, seed: int, dtype: str) -> None:
        """Become the model of an existing graph."""
        self._begin(name, seed, dtype)
        self.wiring.graph = graph
        self._reshape()
        calls: dict[str, Call] = {}
        for key in graph.order:
            node, owner = graph.nodes[key], graph.owner(key)
            arriving = tuple(_arriving(graph, calls, edge) for edge in graph.into(key))
            handle = _of_family(graph, calls, key) or handle_of(node.layer, owner, node.trainable)
            calls[key] = Call(handle, arriving, self.shapes().outputs[key])
            handle.calls.append(calls[key])
        self.wiring.take_over(graph, calls)
        self.inputs = [calls[key].symbols[0] for key in graph.inputs]
        self.outputs = [calls[key].symbols[0] for key in graph.outputs]
        self.output_names = list(graph.outputs)

    def __call__(self, inputs: Symbol | Sequence[Symbol]) -> Any:
        """Use the model as a layer: the symbol of its output, or a list of them. The weights are shared.

        Raises:
            UsageError: number or shapes of the inputs do not fit.
        """
        given = symbols_of(inputs, "inputs")
        self.prepare_for([symbol.spec.shape for symbol in given])
        if len(given) != len(self.inputs):
            raise UsageError(f"The model '{self.name}' takes {len(self.inputs)} input(s); received {len(given)}.")
        made: dict[Symbol, Symbol] = {}
        for mine, symbol in zip(self.inputs, given, strict=True):
            if mine.spec.shape != symbol.spec.shape:
                raise UsageError(
                    f"The model '{self.name}' takes {mine.spec} per sample; received {symbol.spec}. "
                    "Reshape or resize the input first."
                )
            made[mine] = symbol
        for call in self.wiring.calls:
            if call.arriving and call.symbols[0] not in made:
                arriving = tuple(made[symbol] for symbol in call.arriving)
                again = call.handle.connect(arriving, (self, *call.path))
                made.update(zip(call.symbols, again.symbols, strict=True))
        return one_or_all(tuple(made[symbol] for symbol in self.outputs))

    def prepare_for(self, shapes: Sequence[Shape]) -> None:
        """Be ready to be called on samples of these shapes."""
        self.shapes()

    @property
    def input(self) -> Any:
        """Its input, or a list of them."""
        return one_or_all(tuple(self.inputs))

    @property
    def output(self) -> Any:
        """Its output, or a list of them."""
        return one_or_all(tuple(self.outputs))

    @property
    def input_shape(self) -> Any:
        """Shape of its input with the batch axis, or a list of them."""
        return shapes_of(self.inputs)

    @property
    def output_shape(self) -> Any:
        """Shape of its output with the batch axis, or a list of them."""
        return shapes_of(self.outputs)

    @property
    def trainable(self) -> bool:
        """Whether training changes its weights; setting it sets it for every layer in it."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for handle in self.wiring.owners:
            handle.trainable = value

    @property
    def running(self) -> bool:
        """Whether fit is under way: the weights keep their places then, and are the ones that count."""
        return self._running

    @running.setter
    def running(self, value: bool) -> None:
        if value:
            self.require()
        self._running = value
        lending.claim(self)

    def _answer(self, wanted: Sequence[Symbol]) -> None:
        """Let symbols be the outputs; what no node of its own gives passes through a layer that does nothing."""
        for symbol in wanted:
            node = self.wiring.reach(symbol)
            if symbol.port or node in self.output_names:
                node = self.wiring.place(layer_handle("Identity").connect(symbol))
            self.outputs.append(symbol)
            self.output_names.append(node)

    def _reshape(self, known: Inference | None = None) -> None:
        """Take over the graph's shapes; weights are arranged when they are first needed."""
        inference = infer(self.graph) if known is None else known
        if inference.errors:
            raise UsageError(inference.errors[0].text)
        self.inference, self._stale = inference, True

    def _arrange(self, inference: Inference) -> Parameters:
        """Lay out the weights, keeping values and optimizer memory of layers that stay."""
        before = self._parameters
        fresh = Parameters(self.graph, inference, np.dtype(self.dtype))
        fresh.initialize(self.seed)
        for handle, node in self.wiring.owners.items():
            if handle.given_weights is not None:
                assign(fresh.of(node), handle.given_weights, handle.name)
        if before is not None:
            fresh.load(before.copy())
            fresh.like_slots(before)
            for name, memory in before.copy_slots().items():
                self._resting.setdefault(name, {}).update(memory)
            fresh.load_slots(self._resting)
            resting = self.graph.frozen
            self._resting = {
                name: {node: arrays for node, arrays in memory.items() if node in resting}
                for name, memory in self._resting.items()
            }
        self.steppers.clear()
        self._parameters, self._stale = fresh, False
        return fresh

    def shapes(self) -> Inference:
        """Shapes of every layer, which need no weights.

        Raises:
            UsageError: the model is not built yet.
        """
        if self.inference is None:
            raise UsageError(
                "The model does not know its input shape yet. Give the first layer input_shape=..., "
                "add an Input first, or call fit."
            )
        return self.inference

    def require(self) -> tuple[Inference, Parameters]:
        """Shapes and weights.

        Raises:
            UsageError: the model is not built yet.
        """
        parameters = self.arranged()
        if not self.running:
            lending.fetch(self, parameters)
        return self.shapes(), parameters

    @property
    def laid_out(self) -> Parameters | None:
        """Its own weights as they lie now; ``None`` before they were first needed."""
        return self._parameters

    def arranged(self) -> Parameters:
        """Its own weights, whatever other models have made of them since."""
        inference, parameters = self.shapes(), self._parameters
        if parameters is None or (self._stale and not self.running):
            parameters = self._arrange(inference)
        return parameters

    def forget_optimizer(self) -> None:
        """Let go of what an optimizer remembers."""
        self._resting.clear()
        if self._parameters is not None:
            self._parameters.slots.clear()

    def trainability_changed(self, handle: LayerHandle) -> None:
        """A layer's ``trainable`` was set: the weights must be arranged anew, keeping their values."""
        self.wiring.graph = self.graph.with_trainable([self.wiring.owners[handle]], handle.trainable)
        if self.inference is not None:
            self.inference = replace(self.inference, frozen=self.graph.frozen)
        self._stale = True

    # -- looking -----------------------------------------------------------------------------------

    @property
    def layers(self) -> list[Any]:
        """The layers in the order of the graph, and models that were used as layers."""
        return self.wiring.parts

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """A layer by name or place; inner layers of models used as layers are found by their names, too.

        Raises:
            UsageError: there is none.
        """
        found = self.wiring.find(name) if isinstance(name, str) else None
        found = found or next((part for part in self.layers if name is not None and part.name == name), None)
        if found is not None:
            return found
        layers = self.layers
        if name is None and isinstance(index, int) and -len(layers) <= index < len(layers):
            return layers[index]
        wanted = name if name is not None else index
        raise UsageError(f"There is no layer {wanted!r}; known: {', '.join(self.handles)}.")

    def _handles_in_order(self) -> list[LayerHandle]:
        return list(dict.fromkeys(self.handles[key] for key in self.graph.order))

    def get_weights(self) -> list[Array]:
        """Copies of all weights in the order of the layers."""
        _, parameters = self.require()
        owners = self.wiring.owners
        return [a.copy() for handle in self._handles_in_order() for a in parameters.of(owners[handle]).values()]

    @property
    def weights(self) -> list[Array]:
        """As ``get_weights``."""
        return self.get_weights()

    @property
    def trainable_weights(self) -> list[Array]:
        """Copies of the weights that training changes."""
        return [array for handle in self._handles_in_order() for array in handle.trainable_weights]

    @property
    def non_trainable_weights(self) -> list[Array]:
        """Copies of the weights that training leaves."""
        return [array for handle in self._handles_in_order() for array in handle.non_trainable_weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all weights; all shapes are checked before anything changes.

        Raises:
            UsageError: number or shapes differ.
            DataError: they are no numbers.
        """
        _, parameters = self.require()
        owners = self.wiring.owners
        targets = {
            f"{owners[handle]}/{name}": array
            for handle in self._handles_in_order()
            for name, array in parameters.of(owners[handle]).items()
        }
        assign(targets, weights, self.name)
        lending.claim(self)

    def count_params(self) -> int:
        """Numbers in all weights."""
        return sum(self.shapes().parameter_count())

    def summary(self, line_length: int | None = None, print_fn: Callable[[str], Any] | None = None) -> None:
        """Print the layers with output shapes and parameter counts.

        Args:
            line_length: characters of a line; as many as the screen has if left out.
            print_fn: is called with the text, in place of ``print``.
        """
        table.print_summary(self, line_length, print_fn)


def _arriving(graph: Graph, calls: Mapping[str, Call], edge: Edge) -> Symbol:
    ports = [port.name for port in graph.nodes[edge.source].layer.outputs]
    return calls[edge.source].symbols[ports.index(edge.source_port)]


def _of_family(graph: Graph, calls: Mapping[str, Call], node: str) -> LayerHandle | None:
    """The handle of a node that shares the weights of this one and came before it."""
    return next((calls[key].handle for key in graph.family(node) if key in calls), None)
