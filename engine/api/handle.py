"""What a Keras user holds: a layer with identity, a name and weights, over a declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import ReferenceType, WeakSet

import numpy as np
import numpy.typing as npt

from engine.api.carrying import reset_layer
from engine.api.estate import Estate
from engine.api.old_words import channels_first, first_shape, today
from engine.api.symbol import Call, Symbol, one_or_all, shapes_of
from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.normalization import Normalization
from engine.component import parameters
from engine.errors import UsageError
from engine.graph import snake
from engine.infer import leaving
from engine.train.feeds import numbers

if TYPE_CHECKING:
    from engine.api.network import Network

Array = npt.NDArray[Any]


class LayerHandle:
    """Base of the classes in ``engine.layers``.

    Args:
        *args: the declaration's parameters in Keras's order.
        name: name in the model; made from the class when not given.
        trainable: whether training changes the weights.
        input_shape: shape of a sample, on the first layer of a Sequential.
        input_dim: the same for one axis.
        **kwargs: the declaration's parameters by name, and ``weights``: arrays to begin with.

    Raises:
        ParameterError: a parameter breaks its rule.
    """

    given_weights: Any = None
    channels_first = False  # its pictures come channels first; they are turned when they enter the model
    layer_class: ClassVar[type[Layer]]

    def __init__(
        self,
        /,
        *args: Any,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Sequence[int] | None = None,
        input_dim: int | None = None,
        **kwargs: Any,
    ) -> None:
        known = {p.name for p in parameters(self.layer_class)}
        if input_dim is not None and "input_dim" in known:
            kwargs["input_dim"], input_dim = input_dim, None  # a parameter of its own, such as Embedding's
        if "weights" not in known:
            self.given_weights = kwargs.pop("weights", None)
        self.channels_first = channels_first(kwargs)
        shape = _first_shape(first_shape(kwargs, input_shape, input_dim, "input_dim" in known))
        self.declaration: Layer = self.layer_class(*args, **today(self.layer_class.key, kwargs))
        self.given_name = name
        self._trainable = bool(trainable)
        self.first_shape = (*shape[1:], shape[0]) if self.channels_first and shape else shape
        self._begin()

    def _begin(self) -> None:
        self.calls: list[Call] = []
        self.models: WeakSet[Network] = WeakSet()
        self._home: ReferenceType[Network] | None = None
        self.estate: Estate | None = None
        self.node = ""  # its id in the first model

    @property
    def home(self) -> Network | None:
        """The model whose numbers are the newest; any other where that is gone (see ``estate``)."""
        found = None if self._home is None else self._home()
        return next(iter(self.models), None) if found is None else found

    @home.setter
    def home(self, model: Network) -> None:
        self._home, self.estate = model.reference, None

    @property
    def name(self) -> str:
        """Its name in the model, or the one it would like."""
        return self.node or self.given_name or snake(self.declaration.key)

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for model in self.models:
            model.trainability_changed(self)

    def __call__(self, inputs: Symbol | Sequence[Symbol], *more: Any, **named: Any) -> Any:
        """Connect the layer: the symbol of its output, or a list of them. A second call shares the weights.

        Args:
            inputs: a symbol, or a list of them.
            *more: further inputs, in the order of the layer's ports.
            **named: further inputs by the names of their ports, and settings that Keras takes at the call.

        Raises:
            UsageError: it was called on something that is no symbol.
            ShapeError: the shapes do not fit.
        """
        settings = {name: named.pop(name) for name in self.layer_class.call_arguments if name in named}
        arriving = self._in_order(inputs, more, named) if more or named else inputs
        if settings:
            changed = self.declaration.changed(**settings)
            if self.calls and changed != self.declaration:
                raise UsageError(f"'{self.name}' was called with other settings before. Make a second layer for these.")
            self.declaration = changed
        return one_or_all(self.connect(arriving).symbols)

    def _in_order(self, first: Any, more: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """Inputs given one by one, some by name, in the order of the ports.

        Raises:
            UsageError: a name is no port's, or one before it is missing.
        """
        found = [*(first if isinstance(first, (list, tuple)) else (first,)), *more]
        ports = [port.name for port in self.declaration.inputs][len(found) :]
        left = {name: value for name, value in named.items() if value is not None}
        for name in ports:
            if name not in left:
                break
            value = left.pop(name)
            found += value if isinstance(value, (list, tuple)) else [value]
        if left:
            known = (*(port.name for port in self.declaration.inputs), *self.declaration.call_arguments)
            raise UsageError(
                f"{self.declaration.key} takes no {next(iter(left))} here; it takes {', '.join(known)} in this order."
            )
        return found

    def connect(self, inputs: Symbol | Sequence[Symbol], path: tuple[Network, ...] = ()) -> Call:
        """Call the layer, perhaps through models that contain it.

        Raises:
            UsageError: it was called on something that is no symbol.
            ShapeError: the shapes do not fit.
        """
        arriving = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
        wrong = [type(item).__name__ for item in arriving if not isinstance(item, Symbol)]
        if wrong or (self.declaration.inputs and not arriving):
            raise UsageError(
                f"{self.declaration.key} must be called on the output of another layer or of Input(...); "
                f"received {wrong[0] if wrong else 'none'}."
            )
        ports = self.declaration.inputs
        if len(arriving) > len(ports) and not any(port.many for port in ports):
            raise UsageError(f"{self.declaration.key} takes {len(ports)} input(s); received {len(arriving)}.")
        specs = tuple(item.spec for item in arriving)
        call = Call(self, arriving, leaving(self.declaration, specs), path)
        self.declaration.weights(specs)  # so that shapes it cannot have are told at once
        self.calls.append(call)
        return call

    def joined(self, model: Network, node: str) -> None:
        """It became part of a model."""
        self.models.add(model)
        self._home = self._home or model.reference
        self.node = self.node or node

    def left(self, model: Network) -> None:
        """It is no longer part of a model."""
        self.models.discard(model)
        if self._home is model.reference:
            self._home = None
        if not self.models:
            self.node = ""

    def survive(self, model: Network, estate: Estate | None) -> None:
        """A model that it was part of is going: keep what it knew best, and let go of what only it used.

        Args:
            model: which one; of its calls the first stays, which ``output`` shows.
            estate: its numbers of this layer.
        """
        if self._home is model.reference:
            self._home, self.estate = None, self.estate or estate
        first = next((call for call in self.calls if not call.path), None)
        others = [other.wiring for other in self.models if other is not model]
        self.calls[:] = [
            call
            for call in self.calls
            if call is first or not model.wiring.holds(call) or any(wiring.holds(call) for wiring in others)
        ]

    @property
    def output(self) -> Any:
        """The symbol (or list of symbols) of its output, where it was called first."""
        return one_or_all(self._first_call("output").symbols)

    @property
    def input(self) -> Any:
        """The symbol (or list of symbols) it was called on first."""
        call = self._first_call("input")
        return one_or_all(call.arriving or call.symbols)

    @property
    def output_shape(self) -> Any:
        """Shape of its output with the batch axis."""
        return shapes_of(self._first_call("output_shape").symbols)

    @property
    def input_shape(self) -> Any:
        """Shape of its input with the batch axis."""
        return shapes_of(self._first_call("input_shape").arriving)

    def _first_call(self, what: str) -> Call:
        direct = [call for call in self.calls if not call.path] or self.calls
        if not direct:
            raise UsageError(f"'{self.name}' has no {what} yet: call it on an Input, or build the model it is part of.")
        return direct[0]

    @property
    def weights(self) -> list[Array]:
        """As ``get_weights``."""
        return self.get_weights()

    @property
    def trainable_weights(self) -> list[Array]:
        """Copies of the weights that training changes."""
        return self._weights_that_train(True)

    @property
    def non_trainable_weights(self) -> list[Array]:
        """Copies of the weights that training leaves."""
        return self._weights_that_train(False)

    def _weights_that_train(self, wanted: bool) -> list[Array]:
        arrays, home = self._arrays(), self.home
        if home is not None:
            specs = home.shapes().weights[home.wiring.owners[self]]
        else:
            assert self.estate is not None
            specs = self.estate.specs
        return [arrays[spec.name].copy() for spec in specs if (spec.trainable and self.trainable) == wanted]

    def get_weights(self) -> list[Array]:
        """Copies of its weights in Keras's order."""
        return [array.copy() for array in self._arrays().values()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace its weights.

        Raises:
            UsageError: their number or a shape differs.
            DataError: they are no numbers.
        """
        assign(self._arrays(), weights, self.name)
        home = self.home
        if home is not None:
            home.changes += 1

    def adapt(self, data: Any) -> None:
        """Let the layer learn from data what it must know of them beforehand: Normalization's means and variances.

        Raises:
            UsageError: it has nothing to learn so, or its settings say it already.
            DataError: the data are no numbers, or there are none.
            ShapeError: they lack axes.
        """
        array = numbers(data, self.name, "float64")
        if not isinstance(self.declaration, Normalization):
            raise UsageError(f"'{self.name}' ({self.declaration.key}) has nothing to adapt; only Normalization has.")
        found = self.declaration.fitted_to(array)
        if self.home is None and self.estate is None:
            self.declaration = found
            return
        if self.declaration.mean is not None:
            raise UsageError(
                f"'{self.name}' holds its means as settings, which stay once it is part of a model. "
                "Adapt it before, or make it without mean and variance."
            )
        assert found.mean is not None and found.variance is not None
        shape = next(iter(self._arrays().values())).shape
        if prod(shape) != len(found.mean):
            raise UsageError(
                f"'{self.name}' keeps {prod(shape)} means, but the data have {len(found.mean)}. Give data of its shape."
            )
        self.set_weights([np.reshape(values, shape) for values in (found.mean, found.variance)])

    def reset_states(self) -> None:
        """Let the layer, which is ``stateful``, begin with zeros again.

        Raises:
            UsageError: it keeps no states.
        """
        reset_layer(self)

    def reset_state(self) -> None:
        """As ``reset_states``."""
        reset_layer(self)

    def _arrays(self) -> dict[str, Array]:
        home = self.home
        if home is not None:
            return home.require()[1].of(home.wiring.owners[self])
        if self.estate is None:
            raise UsageError(f"'{self.name}' has no weights yet: it is not part of a built model.")
        return self.estate.arrays

    def __repr__(self) -> str:
        return f"<{self.declaration.key} name={self.name}>"


def assign(targets: Mapping[str, Array], weights: Any, owner: str) -> None:
    """Copy numbers into weights; everything is checked before anything changes.

    Raises:
        UsageError: their number or a shape differs.
        DataError: they are no numbers.
    """
    given = list(weights) if isinstance(weights, (list, tuple, np.ndarray)) else [weights]
    if len(given) != len(targets):
        raise UsageError(f"'{owner}' has {len(targets)} weights ({', '.join(targets)}); received {len(given)}.")
    rows = [value if targets[name].ndim else np.reshape(value, -1) for name, value in zip(targets, given, strict=True)]
    arrays = [numbers(value, name, str(targets[name].dtype)) for name, value in zip(targets, rows, strict=True)]
    arrays = [a if t.ndim or a.size != 1 else a.reshape(()) for a, t in zip(arrays, targets.values(), strict=True)]
    for (name, target), array in zip(targets.items(), arrays, strict=True):
        if array.shape != target.shape:
            raise UsageError(f"'{owner}': {name} has the shape {target.shape}; received {array.shape}.")
    for target, array in zip(targets.values(), arrays, strict=True):
        target[...] = array


def _first_shape(given: Any) -> tuple[int, ...] | None:
    if given is None:
        return None
    sizes = given if isinstance(given, (tuple, list)) else (given,)
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
            raise UsageError(
                "input_shape must be a tuple of whole numbers from 1 upwards, without the batch, such as (28, 28, 1); "
                f"received {given!r}."
            )
    return tuple(int(size) for size in sizes)


def handle_class(layer_class: type[Layer]) -> type[LayerHandle]:
    """The class that ``engine.layers`` offers for a declaration."""
    members = {"layer_class": layer_class, "__doc__": layer_class.__doc__, "__module__": "engine.layers"}
    return type(layer_class.key, (LayerHandle,), members)


def handle_of(declaration: Layer, name: str, trainable: bool = True) -> LayerHandle:
    """A handle for a declaration that exists already (a model read from a file)."""
    handle = LayerHandle.__new__(handle_class(type(declaration)))
    handle.declaration, handle.given_name = declaration, name
    handle._trainable, handle.first_shape = trainable, None
    handle._begin()
    return handle
