"""A layer inside a layer: the lane that it sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from engine.catalogue.layers.base import Array, Kernel, Lane
from engine.component import Component
from engine.tensor_spec import Shape, TensorSpec


@dataclass
class InnerLane:
    """Another lane's calls and memory under a name of its own, with other arrays.

    Attributes:
        outer: the lane of the wrapping layer.
        prefix: begins the names of weights and memory.
        specs: what enters the wrapped layer.
        x: likewise, as arrays.
        y: what leaves it.
        dx: gradients by x, where wanted.
        dy: gradients by y.
        times: how many of its samples one row of the outer lane holds.
        masks: masks of x.
    """

    outer: Lane
    prefix: str
    specs: tuple[TensorSpec, ...]
    x: tuple[Array, ...]
    y: tuple[Array, ...]
    dx: tuple[Array | None, ...] = ()
    dy: tuple[Array, ...] = ()
    times: int = 1
    masks: tuple[Array | None, ...] = ()
    mask_out: tuple[Array | None, ...] = ()
    paired: bool = False
    weights: Mapping[str, Array] = field(init=False)
    gradients: Mapping[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        outer, start = self.outer, len(self.prefix)
        self.weights, self.gradients = (
            {name[start:]: array for name, array in given.items() if name.startswith(self.prefix)}
            for given in (outer.weights, outer.gradients)
        )
        self.masks = self.masks or tuple(None for _ in self.x)
        self.mask_out = self.mask_out or tuple(None for _ in self.y)
        self.rows, self.first, self.batch = (self.times * n for n in (outer.rows, outer.first, outer.batch))
        self.shard, self.shards, self.dtype, self.clock = outer.shard, outer.shards, outer.dtype, outer.clock
        self.training, self.keeps, self.frozen = outer.training, outer.keeps, outer.frozen
        self.carries = outer.carries
        # Layers side by side in one wrapper must not draw the same numbers.
        self.number = outer.number ^ crc32(self.prefix.encode())

    def call(self, kernel: Kernel, *args: Any) -> None:
        """As the outer lane's."""
        self.outer.call(kernel, *args)

    def join(self) -> None:
        """As the outer lane's."""
        self.outer.join()

    def buffer(self, name: str, shape: Shape, dtype: Any = None) -> Array:
        """As many rows as the wrapped layer sees."""
        sizes = tuple(int(n or 0) for n in shape)
        memory = self.outer.buffer(f"{self.prefix}{name}", (self.times, *sizes), dtype)
        return memory.reshape(self.rows, *sizes)

    def scratch(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """Working memory, the wrapper's own apart."""
        return self.outer.scratch(f"inner {name}", shape, dtype)

    def shared(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """As the outer lane's, by a name of its own."""
        return self.outer.shared(f"{self.prefix}{name}", shape, dtype)

    def carried(self, name: str, shape: Shape) -> Array:
        """As the outer lane's, for all that the wrapped layer sees."""
        sizes = tuple(int(n or 0) for n in shape)
        memory = self.outer.carried(f"{self.prefix}{name}", sizes if self.times == 1 else (self.times, *sizes))
        return memory.reshape(self.rows, *sizes)

    def partial(self, weight: str) -> Array:
        """As the outer lane's."""
        return self.outer.partial(f"{self.prefix}{weight}")

    def activate(self, activation: Component, x: Array, y: Array) -> None:
        """As the outer lane's."""
        self.outer.activate(activation, x, y)

    def activate_backward(self, activation: Component, x: Array, y: Array, dy: Array, dx: Array) -> None:
        """As the outer lane's."""
        self.outer.activate_backward(activation, x, y, dy, dx)

    def copy(self, source: Array, target: Array) -> None:
        """As the outer lane's."""
        self.outer.copy(source, target)

    def keeps_input(self, activation: Component) -> bool:
        """As the outer lane's."""
        return self.outer.keeps_input(activation)

    def number_of(self, value: float) -> Any:
        """As the outer lane's."""
        return self.outer.number_of(value)

    def blocks(self, weight: str, rows_per_block: int) -> Iterator[slice]:
        """As the outer lane's."""
        return self.outer.blocks(f"{self.prefix}{weight}", rows_per_block)

    def task(self) -> None:
        """As the outer lane's."""
        self.outer.task()
