"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import registry
from engine.api.handle import LayerHandle, Symbol, handle_class
from engine.api.model import Model
from engine.errors import UsageError
from engine.graph import Graph


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

    def _append(self, handle: LayerHandle) -> None:
        before = (self.graph, list(self._chain))
        sources = [self._chain[-1].node] if self._chain else []
        self.place(handle, sources)
        self._chain.append(handle)
        if self._chain[0].declaration.inputs:
            return  # the input shape comes with the first call of fit
        try:
            self._built()
        except UsageError:
            self.graph, self._chain = before
            del self.handles[handle.node]
            handle.model, handle.node = None, ""
            raise

    def pop(self) -> None:
        """Take the last layer away.

        Raises:
            UsageError: there is none.
        """
        if not self._chain:
            raise UsageError("There is no layer to take away.")
        handle = self._chain.pop()
        self.graph = self.graph.without([handle.node])
        del self.handles[handle.node]
        handle.model, handle.node = None, ""
        self.losses = {}
        if self.parameters is not None and self._chain:
            self._built()

    def build_for(self, x: Any) -> None:
        """Learn the input shape from data, when no layer has stated it."""
        if self.parameters is not None:
            return
        if not self._chain:
            raise UsageError("The model has no layers. Add some with model.add(...).")
        chain, self._chain = self._chain, []
        self.graph, self.handles = Graph(), {}
        for handle in chain:
            handle.model, handle.node = None, ""
        shape = tuple(np.shape(x))[1:]
        for handle in [_input_handle(shape or (1,)), *chain]:
            self._append(handle)


def _input_handle(shape: Sequence[int]) -> LayerHandle:
    return handle_class(registry.layers.get("Input"))(tuple(shape))  # type: ignore[arg-type]
