"""Model: a graph with weights, compiled, trained and asked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.api import fitting, saving, stepping, table
from engine.api.arguments import dtype_of, metrics_of, per_output, seed_of, symbols_of
from engine.api.callback import Callback, History
from engine.api.handle import LayerHandle, Symbol, assign, handle_of
from engine.api.request import Request
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.component import resolved
from engine.errors import UsageError
from engine.graph import Edge, Graph, Node
from engine.infer import Inference, infer
from engine.plan.parameters import Parameters
from engine.plan.plan import Head
from engine.train.job import make_head
from engine.train.state import RunState

Array = npt.NDArray[Any]
STEP_DOWN = 110.0  # canvas distance between layers, for models opened in the window later


class Model:
    """A network made by calling layers on each other.

    Args:
        inputs: symbol or symbols of ``Input``.
        outputs: symbol or symbols to answer with.
        name: name of the model.
        seed: start of every random choice; the same seed gives the same weights and results.
        dtype: ``float32`` or ``float64``.

    Raises:
        UsageError: the outputs do not follow from the inputs.
    """

    def __init__(
        self,
        inputs: Symbol | Sequence[Symbol],
        outputs: Symbol | Sequence[Symbol],
        name: str = "model",
        seed: int = 0,
        dtype: str = "float32",
    ) -> None:
        self._begin(name, seed, dtype)
        given, wanted = symbols_of(inputs, "inputs"), symbols_of(outputs, "outputs")
        for symbol in given:
            self._place(symbol, [])
        for symbol in wanted:
            self._walk(symbol)
        self.output_names += [symbol.handle.node for symbol in wanted]
        self._reshape()

    def _begin(self, name: str, seed: int, dtype: str) -> None:
        self.name, self.seed, self.dtype = name, seed_of(seed), dtype_of(dtype)
        self.graph = Graph()
        self.handles: dict[str, LayerHandle] = {}
        self.output_names: list[str] = []
        self._loss_given: Any = None
        self._weights_given: Any = None
        self.inference: Inference | None = None
        self._parameters: Parameters | None = None
        self._stale = False  # the parameters are arranged for an earlier graph or other frozen layers
        self._resting: dict[str, dict[str, dict[str, Array]]] = {}  # optimizer memory of frozen layers
        self.running = False  # while fit runs, the weights keep their places
        self.steppers: dict[Hashable, stepping.Stepper] = {}
        self.optimizer: Optimizer | None = None
        self.losses: dict[str, Loss] = {}
        self.loss_weights: dict[str, float] = {}
        self.metrics: tuple[Metric, ...] = ()
        self.weighted_metrics: tuple[Metric, ...] = ()
        self.step = self.iterations = 0
        self.stop_training = False
        self.history: History | None = None

    # -- building ----------------------------------------------------------------------------------

    def _walk(self, symbol: Symbol) -> None:
        """Place a symbol and everything before it, without recursion (networks may be deep)."""
        todo = [symbol]
        while todo:
            current = todo[-1]
            if current.handle.node in self.graph.nodes and current.handle.model is self:
                todo.pop()
                continue
            waiting = [s for s in current.arriving if not (s.handle.model is self and s.handle.node)]
            if waiting:
                todo += waiting
                continue
            if not current.arriving:
                raise UsageError(f"'{current.handle.name}' is needed but is not among the model's inputs.")
            self._place(current, [s.handle.node for s in current.arriving])
            todo.pop()

    def _place(self, symbol: Symbol, sources: list[str]) -> None:
        self.place(symbol.handle, sources)

    def place(self, handle: LayerHandle, sources: Sequence[str]) -> None:
        """Add a layer's node and wires to the graph.

        Raises:
            UsageError: the layer belongs to another model already, or its name is taken.
        """
        if handle.model is not None and handle.model is not self:
            raise UsageError(f"The layer '{handle.name}' already belongs to the model '{handle.model.name}'.")
        node = handle.given_name or self.graph.fresh_id(handle.declaration)
        if node in self.graph.nodes:
            raise UsageError(f"Two layers are called '{node}'. Give one of them another name.")
        place = (0.0, STEP_DOWN * len(self.graph.nodes))
        graph = self.graph.add(Node(node, handle.declaration, place, trainable=handle.trainable))
        for position, source in enumerate(sources):
            ports = handle.declaration.inputs
            port = ports[min(position, len(ports) - 1)].name
            graph = graph.connect(Edge(source, node, target_port=port))
        self.graph = graph
        handle.model, handle.node = self, node
        self.handles[node] = handle

    def adopt(self, graph: Graph, name: str, seed: int, dtype: str) -> None:
        """Become the model of an existing graph."""
        self._begin(name, seed, dtype)
        self.graph = graph
        for key, node in graph.nodes.items():
            handle = handle_of(node.layer, key, node.trainable)
            handle.model, handle.node = self, key
            self.handles[key] = handle
        self.output_names = list(graph.outputs)
        self._reshape()

    def restore_optimizer(self, state: RunState) -> None:
        """Take over the optimizer's memory of an earlier training."""
        _, parameters = self.require()
        for name in state.slots:
            parameters.add_slot(name, self.optimizer.start(name) if self.optimizer is not None else 0.0)
        parameters.load_slots(state.slots)
        self.step = state.step
        self.iterations = state.step if state.iterations < 0 else state.iterations

    def _reshape(self, known: Inference | None = None) -> None:
        """Take over the graph's shapes; weights are arranged when they are first needed."""
        inference = infer(self.graph) if known is None else known
        if inference.errors:
            raise UsageError(inference.errors[0].text)
        self.inference, self._stale = inference, True
        self.losses = {}

    def _arrange(self, inference: Inference) -> Parameters:
        """Lay out the weights, keeping values and optimizer memory of layers that stay."""
        before = self._parameters
        fresh = Parameters(self.graph, inference, np.dtype(self.dtype))
        fresh.initialize(self.seed)
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
        inference, parameters = self.shapes(), self._parameters
        if parameters is None or (self._stale and not self.running):
            parameters = self._arrange(inference)
        return inference, parameters

    def trainability_changed(self, handle: LayerHandle) -> None:
        """A layer's ``trainable`` was set: the weights must be arranged anew, keeping their values."""
        self.graph = self.graph.with_trainable([handle.node], handle.trainable)
        if self.inference is not None:
            self.inference = replace(self.inference, frozen=self.graph.frozen)
        self._stale = True

    # -- looking -----------------------------------------------------------------------------------

    @property
    def layers(self) -> list[LayerHandle]:
        """The layers in the order of the graph."""
        return [self.handles[key] for key in self.graph.order]

    def get_layer(self, name: str | None = None, index: int | None = None) -> LayerHandle:
        """A layer by name or place.

        Raises:
            UsageError: there is none.
        """
        if isinstance(name, str) and name in self.handles:
            return self.handles[name]
        layers = self.layers
        if name is None and isinstance(index, int) and -len(layers) <= index < len(layers):
            return layers[index]
        wanted = name if name is not None else index
        raise UsageError(f"There is no layer {wanted!r}; known: {', '.join(self.handles)}.")

    def arrays_of(self, node: str) -> dict[str, Array]:
        """Live weights of a node by name."""
        _, parameters = self.require()
        return {e.spec.name: parameters.view(parameters.flat, e) for e in parameters.entries if e.node == node}

    def get_weights(self) -> list[Array]:
        """Copies of all weights in the order of the layers."""
        return [array for handle in self.layers for array in handle.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all weights; all shapes are checked before anything changes.

        Raises:
            UsageError: number or shapes differ.
            DataError: they are no numbers.
        """
        targets = {
            f"{handle.node}/{name}": array
            for handle in self.layers
            for name, array in self.arrays_of(handle.node).items()
        }
        assign(targets, weights, self.name)

    def count_params(self) -> int:
        """Numbers in all weights."""
        return sum(self.shapes().parameter_count())

    def summary(self) -> None:
        """Print the layers with output shapes and parameter counts."""
        table.print_summary(self)

    # -- compiling and training ----------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "RMSprop",
        loss: Any = None,
        loss_weights: Sequence[float] | Mapping[str, float] | None = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
    ) -> None:
        """Choose optimizer, loss (one, or one per output) and metrics (one, or several).

        ``metrics`` count every sample once; ``weighted_metrics`` heed ``sample_weight`` and ``class_weight``.

        Raises:
            UnknownName, ParameterError: a name or parameter does not exist.
            UsageError: the number of losses does not fit the outputs.
        """
        if loss is None:
            raise UsageError("compile needs a loss, for example loss='categorical_crossentropy'.")
        chosen: Any = resolved("optimizer", optimizer)
        figures: Any = tuple(resolved("metric", m) for m in metrics_of(metrics))
        heeding: Any = tuple(resolved("metric", m) for m in metrics_of(weighted_metrics))
        self._loss_given, self._weights_given = loss, loss_weights
        self.optimizer, self.metrics, self.weighted_metrics = chosen, figures, heeding
        self.step = self.iterations = 0
        self.losses = {}
        self.steppers.clear()
        self._resting.clear()
        if self._parameters is not None:
            self._parameters.slots.clear()
        if self.inference is not None:
            self._assign_losses()

    def _assign_losses(self) -> None:
        names = self.output_names or list(self.graph.outputs)
        self.losses = {n: resolved("loss", value) for n, value in per_output(names, self._loss_given, "loss").items()}  # type: ignore[misc]
        weights = 1.0 if self._weights_given is None else self._weights_given
        shares = per_output(names, weights, "loss weight")
        for share in shares.values():
            if not isinstance(share, Real) or not isfinite(share):
                raise UsageError(f"loss_weights must be numbers, one per output; received {share!r}.")
        self.loss_weights = {n: float(w) for n, w in shares.items()}

    def heads(self) -> tuple[Head, ...]:
        """Loss and metrics of each output.

        Raises:
            UsageError: the model was not compiled.
        """
        inference = self.shapes()
        if self.optimizer is None:
            raise UsageError("Call compile(optimizer=..., loss=...) before training or evaluating.")
        if not self.losses:
            self._assign_losses()
        names = self.output_names or list(self.graph.outputs)
        return tuple(
            make_head(inference, n, self.losses[n], self.loss_weights[n], self.metrics, self.weighted_metrics)
            for n in names
        )

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Callback | Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
    ) -> History:
        """Train; arguments and their order are Keras's (``batch_size=None`` is 32).

        Returns:
            The history: ``history.history["loss"]`` and so on.

        Raises:
            UsageError: not compiled, or impossible arguments.
            DataError: the data do not fit the network.
        """
        request = Request(
            x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, shuffle,
            class_weight, sample_weight, initial_epoch,
        )  # fmt: skip
        self.history = fitting.fit(self, request)
        return self.history

    def evaluate(
        self, x: Any, y: Any, batch_size: int | None = None, verbose: int | str = "auto"
    ) -> list[float] | float:
        """Loss, followed by the metrics when there are any (as Keras's list)."""
        return fitting.evaluate(self, x, y, batch_size, verbose)

    def predict(self, x: Any, batch_size: int | None = None, verbose: int | str = "auto") -> Any:
        """Outputs for inputs: one array, or a list for several outputs."""
        return fitting.predict(self, x, batch_size, verbose)

    def train_on_batch(self, x: Any, y: Any, sample_weight: Any = None) -> list[float] | float:
        """One update on these samples; returns loss and metrics of the batch."""
        return stepping.train_on_batch(self, x, y, sample_weight)

    def save(self, path: str | Path) -> None:
        """Write a project folder that the window opens too.

        Raises:
            FileError: it cannot be written.
        """
        saving.save_model(self, Path(path))

    def state(self) -> RunState:
        """Weights and optimizer memory as the project files hold them."""
        _, parameters = self.require()
        key = self.optimizer.key if self.optimizer is not None else ""
        blank = RunState(self.graph, parameters.copy(), parameters.copy_slots(), key, self.seed)
        return replace(blank, step=self.step, iterations=self.iterations)
