"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import NoneType
from typing import Any

from engine.api.handle import LayerHandle
from engine.api.model import Model
from engine.api.old_words import note
from engine.api.symbol import Symbol
from engine.api.wiring import Wiring, layer_handle
from engine.errors import DataError, LayerloomError, UsageError
from engine.infer import Inference, infer, looked_up
from engine.tensor_spec import Shape
from engine.train.feeds import numbers

Item = LayerHandle | Model


class Sequential(Model):
    """A chain of layers, of which each may be a model itself.

    Args:
        layers: layers to begin with.
        name: name of the model.
        seed: start of every random choice.
        dtype: ``float32`` or ``float64``.
    """

    def __init__(
        self,
        layers: Sequence[Item | Symbol] | None = None,
        name: str = "sequential",
        seed: int = 0,
        dtype: str = "float32",
    ) -> None:
        self._begin(name, seed, dtype)
        self._chain: list[Item] = []
        self._ends: list[Symbol] = []  # the output of every item; empty while the input shape is not known
        if not isinstance(layers, (list, tuple, NoneType)):
            raise UsageError(f"Sequential takes a list of layers; received {type(layers).__name__}.")
        for layer in layers or ():
            self.add(layer)

    def add(self, layer: Item | Symbol) -> None:
        """Append a layer, or a model as a layer; its weights are shared with wherever else it is used.

        Raises:
            UsageError: it is no layer, is part of this model already, or the shapes do not fit.
        """
        item = layer.handle if isinstance(layer, Symbol) else layer
        if not isinstance(item, (LayerHandle, Model)):
            raise UsageError(f"add takes a layer such as Dense(10); received {type(layer).__name__}.")
        if item is self or item in self._chain:
            raise UsageError(f"The layer '{item.name}' is already part of the model. Add another one.")
        if not self._chain and (shape := _known_shape(item)) is not None:
            self._append(layer_handle("Input", shape))
        self._append(item)

    @property
    def layers(self) -> list[Any]:
        """The layers in order; as in Keras without the Input, which only states a shape."""
        return [item for item in self._chain if not _is_input(item)]

    def _append(self, item: Item) -> None:
        if self._chain and _is_input(item):
            raise UsageError(f"'{item.name}' (Input) can only be the first layer of a Sequential.")
        if _is_input(item):
            assert isinstance(item, LayerHandle)
            end = (item.calls or [item.connect(())])[0].symbols[0]
            self.wiring.enter(end)
            self.inputs = [end]
        elif self._ends:
            end = self._called(item)
        else:  # everything waits for the first data, or for being called
            self._chain.append(item)
            return
        known = self.inference
        self._chain.append(item)
        self._ends.append(end)
        self.outputs = [end]
        self._reshape(None if known is None else self._extended(known))

    def _called(self, item: Item) -> Symbol:
        """The output of one more item, placed behind the last."""
        before, kept = self._ends[-1], list(item.calls) if isinstance(item, LayerHandle) else []
        try:
            found = item.connect(before).symbols[0] if isinstance(item, LayerHandle) else item(before)
            if not isinstance(found, Symbol):
                raise UsageError(f"'{item.name}' has several outputs; a Sequential takes layers with one.")
            self.wiring.reach(found)
        except LayerloomError as error:
            if isinstance(item, LayerHandle):
                item.calls[:] = [call for call in item.calls if call in kept]
            raise UsageError(str(error)) from None
        return found

    def _extended(self, known: Inference) -> Inference:
        """Shapes with more nodes at the end: only these are asked."""
        inputs, outputs, weights = dict(known.inputs), dict(known.outputs), dict(known.weights)
        for call in self.wiring.calls:
            key = self.wiring.id_of(call)
            if key in outputs:
                continue
            if self.graph.nodes[key].shares:
                return infer(self.graph)
            inputs[key] = tuple(symbol.spec for symbol in call.arriving)
            outputs[key] = call.specs
            weights[key] = call.handle.declaration.weights(inputs[key])
        indexes = looked_up(self.graph)
        return replace(
            known, inputs=inputs, outputs=outputs, weights=weights, frozen=self.graph.frozen, indexes=indexes
        )

    def pop(self) -> None:
        """Take the last layer away.

        Raises:
            UsageError: there is none.
        """
        if not self._chain:
            raise UsageError("There is no layer to take away.")
        item = self._chain.pop()
        if not self._ends:
            return
        gone, before = self._ends.pop(), self.wiring
        if isinstance(item, LayerHandle):
            item.calls.remove(gone.call)
        self.wiring = Wiring(self)
        if self._ends:
            self.wiring.enter(self._ends[0])
            self.wiring.reach(self._ends[-1])
        for handle in before.owners.keys() - self.wiring.owners.keys():
            handle.left(self)
        self.losses, self.outputs = {}, self._ends[-1:]
        if self._ends:
            self._reshape()
        else:
            self.inference, self.inputs = None, []

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
        self.prepare_for([array.shape[1:] or (1,)])

    def prepare_for(self, shapes: Sequence[Shape]) -> None:
        """Be ready for samples of a shape, when no layer has stated it.

        Raises:
            UsageError: the layers do not fit it.
        """
        if self.inference is not None or not self._chain or len(shapes) != 1:
            super().prepare_for(shapes)
            return
        waiting, self._chain = self._chain, []
        try:
            for item in [layer_handle("Input", shapes[0]), *waiting]:
                self._append(item)
        except LayerloomError:
            for item, end in zip(self._chain, self._ends, strict=True):
                if isinstance(item, LayerHandle):
                    item.calls.remove(end.call)
            self.wiring.forget()
            self.wiring, self._chain, self._ends = Wiring(self), waiting, []
            self.inference, self.inputs, self.outputs = None, [], []
            raise

    def predict_proba(self, x: Any, batch_size: int | None = None, verbose: int | str = 0) -> Any:
        """Older name of ``predict``."""
        note("predict_proba(...)", "predict(...)")
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: int | str = 0) -> Any:
        """The number of the likeliest class of each sample; of a single unit, whether it answers above one half."""
        note("predict_classes(...)", "predict(...).argmax(axis=-1)")
        answers = self.predict(x, batch_size, verbose)
        return answers.argmax(axis=-1) if answers.shape[-1] > 1 else (answers > 0.5).astype("int32")


def _is_input(item: Item) -> bool:
    return isinstance(item, LayerHandle) and not item.declaration.inputs


def _known_shape(item: Item) -> Shape | None:
    """The shape of samples that a first item states, unless it is an Input."""
    if isinstance(item, LayerHandle):
        return item.first_shape if item.declaration.inputs else None
    return item.inputs[0].spec.shape if len(item.inputs) == 1 else None
