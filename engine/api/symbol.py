"""Tensors that do not exist yet, and the calls of layers that will make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from engine.api.handle import LayerHandle
    from engine.api.network import Network


@dataclass(frozen=True, eq=False)
class Call:
    """One use of a layer; a layer that is called twice uses its weights twice.

    Attributes:
        handle: the layer.
        arriving: what it was called on.
        specs: shapes of its outputs without the batch.
        path: the models through which it was called, the outermost first; empty when it was called itself.
    """

    handle: LayerHandle
    arriving: tuple[Symbol, ...]
    specs: tuple[TensorSpec, ...]
    path: tuple[Network, ...] = ()

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Its outputs."""
        return tuple(Symbol(self, port) for port in range(len(self.specs)))


@dataclass(frozen=True, eq=False)
class Symbol:
    """An output of a call.

    Attributes:
        call: what makes it.
        port: which of the outputs it is.
    """

    call: Call
    port: int = 0

    @property
    def handle(self) -> LayerHandle:
        """The layer that makes it."""
        return self.call.handle

    @property
    def spec(self) -> TensorSpec:
        """Shape without the batch."""
        return self.call.specs[self.port]

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Shape with the batch axis first, as Keras shows it."""
        return (None, *self.spec.shape)

    @property
    def dtype(self) -> str:
        """Element type."""
        return self.spec.dtype


def one_or_all(symbols: tuple[Symbol, ...]) -> Symbol | list[Symbol]:
    """A single symbol as it is, several as a list: what Keras returns."""
    return symbols[0] if len(symbols) == 1 else list(symbols)


def shapes_of(symbols: Sequence[Symbol]) -> Any:
    """The shape of a single symbol, or a list of those of several."""
    shapes = [symbol.shape for symbol in symbols]
    return shapes[0] if len(shapes) == 1 else shapes
