"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import NoneType
from typing import Any

from engine import registry
from engine.api.handle import LayerHandle, Symbol, handle_class
from engine.api.model import Model
from engine.errors import DataError, LayerloomError, UsageError
from engine.graph import Graph
from engine.infer import Inference, infer, leaving, looked_up
from engine.train.job import numbers


class Sequential(Model):
    """A chain of layers.

    Args:
        layers: layers to begin with.
        name: name of the model.
        seed: start of every random choice.
        dtype: ``float32`` or ``float64``.
    """

    def __init__(
        self,
        layers: Sequence[LayerHandle | Symbol] | None = None,
        name: str = "sequential",
        seed: int = 0,
        dtype: str = "float32",
    ) -> None:
        self._begin(name, seed, dtype)
        self._chain: list[LayerHandle] = []
        if not isinstance(layers, (list, tuple, NoneType)):
            raise UsageError(f"Sequential takes a list of layers; received {type(layers).__name__}.")
        for layer in layers or ():
            self.add(layer)

    def add(self, layer: LayerHandle | Symbol) -> None:
        """Append a layer.

        Raises:
            UsageError: it is no layer, or belongs to a model already.
            ShapeError: the shapes do not fit.
        """
        handle = layer.handle if isinstance(layer, Symbol) else layer
        if not isinstance(handle, LayerHandle):
            raise UsageError(f"add takes a layer such as Dense(10); received {type(layer).__name__}.")
        if handle.model is not None:
            raise UsageError(f"The layer '{handle.name}' is already part of a model.")
        if not self._chain and handle.declaration.inputs and handle.first_shape is not None:
            self._append(_input_handle(handle.first_shape))
        self._append(handle)

    @property
    def layers(self) -> list[LayerHandle]:
        """The layers in order; as in Keras without the Input, which only states a shape."""
        return [handle for handle in self._chain if handle.declaration.inputs]

    def _append(self, handle: LayerHandle) -> None:
        graph = self.graph
        source = self._chain[-1].node if self._chain else None
        if source is not None and not handle.declaration.inputs:
            raise UsageError(f"'{handle.name}' ({handle.declaration.key}) can only be the first layer of a Sequential.")
        self.place(handle, [] if source is None else [source])
        try:
            # Without an input shape everything waits for the first call of fit.
            if source is None and not handle.declaration.inputs:
                self._reshape()
            elif source is not None and self.inference is not None:
                self._reshape(self._extended(self.inference, source, handle))
        except UsageError:
            self.graph = graph
            self._release(handle)
            raise
        self._chain.append(handle)

    def _extended(self, known: Inference, source: str, handle: LayerHandle) -> Inference:
        """Shapes with one more layer at the end: only that layer is asked."""
        layer, node = handle.declaration, handle.node
        if len(layer.inputs) != 1:
            return infer(self.graph)
        arriving = known.outputs[source][:1]
        try:
            outputs, weights = leaving(layer, arriving), layer.weights(arriving)
        except LayerloomError as error:
            raise UsageError(str(error)) from None
        return replace(
            known,
            inputs={**known.inputs, node: arriving},
            outputs={**known.outputs, node: outputs},
            weights={**known.weights, node: weights},
            frozen=self.graph.frozen,
            indexes=known.indexes if layer.index_range is None else looked_up(self.graph),
        )

    def _release(self, handle: LayerHandle) -> None:
        del self.handles[handle.node]
        handle.model, handle.node = None, ""

    def pop(self) -> None:
        """Take the last layer away.

        Raises:
            UsageError: there is none.
        """
        if not self._chain:
            raise UsageError("There is no layer to take away.")
        handle = self._chain.pop()
        self.graph = self.graph.without([handle.node])
        self._release(handle)
        self.losses = {}
        if not self._chain:
            self.inference = None
        elif self.inference is not None:
            self._reshape()

    def build_for(self, x: Any) -> None:
        """Learn the input shape from data, when no layer has stated it.

        Raises:
            DataError: the data are no samples.
            UsageError: there are no layers, or they do not fit the data.
        """
        if self.inference is not None:
            return
        if not self._chain:
            raise UsageError("The model has no layers. Add some with model.add(...).")
        given = next(iter(x.values()), None) if isinstance(x, Mapping) else x
        if given is None:
            raise UsageError("There is no input to learn the input shape from.")
        array = numbers(given, "input", self.dtype)
        if not len(array):
            raise DataError("There are no samples to learn the input shape from. Give at least one.")
        chain = self._cleared()
        try:
            for handle in [_input_handle(array.shape[1:] or (1,)), *chain]:
                self._append(handle)
        except LayerloomError:
            self._cleared()
            for handle in chain:
                self._append(handle)
            raise

    def _cleared(self) -> list[LayerHandle]:
        """Let all layers go; returns them."""
        chain, self._chain = self._chain, []
        for handle in chain:
            self._release(handle)
        self.graph, self.inference = Graph(), None
        return chain


def _input_handle(shape: Sequence[int]) -> LayerHandle:
    return handle_class(registry.layers.get("Input"))(tuple(shape))  # type: ignore[arg-type]
