"""Layers that people write in Python: a subclass of Layer with ``call``, and Lambda. Both become formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from engine import registry
from engine.api.handle import LayerHandle
from engine.api.symbol import Call, Symbol
from engine.catalogue.layers.base import Layer as Declaration
from engine.component import resolved
from engine.errors import ParameterError, UsageError
from engine.expression.rules import is_name
from engine.expression.tracing import Found, Weight, renamed, trace

if TYPE_CHECKING:
    from engine.api.network import Network

#: What a layer has once ``Layer.__init__`` has run.
BEGUN = frozenset(("calls", "models", "node", "first_shape", "given_name", "_trainable"))
#: Sizes that no real input has: what a weight's shape is made of shows what it belongs to.
SIZES = ((7919, 7927, 7933), (7879, 7883, 7901))


class Layer(LayerHandle):
    """Base of layers written in Python: ``build`` makes weights, ``call`` computes.

    ``call`` is run once, to become a formula of its input and weights; it may use operators, comparisons and the
    functions of ``engine.backend``. The weights' shapes may be those of the input, of its last axis, or (1,). What is
    saved is the formula.

    Args:
        **kwargs: ``name``, ``trainable``, ``input_shape``, ``input_dim``.
    """

    layer_class: ClassVar[Any] = registry.layers.get("Expression")
    _count = 1
    _formula: Declaration | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    # -- what subclasses write -------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make weights; ``input_shape`` begins with the batch axis."""

    def call(self, inputs: Any) -> Any:
        """Compute the output from the input, or from a list of inputs.

        Raises:
            UsageError: the subclass has no ``call``.
        """
        raise UsageError(f"{type(self).__name__} must define call(self, x), which computes its output.")

    def add_weight(self, *args: Any, **kwargs: Any) -> Weight:
        """A trained parameter: ``shape``, ``initializer``, ``regularizer``, ``constraint``, ``name``, ``trainable``.

        Keras 2's order, with the name first, is understood too.
        """
        order = ("name", "shape", "dtype", "initializer") if args and isinstance(args[0], str) else (
            "shape", "initializer", "dtype", "trainable"
        )  # fmt: skip
        given = dict(zip(order, args, strict=False)) | kwargs
        if given.get("trainable", True) is not True:
            raise UsageError("A weight with trainable=False cannot be part of a formula; use a plain number.")
        rules = {
            kind: None if given.get(kind) is None else resolved(kind, given[kind])
            for kind in ("regularizer", "constraint")
        }
        start = resolved("initializer", given.get("initializer") or "glorot_uniform")
        return Weight(given.get("shape") or (), start, given.get("name"), **rules)

    @property
    def trainable_weights(self) -> list[Any]:
        """Copies of the weights that training changes; ``build`` may state them here, as in Keras 1."""
        return super().trainable_weights

    @trainable_weights.setter
    def trainable_weights(self, value: Sequence[Weight]) -> None:
        self._stated = tuple(value)

    def get_config(self) -> dict[str, Any]:
        """Name and whether it is trained; its own parameters are for subclasses to add."""
        return {"name": self.name, "trainable": self.trainable}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.node or self.given_name}>"

    # -- the formula -----------------------------------------------------------------------------

    @property
    def declaration(self) -> Declaration:
        """The formula, made when it is first asked for."""
        if self._formula is None:
            self._formula = self._written()
        return self._formula

    @declaration.setter
    def declaration(self, value: Declaration) -> None:
        """The base class hands over a formula of no use here."""

    def connect(self, inputs: Symbol | Sequence[Symbol], path: tuple[Network, ...] = ()) -> Call:
        """Call the layer; the first call shows how many inputs it has."""
        count = len(inputs) if isinstance(inputs, (list, tuple)) else 1
        if count != self._count and not self.calls:
            self._count, self._formula = count, None
        return super().connect(inputs, path)

    def __getattr__(self, name: str) -> Any:
        if name in BEGUN:
            raise UsageError(
                f"{type(self).__name__}.__init__ does not call that of Layer. Write super().__init__(**kwargs) in it."
            )
        raise AttributeError(f"'{type(self).__name__}' has no attribute '{name}'", name=name, obj=self)

    def _written(self) -> Declaration:
        """Run ``call`` for inputs of three axes, or of one where it wants that; sizes must not matter."""
        try:
            return self._alike([(None, *sizes) for sizes in SIZES])
        except ParameterError:
            return self._alike([(None, sizes[-1]) for sizes in SIZES])

    def _alike(self, shapes: Sequence[tuple[Any, ...]]) -> Declaration:
        first, second = (self._for_shape(shape) for shape in shapes)
        if first != second:
            raise UsageError(
                f"{type(self).__name__} computes with the size of its input, which a formula cannot do. Give the "
                "number as a parameter instead."
            )
        return first

    def _for_shape(self, shape: tuple[Any, ...]) -> Declaration:
        several = self._count > 1
        names = tuple(f"x{place}" for place in range(1, self._count + 1)) if several else ("x",)

        def run(x: Any) -> Any:
            self.build([shape] * self._count if several else shape)
            return self.call(x)

        run.__name__ = f"{type(self).__name__}.call"
        return self._declared(trace(run, names, packed=several), names, shape)

    def _declared(self, found: Found, names: tuple[str, ...], shape: tuple[Any, ...]) -> Declaration:
        if found.over:
            raise UsageError(
                f"{type(self).__name__} ends in a {found.over}, but a layer of a formula keeps the shape of its input. "
                "Use a pooling layer, or Dense."
            )
        trained, taken, called = [], set(names), dict[str, str]()
        for used, made_weight in found.used.items():
            weight = made_weight.__dict__
            name = called[used] = _named(weight["wanted"], taken)
            taken.add(name)
            kind = self._kind_of(weight["given"], shape)
            trained.append({"type": "Trained", "name": name, "shape": kind, "initializer": weight["initializer"]})
            trained[-1] |= weight["more"]
        text = renamed(found.text, called)
        made: Declaration = self.layer_class(expression=text, names=names, trained=tuple(trained))
        return made

    def _kind_of(self, given: tuple[Any, ...], shape: tuple[Any, ...]) -> str:
        if given == shape[1:]:
            return "input"
        if given == shape[-1:]:
            return "channel"
        if all(size == 1 for size in given):
            return "scalar"
        raise ParameterError(
            "Expression", "trained",
            f"a weight of {type(self).__name__} must have the shape of the input (input_shape[1:]), of its last axis "
            f"(input_shape[-1:]) or (1,); received {given}",
        )  # fmt: skip


def _named(wanted: str | None, taken: set[str]) -> str:
    if wanted is not None and is_name(wanted) and wanted not in taken:
        return wanted
    return next(name for name in (f"a{number}" for number in range(1, 99)) if name not in taken)


class Lambda(Layer):
    """y = function(x): a Python function as a layer, turned into a formula.

    Args:
        function: of one value, or of a list of them; it may use operators and ``engine.backend``.
        output_shape: taken for Keras's sake; a formula keeps the shape of its input.
        mask: likewise.
        arguments: further arguments of the function, by name.
        **kwargs: as any layer.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if not callable(function):
            raise UsageError(f"Lambda needs a Python function of x; received {type(function).__name__}.")
        self._function, self._arguments = function, dict(arguments or {})
        super().__init__(**kwargs)

    def call(self, inputs: Any) -> Any:
        """What the function computes."""
        return self._function(inputs, **self._arguments)
