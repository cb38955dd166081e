"""What a Keras user holds: a layer with identity, a name and weights, over a declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.base import Layer
from engine.component import parameters
from engine.errors import UsageError
from engine.graph import snake
from engine.infer import leaving
from engine.tensor_spec import TensorSpec
from engine.train.job import numbers

if TYPE_CHECKING:
    from engine.api.model import Model

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Symbol:
    """A tensor that does not exist yet: the result of calling a layer on others.

    Attributes:
        handle: the layer that makes it.
        arriving: what the layer was called on.
        spec: its shape without the batch.
    """

    handle: LayerHandle
    arriving: tuple[Symbol, ...]
    spec: TensorSpec

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Shape with the batch axis first, as Keras shows it."""
        return (None, *self.spec.shape)

    @property
    def dtype(self) -> str:
        """Element type."""
        return self.spec.dtype


class LayerHandle:
    """Base of the classes in ``engine.layers``.

    Args:
        *args: the declaration's parameters in Keras's order.
        name: name in the model; made from the class when not given.
        trainable: whether training changes the weights.
        input_shape: shape of a sample, on the first layer of a Sequential.
        input_dim: the same for one axis.
        **kwargs: the declaration's parameters by name.

    Raises:
        ParameterError: a parameter breaks its rule.
    """

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
        if input_dim is not None and any(p.name == "input_dim" for p in parameters(self.layer_class)):
            kwargs["input_dim"], input_dim = input_dim, None  # a parameter of its own, such as Embedding's
        self.declaration: Layer = self.layer_class(*args, **kwargs)
        self.given_name = name
        self._trainable = bool(trainable)
        self.first_shape = _first_shape((input_dim,) if input_dim is not None else input_shape)
        self.model: Model | None = None
        self.node = ""
        self.symbol: Symbol | None = None

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
        if self.model is not None:
            self.model.trainability_changed(self)

    def __call__(self, inputs: Symbol | Sequence[Symbol]) -> Symbol:
        """Connect the layer: the symbol of its output.

        Raises:
            UsageError: it was called before, or on something that is no symbol.
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
        if self.symbol is not None:
            raise UsageError(f"The layer '{self.name}' is already connected. Make a second layer for a second place.")
        specs = tuple(item.spec for item in arriving)
        self.symbol = Symbol(self, arriving, leaving(self.declaration, specs)[0])
        return self.symbol

    @property
    def output(self) -> Symbol | None:
        """The symbol of its output once it was called."""
        return self.symbol

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

    def _arrays(self) -> dict[str, Array]:
        if self.model is None:
            raise UsageError(f"'{self.name}' has no weights yet: it is not part of a built model.")
        return self.model.arrays_of(self.node)

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
    arrays = [numbers(value, name, str(targets[name].dtype)) for name, value in zip(targets, given, strict=True)]
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
    handle.model, handle.node, handle.symbol = None, "", None
    return handle
