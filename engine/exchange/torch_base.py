"""How values, layers and weights are written into a PyTorch module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.component import Component
from engine.exchange.parcel import Array, Parcel
from engine.exchange.python_text import Formulas, file_names, free_names, fresh, is_chain, remark, shape_comment
from engine.exchange.torch_names import FILE, MODULE, SPELLING
from engine.graph import Node
from engine.tensor_spec import TensorSpec

#: Longest expression that may stand within another.
LONGEST = 70


@dataclass(frozen=True)
class Tensor:
    """A value of the program.

    Attributes:
        code: an expression for it that may stand before a dot.
        shape: of one sample, as the engine has it (channels last).
        first: laid out as (batch, channels, ...) instead.
    """

    code: str
    shape: tuple[int, ...]
    first: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """Where each axis of the engine's layout lies in this one."""
        rank = len(self.shape) + 1
        return (0, *range(2, rank), 1) if self.first else tuple(range(rank))

    @property
    def laid_out(self) -> tuple[int, ...]:
        """The shape of one sample as it lies."""
        return (self.shape[-1], *self.shape[:-1]) if self.first else self.shape


class TorchBase:
    """What an emitter for PyTorch does around the operations.

    Pictures are (samples, channels, height, width), at the borders and within, as PyTorch's layers want them. Other
    tensors keep the engine's layout, and are turned where a layer needs it.

    Attributes:
        members: lines that make the layers.
        lines: of ``forward``, without indentation.
        arrays: the weights under their names in the state_dict.
        formulas: functions of activations without a name in PyTorch.
        cells: modules that PyTorch has no layers for, by the name of the class.
        files: what inputs and outputs are called in files, by node.
        inputs, outputs: expression and name in files of each.
        probabilities: softmax is the last step of an output.
        pictures: an input or output is a picture.
    """

    def __init__(self, parcel: Parcel, class_name: str) -> None:
        self.files, self._names = file_names(parcel), free_names(parcel, (*FILE, *MODULE, class_name))
        self.members: list[str] = []
        self.lines: list[str] = []
        self.arrays: dict[str, Array] = {}
        self.formulas = Formulas(SPELLING, {*FILE, class_name, *self._names.values()})
        self.cells: dict[str, str] = {}
        self.inputs: list[tuple[str, str]] = []
        self.outputs: list[tuple[str, str]] = []
        self.probabilities = self.pictures = False
        self.specs: tuple[TensorSpec, ...] = ()
        self._chain = is_chain(parcel.graph)
        self._weights: Mapping[str, npt.NDArray[Any]] = {}
        self._node: Node | None = None
        self._members: set[str] = set()
        self._kept: set[str] = {*FILE, *MODULE, class_name, *self._names.values()}
        self._made: dict[str, list[tuple[str, str]]] = {}  # by owner of weights: what made each member, and its name
        self._again: list[tuple[str, str]] = []
        self._variable = self._expression = ""

    # -- the walk --------------------------------------------------------------------------

    def source(self, node: Node, name: str, spec: TensorSpec) -> Tensor:
        """Take an argument; pictures come with their channels first."""
        variable = "x" if self._chain else self._names[node.id]
        self.inputs.append((variable, self.files[node.id]))
        x = Tensor(variable, spec.sizes, first=_is_picture(spec))
        self.pictures |= x.first
        self.lines.append(f"# {variable}: {shape_comment(x.laid_out)}")
        return x

    def enter(
        self, node: Node, name: str, specs: tuple[TensorSpec, ...], weights: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """Begin a layer."""
        self.specs, self._weights, self._node = specs, weights, node
        self._again = list(self._made.setdefault(node.shares or node.id, []))
        self._variable, self._expression = "x" if self._chain else self._names[node.id], ""
        if node.label and node.label != name:
            self.lines.append(remark(node, name))

    def result(self, node: Node, name: str, value: Tensor, spec: TensorSpec) -> None:
        """Return a value; pictures leave with their channels first."""
        x = self._first(value) if _is_picture(spec) else self._last(value)
        activation = getattr(node.layer, "activation", None)
        self.probabilities |= isinstance(activation, Component) and activation.key == "softmax"
        self.pictures |= _is_picture(spec)
        self.outputs.append((x.code, self.files[node.id]))

    # -- layouts and lines -----------------------------------------------------------------

    def _last(self, x: Tensor) -> Tensor:
        """The tensor with channels last."""
        return Tensor(f"{x.code}.movedim(1, -1)", x.shape) if x.first else x

    def _first(self, x: Tensor) -> Tensor:
        """The tensor with channels right after the batch."""
        return x if x.first or len(x.shape) < 2 else Tensor(f"{x.code}.movedim(-1, 1)", x.shape, first=True)

    def _alike(self, xs: Sequence[Tensor]) -> list[Tensor]:
        return [self._first(x) for x in xs] if any(x.first for x in xs) else list(xs)

    def _put(self, expression: str, shape: tuple[int, ...], first: bool = False) -> Tensor:
        """Assign to the layer's variable."""
        self._expression = expression
        found = Tensor(self._variable, shape, first)
        self.lines.append(f"{self._variable} = {expression}  # {shape_comment(found.laid_out)}")
        return found

    def _aside(self, expression: str, shape: tuple[int, ...], first: bool = False) -> Tensor:
        """Assign to a variable beside the layer's own."""
        name = fresh(f"{self._variable}_kept", self._kept)
        self._kept.add(name)
        self.lines.append(f"{name} = {expression}")
        self._expression = ""
        return Tensor(name, shape, first)

    def _taken_back(self, x: Tensor) -> str:
        """What this layer assigned last, to stand within a longer expression; softmax gets a line of its own."""
        if x.code != self._variable or not self._expression or len(self._expression) > LONGEST:
            return x.code
        self.lines.pop()
        return self._expression

    def _member(self, made: str, arrays: Mapping[str, Array]) -> str:
        """Make a layer of PyTorch with these weights, or take that of one that shares them; how it is called."""
        assert self._node is not None
        if known := self._known(made):
            return known
        name = fresh(self._names[self._node.id], self._members)
        self._members.add(name)
        self.members.append(f"self.{name} = {made}")
        self.arrays |= {f"{name}.{key}": np.ascontiguousarray(values) for key, values in arrays.items()}
        return self._keep(made, name)

    def _known(self, made: str) -> str:
        """How a member is called up that a layer made which shares the weights; empty when there is none."""
        found = next((place for place, (before, _) in enumerate(self._again) if before == made), None)
        return "" if found is None else f"self.{self._again.pop(found)[1]}"

    def _keep(self, made: str, name: str) -> str:
        assert self._node is not None
        self._made[self._node.shares or self._node.id].append((made, name))
        return f"self.{name}"

    def _parameter(self, weight: str, constant: Array | None = None) -> str:
        """Keep a weight (or numbers that no training changes) outside of any layer; returns how it is called up."""
        assert self._node is not None
        if known := self._known(weight):
            return known
        name = fresh(f"{self._names[self._node.id]}_{weight}", {*self._members, *MODULE, *FILE, *self._names.values()})
        self._members.add(name)
        values = np.ascontiguousarray(self._weights[weight] if constant is None else constant, np.float32)
        empty, fixed = f"torch.empty({values.shape})", constant is not None
        self.members.append(
            f'self.register_buffer("{name}", {empty})' if fixed else f"self.{name} = nn.Parameter({empty})"
        )
        self.arrays[name] = values
        return self._keep(weight, name)


def _is_picture(spec: TensorSpec) -> bool:
    return len(spec.shape) == 3


def without(bias: str | None) -> str:
    """What says that a layer has no bias."""
    return ", bias=False" if bias is None else ""


def brief(sizes: tuple[int, ...]) -> str:
    """One number where all are equal."""
    return repr(sizes[0] if len(set(sizes)) == 1 else sizes)
